//! Finds rows that only moved up or down, so that the terminal can move them instead of drawing them again.

use super::grid::Grid;

/// Rows `top..bottom` move up by `by`, down if negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) by: isize,
}

/// The shift that saves most cells, if any does; whether it pays in bytes is for the caller to try.
pub(super) fn find(shown: &Grid, wanted: &Grid) -> Option<Shift> {
    let rows = wanted.height;
    let old: Vec<_> = (0..rows).map(|y| shown.hash(y)).collect();
    let new: Vec<_> = (0..rows).map(|y| wanted.hash(y)).collect();
    let first = (0..rows).find(|y| old[*y] != new[*y])?;
    let last = (0..rows).rfind(|y| old[*y] != new[*y])?;
    if last - first < 2 {
        return None;
    }
    let weights: Vec<_> = (0..rows).map(|y| wanted.tail(y) as isize).collect();
    let reach = (last - first) as isize;
    let shifts = (1..=reach).flat_map(|by| [by, -by]);
    let best = shifts.filter_map(|by| best_region(&old, &new, &weights, by)).max_by_key(|(saved, _)| *saved);
    best.map(|(_, shift)| shift)
}

/// The stretch of rows that gains most by one shift: moved rows count for it, rows that already stand right against it.
fn best_region(old: &[u64], new: &[u64], weights: &[isize], by: isize) -> Option<(isize, Shift)> {
    let (mut best, mut run, mut start): (Option<(isize, usize, usize)>, isize, usize) = (None, 0, 0);
    for y in 0..new.len() {
        let moved = y.checked_add_signed(by).and_then(|from| old.get(from)) == Some(&new[y]);
        let stood = old[y] == new[y];
        run += match (moved, stood) {
            (true, false) => weights[y],
            (false, true) => -weights[y],
            _ => 0,
        };
        if run <= 0 {
            (run, start) = (0, y + 1);
        } else if best.is_none_or(|(saved, ..)| run > saved) {
            best = Some((run, start, y + 1));
        }
    }
    let (saved, start, end) = best?;
    let beyond = by.unsigned_abs();
    let (top, bottom) = if by > 0 { (start, (end + beyond).min(new.len())) } else { (start.checked_sub(beyond)?, end) };
    Some((saved, Shift { top, bottom, by }))
}

//! Finds rows that only moved up or down, so that the terminal can move them instead of drawing them again.

use crate::cells::{Grid, Sign};

/// Rows `top..bottom` move up by `by`, down if negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) by: isize,
}

/// Bytes of a shift with its margins, as cells that could be sent instead.
const COST: usize = 18;

impl Shift {
    /// Whether fewer cells differ after it. Rows that moved only in part, as beside a list that stands, lose by it.
    pub(super) fn pays(self, shown: &Grid, wanted: &Grid) -> bool {
        let blank = vec![Sign::BLANK; wanted.width];
        let (mut drawn, mut shifted) = (0, COST);
        for y in self.top..self.bottom {
            let from = y.checked_add_signed(self.by).filter(|from| (self.top..self.bottom).contains(from));
            drawn += wanted.differing(y, shown.row(y));
            shifted += wanted.differing(y, from.map_or(&blank, |from| shown.row(from)));
        }
        shifted < drawn
    }
}

/// The shift that saves most rows, if any does.
pub(super) fn find(shown: &Grid, wanted: &Grid) -> Option<Shift> {
    let differ = |y: &usize| shown.row(*y) != wanted.row(*y);
    let first = (0..wanted.height).find(differ)?;
    let last = (0..wanted.height).rfind(differ)?;
    if last - first < 2 {
        return None;
    }
    // What stands above and below it did not move, and nothing moved there.
    let rows = first..last + 1;
    let old: Vec<_> = rows.clone().map(|y| shown.hash(y)).collect();
    let new: Vec<_> = rows.clone().map(|y| wanted.hash(y)).collect();
    let weights: Vec<_> = rows.map(|y| wanted.tail(y) as isize).collect();
    let reach = (last - first) as isize;
    let shifts = (1..=reach).flat_map(|by| [by, -by]);
    let best = shifts.filter_map(|by| best_region(&old, &new, &weights, by)).max_by_key(|(saved, _)| *saved);
    best.map(|(_, Shift { top, bottom, by })| Shift { top: top + first, bottom: bottom + first, by })
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

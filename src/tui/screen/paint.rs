//! Turns one screen into another: the bytes that change what is shown into what is wanted.

use std::fmt::Write as _;

use super::pen::{Place, change, go};
use super::shift::Shift;
use crate::cells::{Clusters, Grid, Pen, Sign};

/// Unchanged bytes that are cheaper to send again than to jump over.
const BRIDGE: usize = 4;
/// Bytes that erase the rest of a row: fewer blanks are sent as such.
const ERASE: usize = 3;

/// Bytes so far and the state they leave the terminal in.
#[derive(Clone, Debug)]
pub(super) struct Paint<'a> {
    pub(super) bytes: String,
    pub(super) place: Place,
    pen: Pen,
    clusters: &'a Clusters,
}

impl<'a> Paint<'a> {
    pub(super) fn new(place: Place, clusters: &'a Clusters) -> Self {
        Self { bytes: String::with_capacity(4096), place, pen: Pen::PLAIN, clusters }
    }

    /// Resets the style and erases the whole screen.
    pub(super) fn clear(&mut self) {
        self.bytes.push_str("\x1b[m\x1b[H\x1b[2J");
        (self.pen, self.place) = (Pen::PLAIN, Some((0, 0)));
    }

    /// Moves rows on the terminal; the margins are back at the screen's edges after it.
    pub(super) fn shift(&mut self, shift: Shift, height: usize) {
        let Shift { top, bottom, by } = shift;
        let count = if by.unsigned_abs() == 1 { String::new() } else { by.unsigned_abs().to_string() };
        let way = if by > 0 { 'S' } else { 'T' };
        if top == 0 && bottom == height {
            let _ = write!(self.bytes, "\x1b[{count}{way}");
        } else {
            let _ = write!(self.bytes, "\x1b[{};{bottom}r\x1b[{count}{way}\x1b[r", top + 1);
            self.place = Some((0, 0));
        }
    }

    /// Draws all rows that differ and leaves the style plain.
    pub(super) fn rows(&mut self, shown: &Grid, wanted: &Grid) {
        for y in 0..wanted.height {
            self.row(shown.row(y), wanted, y);
        }
        change(&mut self.pen, Pen::PLAIN, &mut self.bytes);
    }

    fn row(&mut self, old: &[Sign], wanted: &Grid, y: usize) {
        let new = wanted.row(y);
        let Some(mut x) = old.iter().zip(new).position(|(old, new)| old != new) else { return };
        while x > 0 && new[x] == Sign::COVERED {
            x -= 1;
        }
        let tail = wanted.tail(y);
        let stale = old[tail..].iter().rposition(|sign| *sign != Sign::BLANK).map_or(0, |last| last + 1);
        let drawn = if stale > ERASE { tail } else { tail + stale };
        let mut forced = 0;
        while x < drawn {
            let end = after(new, x);
            if x < forced || old[x..end] != new[x..end] {
                let spill = self.glyph(new, x, y, end);
                forced = forced.max(spill);
                if self.place == Some((end, y)) {
                    x = self.run(old, new, end, drawn);
                    self.place = Some((x, y));
                    continue;
                }
            }
            x = end;
        }
        if drawn < tail + stale || forced > drawn {
            self.erase_tail(drawn, y);
        }
    }

    /// Goes on with plain characters in the style that is set, up to the first that already stands there; gives the column after them.
    fn run(&mut self, old: &[Sign], new: &[Sign], from: usize, to: usize) -> usize {
        let mut x = from;
        while x < to {
            let end = after(new, x);
            let Some(plain) = new[x].character().filter(|_| new[x].pen == self.pen && old[x..end] != new[x..end])
            else {
                break;
            };
            self.bytes.push(plain);
            x = end;
        }
        x
    }

    /// Draws one sign; gives the column up to which a terminal may have drawn over its neighbours.
    fn glyph(&mut self, row: &[Sign], x: usize, y: usize, end: usize) -> usize {
        let sign = row[x];
        self.approach(row, x, y);
        change(&mut self.pen, sign.pen, &mut self.bytes);
        let Some(reach) = self.clusters.disputed_reach(sign) else {
            self.clusters.push(sign, &mut self.bytes);
            self.place = Some((end, y));
            return 0;
        };
        let _ = write!(self.bytes, "\x1b[{}X", end - x);
        self.clusters.push(sign, &mut self.bytes);
        self.place = None;
        (x + reach).min(row.len())
    }

    /// Goes to a cell, over a few unchanged ones in the same style by sending them again.
    fn approach(&mut self, signs: &[Sign], x: usize, y: usize) {
        if let Some((from, row)) = self.place
            && row == y
            && from < x
            // A cell is a byte or more, or stands behind a wide one.
            && x - from <= BRIDGE
        {
            let gap = &signs[from..x];
            let plain = |sign: Sign| sign.pen == self.pen && self.clusters.disputed_reach(sign).is_none();
            let same = gap.iter().all(|sign| *sign == Sign::COVERED || plain(*sign));
            let bytes: usize = gap.iter().map(|sign| self.clusters.len(*sign)).sum();
            if bytes <= BRIDGE && same && gap[0] != Sign::COVERED {
                gap.iter().for_each(|sign| self.clusters.push(*sign, &mut self.bytes));
                self.place = Some((x, y));
            }
        }
        go(self.place, x, y, &mut self.bytes);
        self.place = Some((x, y));
    }

    fn erase_tail(&mut self, x: usize, y: usize) {
        go(self.place, x, y, &mut self.bytes);
        change(&mut self.pen, Pen::PLAIN, &mut self.bytes);
        self.bytes.push_str("\x1b[K");
        self.place = Some((x, y));
    }
}

/// The column after the sign at `x`.
fn after(row: &[Sign], x: usize) -> usize {
    x + 1 + row[x + 1..].iter().take_while(|sign| **sign == Sign::COVERED).count()
}

//! A screen in memory: rows of signs in which the cells behind a wide one are marked as covered.

use super::sign::Sign;

/// Rows of signs, and a quick hash of each.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Cells of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    cells: Vec<Sign>,
    hashes: Vec<u64>,
}

impl Grid {
    /// All blank.
    #[must_use]
    pub fn blank(width: usize, height: usize) -> Self {
        let cells = vec![Sign::BLANK; width * height];
        let hashes = vec![hash(&cells[..width.min(cells.len())]); height];
        Self { width, height, cells, hashes }
    }

    /// Blank again.
    pub fn erase(&mut self) {
        *self = Self::blank(self.width, self.height);
    }

    /// One row.
    #[must_use]
    pub fn row(&self, y: usize) -> &[Sign] {
        &self.cells[y * self.width..(y + 1) * self.width]
    }

    /// The row, if there is one, to be drawn on; [`seal`](Self::seal) follows.
    pub(super) fn row_mut(&mut self, y: usize) -> Option<&mut [Sign]> {
        self.cells.get_mut(y * self.width..(y + 1) * self.width)
    }

    /// Takes the rows as they are: comparing them is quick from now on.
    pub fn seal(&mut self) {
        for (kept, row) in self.hashes.iter_mut().zip(self.cells.chunks(self.width.max(1))) {
            *kept = hash(row);
        }
    }

    /// Column after which the row is erased to its end.
    #[must_use]
    pub fn tail(&self, y: usize) -> usize {
        self.row(y).iter().rposition(|sign| *sign != Sign::BLANK).map_or(0, |last| last + 1)
    }

    /// A quick hash of a row. Two rows that share one cost bytes and nothing else: rows are compared before they are sent.
    #[must_use]
    pub fn hash(&self, y: usize) -> u64 {
        self.hashes[y]
    }

    /// Cells in which a row differs from another.
    #[must_use]
    pub fn differing(&self, y: usize, other: &[Sign]) -> usize {
        self.row(y).iter().zip(other).filter(|(a, b)| a != b).count()
    }

    /// Moves rows `top..bottom` up by `by` (down if negative); rows that come in are blank. The hashes stay behind.
    pub fn shift(&mut self, top: usize, bottom: usize, by: isize) {
        let width = self.width;
        let region = &mut self.cells[top * width..bottom * width];
        let count = (by.unsigned_abs() * width).min(region.len());
        let kept = region.len() - count;
        if by > 0 {
            region.copy_within(count.., 0);
            region[kept..].fill(Sign::BLANK);
        } else {
            region.copy_within(..kept, count);
            region[..count].fill(Sign::BLANK);
        }
    }
}

/// In lanes, so that no sign waits for the one before.
fn hash(row: &[Sign]) -> u64 {
    let mix = |sum: u64, n: u64| (sum.rotate_left(5) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut lanes = [0; 4];
    for signs in row.chunks(lanes.len()) {
        for (lane, sign) in lanes.iter_mut().zip(signs) {
            let [a, b] = sign.words();
            *lane = mix(*lane, a ^ b.rotate_left(32));
        }
    }
    let sum = lanes.into_iter().fold(0, mix);
    sum ^ (sum >> 32)
}

impl PartialEq for Grid {
    fn eq(&self, other: &Self) -> bool {
        self.width == other.width && self.hashes == other.hashes && self.cells == other.cells
    }
}

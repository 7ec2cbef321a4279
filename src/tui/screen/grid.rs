//! A screen in memory: rows of signs in which the cells behind a wide one are marked as covered.

use ratatui::buffer::Buffer;

use super::sign::{Clusters, Sign};

#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) width: usize,
    pub(super) height: usize,
    cells: Vec<Sign>,
}

impl Grid {
    pub(super) fn blank(width: usize, height: usize) -> Self {
        Self { width, height, cells: vec![Sign::BLANK; width * height] }
    }

    pub(super) fn erase(&mut self) {
        self.cells.fill(Sign::BLANK);
    }

    pub(super) fn row(&self, y: usize) -> &[Sign] {
        &self.cells[y * self.width..(y + 1) * self.width]
    }

    /// Becomes what a frame of the same size shows; of cells behind a wide sign nothing is shown.
    pub(super) fn take(&mut self, frame: &Buffer, clusters: &mut Clusters) {
        let cells = frame.content();
        for (row, from) in self.cells.chunks_mut(self.width.max(1)).zip(cells.chunks(self.width.max(1))) {
            let mut x = 0;
            while x < row.len() {
                let (sign, cells) = clusters.sign(&from[x], row.len() - x);
                row[x] = sign;
                row[x + 1..x + cells].fill(Sign::COVERED);
                x += cells;
            }
        }
    }

    /// Column after which the row is erased to its end.
    pub(super) fn tail(&self, y: usize) -> usize {
        self.row(y).iter().rposition(|sign| *sign != Sign::BLANK).map_or(0, |last| last + 1)
    }

    /// A quick hash of a row. Two rows that share one cost bytes and nothing else: rows are compared before they are sent.
    pub(super) fn hash(&self, y: usize) -> u64 {
        let mix = |sum: u64, n: u64| (sum.rotate_left(5) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let sum = self.row(y).iter().flat_map(|sign| sign.words()).fold(0, mix);
        sum ^ (sum >> 32)
    }

    /// Moves rows `top..bottom` up by `by` (down if negative); rows that come in are blank.
    pub(super) fn shift(&mut self, top: usize, bottom: usize, by: isize) {
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

impl PartialEq for Grid {
    fn eq(&self, other: &Self) -> bool {
        self.width == other.width && self.cells == other.cells
    }
}

//! A screen in memory: rows of cells in which the cells behind a wide sign are marked as covered.

use std::hash::{Hash, Hasher};

use ratatui::buffer::Cell;

use super::filter::{Palette, tame};

/// Stands behind a wide sign.
pub(super) const COVERED: Cell = Cell::new("");

pub(super) fn covered(cell: &Cell) -> bool {
    cell.symbol().is_empty()
}

/// A blank without any style: what erasing leaves.
pub(super) fn erased(cell: &Cell) -> bool {
    *cell == Cell::EMPTY || (cell.symbol() == " " && super::Pen::of(cell) == super::Pen::PLAIN)
}

#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) width: usize,
    pub(super) height: usize,
    cells: Vec<Cell>,
}

impl Grid {
    pub(super) fn blank(width: usize, height: usize) -> Self {
        Self { width, height, cells: vec![Cell::new(" "); width * height] }
    }

    pub(super) fn erase(&mut self) {
        self.cells.fill(Cell::new(" "));
    }

    pub(super) fn row(&self, y: usize) -> &[Cell] {
        &self.cells[y * self.width..(y + 1) * self.width]
    }

    pub(super) fn row_mut(&mut self, y: usize) -> &mut [Cell] {
        &mut self.cells[y * self.width..(y + 1) * self.width]
    }

    /// Puts a cell that may be sent; gives the column after it. Signs it overlaps fall back to blanks.
    pub(super) fn put(&mut self, x: usize, y: usize, cell: &Cell, palette: Palette) -> usize {
        let (cell, cells) = tame(cell, self.width - x, palette);
        let row = self.row_mut(y);
        if covered(&row[x]) {
            let head = (0..x).rev().find(|at| !covered(&row[*at])).unwrap_or(0);
            row[head..x].fill(Cell::new(" "));
        }
        let end = x + cells;
        row[x] = cell;
        row[x + 1..end].fill(COVERED);
        row[end..].iter_mut().take_while(|cell| covered(cell)).for_each(|cell| *cell = Cell::new(" "));
        end
    }

    /// Becomes a grid of the same size; rows that are alike are left alone.
    pub(super) fn follow(&mut self, other: &Self) {
        for y in 0..self.height {
            if self.row(y) != other.row(y) {
                self.row_mut(y).clone_from_slice(other.row(y));
            }
        }
    }

    /// Column after which the row is erased to its end.
    pub(super) fn tail(&self, y: usize) -> usize {
        self.row(y).iter().rposition(|cell| !erased(cell)).map_or(0, |last| last + 1)
    }

    pub(super) fn hash(&self, y: usize) -> u64 {
        let mut hasher = Mix(0);
        self.row(y).hash(&mut hasher);
        hasher.finish()
    }

    /// Moves rows `top..bottom` up by `by` (down if negative); rows that come in are blank.
    pub(super) fn shift(&mut self, top: usize, bottom: usize, by: isize) {
        let width = self.width;
        let region = &mut self.cells[top * width..bottom * width];
        let count = (by.unsigned_abs() * width).min(region.len());
        let kept = region.len() - count;
        if by > 0 {
            region.rotate_left(count);
            region[kept..].fill(Cell::new(" "));
        } else {
            region.rotate_right(count);
            region[..count].fill(Cell::new(" "));
        }
    }
}

impl PartialEq for Grid {
    fn eq(&self, other: &Self) -> bool {
        self.width == other.width && self.cells == other.cells
    }
}

/// A quick hash for rows. Two rows that share one cost bytes and nothing else: rows are compared before they are sent.
struct Mix(u64);

impl Mix {
    fn add(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.add(n.into());
    }

    fn write_u16(&mut self, n: u16) {
        self.add(n.into());
    }

    fn write_isize(&mut self, n: isize) {
        self.add(n as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

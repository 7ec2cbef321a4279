//! A screen in memory: rows of cells in which the cells behind a wide sign are marked as covered.

use std::hash::{DefaultHasher, Hash, Hasher};

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

    /// Column after which the row is erased to its end.
    pub(super) fn tail(&self, y: usize) -> usize {
        self.row(y).iter().rposition(|cell| !erased(cell)).map_or(0, |last| last + 1)
    }

    pub(super) fn hash(&self, y: usize) -> u64 {
        let mut hasher = DefaultHasher::new();
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

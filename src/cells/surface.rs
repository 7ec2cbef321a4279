//! What is drawn on: signs and the table that says what they mean. Rows are never left with half a wide sign.

use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};

use super::{Clusters, Grid, Palette, Pen, Sign};
use crate::text;

/// A screen in memory, from its upper left corner.
#[derive(Debug)]
pub struct Surface {
    pub(crate) grid: Grid,
    pub(crate) clusters: Clusters,
}

impl Surface {
    /// A blank one of `width` by `height` cells.
    #[must_use]
    pub fn new(width: u16, height: u16, palette: Palette) -> Self {
        Self { grid: Grid::blank(width.into(), height.into()), clusters: Clusters::new(palette) }
    }

    /// Another size, and blank.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.grid = Grid::blank(width.into(), height.into());
    }

    /// Cells of a row.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.grid.width as u16
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> u16 {
        self.grid.height as u16
    }

    /// Tells tables of clusters apart: signs that were copied mean the same only while this is the same.
    #[must_use]
    pub fn meaning(&self) -> u64 {
        self.clusters.id()
    }

    /// Writes words from a cell to before column `end`, over the style that stands there; gives the column after them.
    /// What has no room in whole is left out.
    pub fn text(&mut self, x: u16, y: u16, end: u16, words: &str, style: Style) -> u16 {
        let (mut at, end) = (usize::from(x), usize::from(end).min(self.grid.width));
        let patch = self.clusters.patch(style);
        let Some(row) = self.grid.row_mut(y.into()) else { return x };
        for (cluster, cells) in text::clusters(words) {
            if cells == 0 {
                continue;
            }
            let next = at + cells;
            if next > end {
                break;
            }
            free(row, at, next);
            let pen = row[at].pen.patched(patch);
            let (text, taken) = self.clusters.text(cluster, row.len() - at);
            // A terminal that cannot show all of it gets a narrower sign, and none that is wider.
            let shown = if taken > cells { at + 1 } else { at + taken };
            row[at] = if taken > cells { Sign::blank(pen) } else { Sign::new(text, pen) };
            row[at + 1..shown].fill(Sign::COVERED);
            row[shown..next].fill(Sign::blank(pen));
            at = next;
        }
        at as u16
    }

    /// Blanks of a style in place of whatever stands there.
    pub fn fill(&mut self, y: u16, columns: Range<u16>, style: Style) {
        let blank = Sign::blank(Pen::PLAIN.patched(self.clusters.patch(style)));
        let columns = self.columns(columns);
        let Some(row) = self.grid.row_mut(y.into()).filter(|_| !columns.is_empty()) else { return };
        free(row, columns.start, columns.end);
        row[columns].fill(blank);
    }

    /// Another style under what stands there.
    pub fn lay(&mut self, y: u16, columns: Range<u16>, style: Style) {
        let patch = self.clusters.patch(style);
        let columns = self.columns(columns);
        let Some(row) = self.grid.row_mut(y.into()) else { return };
        for sign in &mut row[columns] {
            *sign = sign.restyled(sign.pen.patched(patch));
        }
    }

    /// Signs of a row.
    #[must_use]
    pub fn signs(&self, y: u16, columns: Range<u16>) -> &[Sign] {
        let columns = self.columns(columns);
        if y < self.height() { &self.grid.row(y.into())[columns] } else { &[] }
    }

    /// Puts signs of [`signs`](Self::signs) on a row; they must have been of the same [`meaning`](Self::meaning).
    pub fn put(&mut self, x: u16, y: u16, signs: &[Sign]) {
        let columns = self.columns(x..x.saturating_add(signs.len() as u16));
        let Some(row) = self.grid.row_mut(y.into()).filter(|_| !columns.is_empty()) else { return };
        free(row, columns.start, columns.end);
        let count = columns.len();
        row[columns].copy_from_slice(&signs[..count]);
    }

    /// The text of a cell; empty behind a wide sign.
    #[must_use]
    pub fn symbol(&self, x: u16, y: u16) -> String {
        let mut out = String::new();
        self.signs(y, x..x.saturating_add(1)).iter().for_each(|sign| self.clusters.push(*sign, &mut out));
        out
    }

    /// Colour, colour behind it and attributes of a cell.
    #[must_use]
    pub fn style(&self, x: u16, y: u16) -> (Color, Color, Modifier) {
        self.signs(y, x..x.saturating_add(1)).first().map_or(Pen::PLAIN, |sign| sign.pen).parts()
    }

    fn columns(&self, columns: Range<u16>) -> Range<usize> {
        let end = usize::from(columns.end).min(self.grid.width);
        usize::from(columns.start).min(end)..end
    }
}

/// Blanks the other half of wide signs that are about to be overwritten in part.
fn free(row: &mut [Sign], start: usize, end: usize) {
    if row[start] == Sign::COVERED {
        let head = row[..start].iter().rposition(|sign| *sign != Sign::COVERED).unwrap_or(0);
        let blank = Sign::blank(row[head].pen);
        row[head..=start].fill(blank);
    }
    let behind = row[end..].iter().take_while(|sign| **sign == Sign::COVERED).count();
    if behind > 0 {
        let head = row[..end].iter().rposition(|sign| *sign != Sign::COVERED).unwrap_or(0);
        let blank = Sign::blank(row[head].pen);
        row[end..end + behind].fill(blank);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::Colors;

    fn shown(surface: &Surface) -> Vec<String> {
        (0..surface.width()).map(|x| surface.symbol(x, 0)).collect()
    }

    #[test]
    fn no_half_of_a_wide_sign_is_left() {
        let new = || {
            let mut surface = Surface::new(6, 1, Palette { colors: Colors::True, utf8: true });
            surface.text(0, 0, 6, "漫游戏", Style::new().bg(Color::Red));
            surface
        };
        let mut over = new();
        assert_eq!(over.text(1, 0, 6, "ab", Style::new()), 3);
        assert_eq!(shown(&over), [" ", "a", "b", " ", "戏", ""]);
        assert_eq!(over.style(0, 0).1, Color::Red);
        let mut filled = new();
        filled.fill(0, 3..5, Style::new());
        assert_eq!(shown(&filled), ["漫", "", " ", " ", " ", " "]);
        let mut put = new();
        let signs = put.signs(0, 0..2).to_vec();
        put.put(3, 0, &signs);
        assert_eq!(shown(&put), ["漫", "", " ", "漫", "", " "]);
    }

    #[test]
    fn words_end_before_the_column_they_were_given_and_a_row_that_is_not_there_takes_none() {
        let mut surface = Surface::new(6, 1, Palette { colors: Colors::True, utf8: true });
        assert_eq!(surface.text(1, 0, 4, "a漫游", Style::new()), 4);
        assert_eq!(shown(&surface), [" ", "a", "漫", "", " ", " "]);
        assert_eq!(surface.text(5, 0, 9, "漫", Style::new()), 5);
        assert_eq!(surface.text(2, 1, 6, "a", Style::new()), 2);
    }
}

//! The one writer that owns the terminal: ratatui's backend, one buffered write a frame.
//!
//! It remembers what is shown and what is wanted. A flush moves rows that only moved, draws what differs, and sends nothing when
//! nothing does. Nothing leaves it but text that passed the last filter and a closed list of its own sequences: synchronized update,
//! margins and shifts, cursor moves, erasing, styles, cursor on and off.

mod filter;
mod grid;
mod paint;
mod pen;
mod shift;

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

pub use self::filter::Palette;
use self::grid::Grid;
use self::paint::Paint;
use self::pen::{Pen, Place, go};
pub use super::terminal::Colors;
use crate::text::width;

/// A terminal written through `W`.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    size: Size,
    palette: Palette,
    shown: Grid,
    wanted: Grid,
    /// Nothing is known of what the terminal shows.
    unknown: bool,
    cursor: Cursor,
    /// Where the terminal's cursor stands, if that is certain, and whether the terminal was told to show it.
    place: Place,
    visible: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Cursor {
    at: Position,
    visible: bool,
}

impl<W: Write> Screen<W> {
    /// A screen of which nothing is known yet: the first flush clears it.
    pub fn new(out: W, size: Size, palette: Palette) -> Self {
        let grid = Grid::blank(size.width.into(), size.height.into());
        let cursor = Cursor { at: Position::ORIGIN, visible: false };
        Self {
            out,
            size,
            palette,
            shown: grid.clone(),
            wanted: grid,
            unknown: true,
            cursor,
            place: None,
            visible: None,
        }
    }

    /// Tells a new size. ratatui asks for it before each frame and, if it is another than before, clears and draws everything; also for
    /// the old size again everything is sent anew, because terminals move text about while their windows change.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        self.forget();
    }

    /// Forgets what the terminal shows: the next flush clears it and draws everything that is wanted.
    pub fn forget(&mut self) {
        self.unknown = true;
        (self.place, self.visible) = (None, None);
    }

    /// The writer, to look at what was sent.
    pub fn writer_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// The bytes of a frame; none if the terminal already shows what is wanted.
    fn frame(&mut self) -> Option<String> {
        let rests = !self.cursor.visible || self.place == Some(self.cursor_cell());
        if !self.unknown && rests && self.visible == Some(self.cursor.visible) && self.shown == self.wanted {
            return None;
        }
        let mut start = Paint::new(self.place);
        if self.unknown {
            start.clear();
            self.shown.erase();
        }
        let mut paint = self.cheapest(start);
        self.end_cursor(&mut paint);
        self.place = paint.place;
        self.unknown = false;
        self.shown.follow(&self.wanted);
        Some(format!("\x1b[?2026h{}\x1b[?2026l", paint.bytes))
    }

    /// Draws with the rows shifted first and without, and keeps what is shorter.
    ///
    /// `shown` may be left shifted; what was sent makes it `wanted` either way.
    fn cheapest(&mut self, start: Paint) -> Paint {
        let mut drawn = start.clone();
        drawn.rows(&self.shown, &self.wanted);
        let Some(shift) = shift::find(&self.shown, &self.wanted) else { return drawn };
        self.shown.shift(shift.top, shift.bottom, shift.by);
        let mut shifted = start;
        shifted.shift(shift, self.shown.height);
        shifted.rows(&self.shown, &self.wanted);
        if shifted.bytes.len() < drawn.bytes.len() { shifted } else { drawn }
    }

    /// Where the cursor rests matters only while it is seen.
    fn end_cursor(&mut self, paint: &mut Paint) {
        let (x, y) = self.cursor_cell();
        if self.cursor.visible {
            go(paint.place, x, y, &mut paint.bytes);
            paint.place = Some((x, y));
        }
        if self.visible != Some(self.cursor.visible) {
            paint.bytes.push_str(if self.cursor.visible { "\x1b[?25h" } else { "\x1b[?25l" });
            self.visible = Some(self.cursor.visible);
        }
    }

    fn cursor_cell(&self) -> (usize, usize) {
        let Position { x, y } = self.cursor.at;
        (
            usize::from(x).min(self.wanted.width.saturating_sub(1)),
            usize::from(y).min(self.wanted.height.saturating_sub(1)),
        )
    }

    fn erase(&mut self, from: usize, to: usize) {
        let width = self.wanted.width;
        for at in from..to.min(width * self.wanted.height) {
            self.wanted.put(at % width, at / width, &Cell::EMPTY, self.palette);
        }
    }
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    /// Changes what is wanted; sends nothing. Cells outside the screen are left out.
    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut behind = (0, 0);
        for (x, y, cell) in content {
            let (x, y) = (usize::from(x), usize::from(y));
            // ratatui also sends the blank behind a sign with an emoji selector.
            let hidden = behind.0 == y && x < behind.1;
            if x < self.wanted.width && y < self.wanted.height && !hidden {
                self.wanted.put(x, y, cell, self.palette);
                behind = (y, x + width(cell.symbol()));
            }
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor.visible = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor.visible = true;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.at)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor.at = position.into();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.wanted = Grid::blank(self.size.width.into(), self.size.height.into());
        self.shown = self.wanted.clone();
        self.forget();
        Ok(())
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        let (x, y) = self.cursor_cell();
        let width = self.wanted.width;
        let at = y * width + x;
        match clear_type {
            ClearType::All => self.clear()?,
            ClearType::AfterCursor => self.erase(at, usize::MAX),
            ClearType::BeforeCursor => self.erase(0, at + 1),
            ClearType::CurrentLine => self.erase(y * width, (y + 1) * width),
            ClearType::UntilNewLine => self.erase(at, (y + 1) * width),
        }
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        let Some(bytes) = self.frame() else { return Ok(()) };
        self.out.write_all(bytes.as_bytes())?;
        self.out.flush()
    }
}

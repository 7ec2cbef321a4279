//! The one writer that owns the terminal: one frame drawn, one buffered write.
//!
//! It remembers what is shown. A frame moves rows that only moved, draws what differs, and sends nothing when nothing does. Nothing
//! leaves it but text that passed the last filter and a closed list of its own sequences: synchronized update, margins and shifts,
//! cursor moves, erasing, styles, cursor on and off.

mod grid;
mod paint;
mod pen;
mod shift;
mod sign;

use std::io::{self, Write};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use self::grid::Grid;
use self::paint::Paint;
use self::pen::{Place, go};
use self::sign::Clusters;
pub use self::sign::Palette;
pub use super::terminal::Colors;

/// A terminal written through `W`.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    frame: Buffer,
    clusters: Clusters,
    shown: Grid,
    wanted: Grid,
    /// Nothing is known of what the terminal shows.
    unknown: bool,
    /// Where the terminal's cursor stands, if that is certain, and whether the terminal was told to show it.
    place: Place,
    visible: Option<bool>,
}

impl<W: Write> Screen<W> {
    /// A screen of which nothing is known yet: the first frame clears it.
    pub fn new(out: W, size: Size, palette: Palette) -> Self {
        let grid = Grid::blank(size.width.into(), size.height.into());
        Self {
            out,
            frame: Buffer::empty(Rect::from((Position::ORIGIN, size))),
            clusters: Clusters::new(palette),
            shown: grid.clone(),
            wanted: grid,
            unknown: true,
            place: None,
            visible: None,
        }
    }

    /// Tells a new size. Also for the old size again the next frame sends everything, because terminals move text about while their
    /// windows change.
    pub fn resize(&mut self, size: Size) {
        self.frame.resize(Rect::from((Position::ORIGIN, size)));
        self.wanted = Grid::blank(size.width.into(), size.height.into());
        self.shown = self.wanted.clone();
        self.forget();
    }

    /// Forgets what the terminal shows: the next frame clears it and draws everything.
    pub fn forget(&mut self) {
        self.unknown = true;
        (self.place, self.visible) = (None, None);
    }

    /// The writer, to look at what was sent.
    pub fn writer_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Lets `draw` fill the frame, in which the one before still stands, and say where the cursor is shown, if anywhere; then sends
    /// what differs.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Buffer) -> Option<(u16, u16)>) -> io::Result<()> {
        let cursor = draw(&mut self.frame).map(|at| self.within(at));
        if self.clusters.forget_many() {
            self.forget();
        }
        self.wanted.take(&self.frame, &mut self.clusters);
        let Some(bytes) = self.changes(cursor) else { return Ok(()) };
        self.out.write_all(bytes.as_bytes())?;
        self.out.flush()
    }

    fn within(&self, (x, y): (u16, u16)) -> (usize, usize) {
        (
            usize::from(x).min(self.wanted.width.saturating_sub(1)),
            usize::from(y).min(self.wanted.height.saturating_sub(1)),
        )
    }

    /// The bytes of a frame; none if the terminal already shows what is wanted. Where the cursor rests matters only while it is seen.
    fn changes(&mut self, cursor: Place) -> Option<String> {
        let rests = cursor.is_none() || self.place == cursor;
        if !self.unknown && rests && self.visible == Some(cursor.is_some()) && self.shown == self.wanted {
            return None;
        }
        let mut start = Paint::new(self.place, &self.clusters);
        start.bytes.push_str("\x1b[?2026h");
        if self.unknown {
            start.clear();
            self.shown.erase();
        }
        let mut paint = cheapest(start, &mut self.shown, &self.wanted);
        if let Some((x, y)) = cursor {
            go(paint.place, x, y, &mut paint.bytes);
            paint.place = cursor;
        }
        if self.visible != Some(cursor.is_some()) {
            paint.bytes.push_str(if cursor.is_some() { "\x1b[?25h" } else { "\x1b[?25l" });
            self.visible = Some(cursor.is_some());
        }
        paint.bytes.push_str("\x1b[?2026l");
        self.place = paint.place;
        self.unknown = false;
        std::mem::swap(&mut self.shown, &mut self.wanted);
        Some(paint.bytes)
    }
}

/// Draws with the rows shifted first, and without as far as that is shorter.
///
/// `shown` may be left shifted; what is sent makes it `wanted` either way.
fn cheapest<'a>(start: Paint<'a>, shown: &mut Grid, wanted: &Grid) -> Paint<'a> {
    let Some(shift) = shift::find(shown, wanted) else {
        let mut drawn = start;
        drawn.rows(shown, wanted, usize::MAX);
        return drawn;
    };
    let (mut drawn, mut shifted) = (start.clone(), start);
    let mut moved = shown.clone();
    moved.shift(shift.top, shift.bottom, shift.by);
    shifted.shift(shift, wanted.height);
    shifted.rows(&moved, wanted, usize::MAX);
    if drawn.rows(shown, wanted, shifted.bytes.len() + 1) { drawn } else { shifted }
}

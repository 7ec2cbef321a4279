//! The one writer that owns the terminal: one frame drawn, one buffered write.
//!
//! It remembers what is shown. A frame moves rows that only moved, draws what differs, and sends nothing when nothing does. Nothing
//! leaves it but text that passed the last filter and a closed list of its own sequences: synchronized update, margins and shifts,
//! cursor moves, erasing, styles, cursor on and off.

mod paint;
mod pen;
mod shift;

use std::io::{self, Write};

use ratatui::layout::Size;

use self::paint::Paint;
use self::pen::{Place, go};
use crate::cells::{Grid, Palette, Surface};

/// A terminal written through `W`.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    wanted: Surface,
    shown: Grid,
    /// Nothing is known of what the terminal shows.
    unknown: bool,
    /// Where the terminal's cursor stands, if that is certain, and whether the terminal was told to show it.
    place: Place,
    visible: Option<bool>,
}

impl<W: Write> Screen<W> {
    /// A screen of which nothing is known yet: the first frame clears it.
    pub fn new(out: W, size: Size, palette: Palette) -> Self {
        Self {
            out,
            wanted: Surface::new(size.width, size.height, palette),
            shown: Grid::blank(size.width.into(), size.height.into()),
            unknown: true,
            place: None,
            visible: None,
        }
    }

    /// Tells a new size. Also for the old size again the next frame sends everything, because terminals move text about while their
    /// windows change.
    pub fn resize(&mut self, size: Size) {
        self.wanted.resize(size.width, size.height);
        self.shown = self.wanted.grid.clone();
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

    /// Lets `draw` fill a surface, on which an older frame still stands, and say where the cursor is shown, if anywhere; then sends
    /// what differs.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Surface) -> Option<(u16, u16)>) -> io::Result<()> {
        if self.wanted.clusters.forget_many() {
            self.forget();
        }
        let cursor = draw(&mut self.wanted).map(|at| self.within(at));
        self.wanted.grid.seal();
        let Some(bytes) = self.changes(cursor) else { return Ok(()) };
        self.out.write_all(bytes.as_bytes())?;
        self.out.flush()
    }

    /// A surface of the screen's size and signs on which anything may be drawn: the next frame draws over it.
    pub fn scratch(&mut self) -> &mut Surface {
        &mut self.wanted
    }

    fn within(&self, (x, y): (u16, u16)) -> (usize, usize) {
        let Grid { width, height, .. } = self.wanted.grid;
        (usize::from(x).min(width.saturating_sub(1)), usize::from(y).min(height.saturating_sub(1)))
    }

    /// The bytes of a frame; none if the terminal already shows what is wanted. Where the cursor rests matters only while it is seen.
    fn changes(&mut self, cursor: Place) -> Option<String> {
        let rests = cursor.is_none() || self.place == cursor;
        if !self.unknown && rests && self.visible == Some(cursor.is_some()) && self.shown == self.wanted.grid {
            return None;
        }
        let mut start = Paint::new(self.place, &self.wanted.clusters);
        start.bytes.push_str("\x1b[?2026h");
        if self.unknown {
            start.clear();
            self.shown.erase();
        }
        let mut paint = cheapest(start, &mut self.shown, &self.wanted.grid);
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
        std::mem::swap(&mut self.shown, &mut self.wanted.grid);
        Some(paint.bytes)
    }
}

/// Draws with the rows shifted first where that leaves fewer cells to send.
///
/// `shown` may be left shifted; what is sent makes it `wanted` either way.
fn cheapest<'a>(start: Paint<'a>, shown: &mut Grid, wanted: &Grid) -> Paint<'a> {
    let mut paint = start;
    if let Some(shift) = shift::find(shown, wanted).filter(|shift| shift.pays(shown, wanted)) {
        shown.shift(shift.top, shift.bottom, shift.by);
        paint.shift(shift, wanted.height);
    }
    paint.rows(shown, wanted);
    paint
}

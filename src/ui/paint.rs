//! The one place that writes cells: by cluster, never half a wide character, our own marks in ASCII where asked.

use std::ops::Range;

use ratatui::style::{Modifier, Style};

use super::theme::{Ground, Theme};
use crate::app::rows::Ink;
use crate::app::{Area, Options};
use crate::cells::{Sign, Surface};
use crate::text::{self, wrap::Span};

/// A surface with a theme.
pub(super) struct Canvas<'a> {
    surface: &'a mut Surface,
    pub(super) theme: Theme,
    pub(super) ascii: bool,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(surface: &'a mut Surface, options: &Options) -> Self {
        Self { surface, theme: Theme::new(options.theme, options.depth), ascii: options.ascii }
    }

    /// Writes what people wrote, from `x` to before `end`; gives the column after it.
    pub(super) fn text(&mut self, x: u16, y: u16, end: u16, words: &str, ink: Ink) -> u16 {
        let style = self.theme.ink(ink);
        self.surface.text(x, y, end, words, style)
    }

    /// Writes a row of spans; chips keep their brackets where surfaces cannot be painted.
    pub(super) fn spans(&mut self, x: u16, y: u16, end: u16, row: &[Span<Ink>]) -> u16 {
        let mut x = x;
        for span in row {
            x = match span.style {
                Ink::Chip | Ink::Cap => self.chip(x, y, end, &span.text, span.style),
                ink => self.text(x, y, end, &span.text, ink),
            };
        }
        x
    }

    fn chip(&mut self, x: u16, y: u16, end: u16, words: &str, ink: Ink) -> u16 {
        let inner = words.strip_prefix(' ').and_then(|w| w.strip_suffix(' '));
        match inner {
            Some(inner) if ink == Ink::Chip && (self.theme.is_flat() || self.ascii) => {
                self.text(x, y, end, &format!("[{inner}]"), ink)
            }
            _ => self.text(x, y, end, words, ink),
        }
    }

    /// Writes one of our own marks.
    pub(super) fn mark(&mut self, x: u16, y: u16, mark: &str, ink: Ink) {
        let style = self.theme.ink(ink);
        let mark = if self.ascii { ascii(mark) } else { mark };
        self.surface.text(x, y, u16::MAX, mark, style);
    }

    /// Two dots in one cell, upper and lower; where shades cannot be painted, only the full ones show.
    pub(super) fn dots(&mut self, x: u16, y: u16, upper: u8, lower: u8) {
        if let (Some(fg), Some(bg)) = (self.theme.shade(upper), self.theme.shade(lower)) {
            let (mark, style) =
                if upper == 0 && lower == 0 { (" ", Style::new()) } else { ("▀", Style::new().fg(fg).bg(bg)) };
            self.surface.text(x, y, u16::MAX, mark, style);
            return;
        }
        let mark = match (upper > 1, lower > 1) {
            (true, true) => "█",
            (true, false) => "▀",
            (false, true) => "▄",
            (false, false) => " ",
        };
        self.mark(x, y, mark, Ink::Accent);
    }

    /// A line of `mark` from `x` to before `end`.
    pub(super) fn rule(&mut self, x: u16, y: u16, end: u16, mark: &str, ink: Ink) {
        let mark = if self.ascii { ascii(mark) } else { mark };
        let cells = end.min(self.surface.width()).saturating_sub(x);
        self.text(x, y, end, &mark.repeat(cells.into()), ink);
    }

    /// Words of ours, in which `·` and `…` follow the ASCII rule too.
    pub(super) fn words(&mut self, x: u16, y: u16, end: u16, words: &str, ink: Ink) -> u16 {
        if self.ascii && words.contains(['·', '…']) {
            return self.text(x, y, end, &words.replace('·', "-").replace('…', "~"), ink);
        }
        self.text(x, y, end, words, ink)
    }

    /// Words that end before column `end`; gives the column they begin at.
    pub(super) fn words_right(&mut self, x: u16, y: u16, end: u16, words: &str, ink: Ink) -> u16 {
        let room = usize::from(end.saturating_sub(x));
        let words = text::fit(words, room);
        let start = end.saturating_sub(text::width(&words) as u16).max(x);
        self.words(start, y, end, &words, ink);
        start
    }

    /// Lays a ground below what is there.
    pub(super) fn ground(&mut self, area: Area, ground: Ground) {
        self.lay(area, self.theme.ground(ground));
    }

    fn lay(&mut self, area: Area, style: Style) {
        self.rows(area).for_each(|y| self.surface.lay(y, area.x..area.right(), style));
    }

    /// Empties an area and lays a ground.
    pub(super) fn clear(&mut self, area: Area, ground: Ground) {
        let style = self.theme.ground(ground);
        self.rows(area).for_each(|y| self.surface.fill(y, area.x..area.right(), style));
    }

    /// The cells of an area, row by row, as far as it is inside.
    pub(super) fn copy(&self, area: Area) -> Vec<Sign> {
        self.rows(area).flat_map(|y| self.surface.signs(y, area.x..area.right())).copied().collect()
    }

    /// Puts back what [`copy`](Self::copy) gave of the same area while the [`meaning`](Self::meaning) was the same.
    pub(super) fn put(&mut self, area: Area, signs: &[Sign]) {
        for (y, row) in self.rows(area).zip(signs.chunks(usize::from(area.width).max(1))) {
            self.surface.put(area.x, y, row);
        }
    }

    /// Tells what signs mean; see [`Surface::meaning`].
    pub(super) fn meaning(&self) -> u64 {
        self.surface.meaning()
    }

    fn rows(&self, area: Area) -> Range<u16> {
        let end = area.bottom().min(self.surface.height());
        area.y.min(end)..end
    }

    /// The cursor's row again, after its text, where the ground also decides the text's colour.
    pub(super) fn cursor_over(&mut self, area: Area) {
        if self.theme.is_flat() {
            self.lay(area, self.theme.ground(Ground::Raised).remove_modifier(Modifier::DIM));
        }
    }

    /// Takes all colour out of everything drawn so far.
    pub(super) fn veil(&mut self) {
        let whole = Area { x: 0, y: 0, width: self.surface.width(), height: self.surface.height() };
        self.lay(whole, self.theme.veil());
    }
}

/// The stand-in for a mark on terminals where it may be missing or two cells wide.
fn ascii(mark: &str) -> &str {
    match mark {
        "─" | "╌" => "-",
        "━" => "=",
        "│" | "▏" => "|",
        "▎" => "#",
        "▍" => "!",
        "▌" | "▸" => ">",
        "╭" | "╮" | "╰" | "╯" | "┬" | "┴" | "├" | "┤" => "+",
        "✓" => "*",
        "✗" => "x",
        "‹" => "<",
        "…" => "~",
        "·" => "-",
        other => other,
    }
}

//! The one place that writes cells: by cluster, never half a wide character, our own marks in ASCII where asked.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Modifier, Style};

use super::theme::{Ground, Theme};
use crate::app::rows::Ink;
use crate::app::{Area, Options};
use crate::text::{self, wrap::Span};

/// A buffer with a theme.
pub(super) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    pub(super) theme: Theme,
    pub(super) ascii: bool,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, options: &Options) -> Self {
        Self { buffer, theme: Theme::new(options.theme, options.depth), ascii: options.ascii }
    }

    /// Writes what people wrote, from `x` to before `end`; gives the column after it.
    pub(super) fn text(&mut self, x: u16, y: u16, end: u16, words: &str, ink: Ink) -> u16 {
        let style = self.theme.ink(ink);
        self.styled(x, y, end, words, style)
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

    fn styled(&mut self, x: u16, y: u16, end: u16, words: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y < area.top() || y >= area.bottom() {
            return x;
        }
        let (mut x, end) = (x, end.min(area.right()));
        for (cluster, cells) in text::clusters(words) {
            let cells = cells as u16;
            if cells == 0 {
                continue;
            }
            if x.saturating_add(cells) > end {
                break;
            }
            self.free(x, y, cells);
            let cell = &mut self.buffer[(x, y)];
            cell.set_symbol(cluster).set_style(style);
            for rest in x + 1..x + cells {
                // As ratatui leaves them: what comes there later differs, and is sent.
                self.buffer[(rest, y)].reset();
            }
            x += cells;
        }
        x
    }

    /// Blanks the other half of wide characters that are about to be overwritten in part.
    fn free(&mut self, x: u16, y: u16, cells: u16) {
        let left = self.buffer.area.left();
        if x > left && text::width(self.buffer[(x - 1, y)].symbol()) > 1 {
            self.buffer[(x - 1, y)].set_symbol(" ");
        }
        let last = x + cells - 1;
        let wide = text::width(self.buffer[(last, y)].symbol());
        if wide > 1 {
            for rest in last..(last + wide as u16).min(self.buffer.area.right()) {
                self.buffer[(rest, y)].set_symbol(" ");
            }
        }
    }

    /// Writes one of our own marks.
    pub(super) fn mark(&mut self, x: u16, y: u16, mark: &str, ink: Ink) {
        let style = self.theme.ink(ink);
        let mark = if self.ascii { ascii(mark) } else { mark };
        self.styled(x, y, u16::MAX, mark, style);
    }

    /// Two dots in one cell, upper and lower; where shades cannot be painted, only the full ones show.
    pub(super) fn dots(&mut self, x: u16, y: u16, upper: u8, lower: u8) {
        if let (Some(fg), Some(bg)) = (self.theme.shade(upper), self.theme.shade(lower)) {
            let (mark, style) =
                if upper == 0 && lower == 0 { (" ", Style::new()) } else { ("▀", Style::new().fg(fg).bg(bg)) };
            self.styled(x, y, u16::MAX, mark, style);
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
        for x in x..end.min(self.buffer.area.right()) {
            self.mark(x, y, mark, ink);
        }
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

    /// Lays a surface below what is there.
    pub(super) fn ground(&mut self, area: Area, ground: Ground) {
        let style = self.theme.ground(ground);
        self.buffer.set_style(rect(area), style);
    }

    /// Empties an area and lays a surface.
    pub(super) fn clear(&mut self, area: Area, ground: Ground) {
        let area_in = rect(area).intersection(self.buffer.area);
        let style = self.theme.ground(ground);
        if area_in == self.buffer.area {
            let mut blank = Cell::EMPTY;
            blank.set_style(style);
            self.buffer.content.fill(blank);
            return;
        }
        for y in area_in.top()..area_in.bottom() {
            if area_in.width > 0 {
                self.free(area_in.left(), y, 1);
                self.free(area_in.right() - 1, y, 1);
            }
            for x in area_in.left()..area_in.right() {
                self.buffer[(x, y)].reset();
                self.buffer[(x, y)].set_style(style);
            }
        }
    }

    /// The cursor's row again, after its text, where the surface also decides the text's colour.
    pub(super) fn cursor_over(&mut self, area: Area) {
        if self.theme.is_flat() {
            let style = self.theme.ground(Ground::Raised).remove_modifier(Modifier::DIM);
            self.buffer.set_style(rect(area), style);
        }
    }

    /// Takes all colour out of everything drawn so far.
    pub(super) fn veil(&mut self) {
        let style = self.theme.veil();
        let area = self.buffer.area;
        self.buffer.set_style(area, style);
    }
}

const fn rect(area: Area) -> ratatui::layout::Rect {
    ratatui::layout::Rect { x: area.x, y: area.y, width: area.width, height: area.height }
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

//! The screen as text and styles, at four widths, in both languages.

#![allow(clippy::expect_used)]

mod bookmarks;
mod build;
mod day;
mod export;
mod foot;
mod properties;
mod questions;
mod scrolling;
mod snapshots;
mod sync;

use manyou::app::State;
use manyou::cells::{Colors, Palette, Surface};
use manyou::ui::{LayoutCache, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// What a state of its own size is drawn on.
pub(crate) fn surface(state: &State) -> Surface {
    Surface::new(state.size.0, state.size.1, Palette { colors: Colors::True, utf8: true })
}

/// The same state with nothing measured yet.
pub(crate) fn unmeasured(state: &State) -> State {
    let mut state = state.clone();
    if let Some(history) = state.history.as_mut() {
        (history.placement, history.heights) = Default::default();
    }
    state
}

/// Draws a state of its own size with an empty cache.
pub(crate) fn drawn(state: &State) -> Buffer {
    let mut surface = surface(state);
    draw(state, &mut LayoutCache::default(), &mut surface);
    copied(&surface)
}

/// What stands on a surface; of a cell behind a wide sign nothing is left.
pub(crate) fn copied(surface: &Surface) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, surface.width(), surface.height()));
    for (x, y) in (0..surface.height()).flat_map(|y| (0..surface.width()).map(move |x| (x, y))) {
        let ((fg, bg, modifier), symbol) = (surface.style(x, y), surface.symbol(x, y));
        if !symbol.is_empty() {
            let cell = &mut buffer[(x, y)];
            cell.set_symbol(&symbol);
            (cell.fg, cell.bg, cell.modifier) = (fg, bg, modifier);
        }
    }
    buffer
}

/// The characters row by row, blanks at the end cut.
pub(crate) fn words(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut row = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += (manyou::text::width(symbol) as u16).max(1);
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}

/// Runs of equal style row by row: `3×fg/bg+modifiers`.
pub(crate) fn styles(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let cells: Vec<_> = (0..buffer.area.width).map(|x| &buffer[(x, y)]).map(|c| (c.fg, c.bg, c.modifier)).collect();
        let runs = cells.chunk_by(|a, b| a == b).map(|run| {
            let (fg, bg, modifier) = run[0];
            let more = if modifier == Modifier::empty() { String::new() } else { format!("+{modifier:?}") };
            format!("{}×{fg}/{bg}{more}", run.len())
        });
        out.push_str(&runs.collect::<Vec<_>>().join(" "));
        out.push('\n');
    }
    out
}

/// The screen with its colours, as a terminal would get it; for pictures.
pub(crate) fn ansi(buffer: &Buffer) -> String {
    use ratatui::style::Color;
    let colour = |base: u8, c: Color| match c {
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
        Color::Indexed(i) => format!("{};5;{i}", base + 8),
        Color::Cyan => format!("{}", base + 6),
        Color::Yellow => format!("{}", base + 3),
        Color::Black => format!("{base}"),
        Color::DarkGray => format!("{}", base + 60),
        Color::LightRed => format!("{}", base + 61),
        _ => format!("{}", base + 9),
    };
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let c = &buffer[(x, y)];
            let mut sgr = format!("0;{};{}", colour(30, c.fg), colour(40, c.bg));
            for (modifier, code) in
                [(Modifier::BOLD, 1), (Modifier::DIM, 2), (Modifier::UNDERLINED, 4), (Modifier::REVERSED, 7)]
            {
                if c.modifier.contains(modifier) {
                    sgr.push_str(&format!(";{code}"));
                }
            }
            out.push_str(&format!("\x1b[{sgr}m{}", c.symbol()));
            x += (manyou::text::width(c.symbol()) as u16).max(1);
        }
        out.push_str(if y + 1 < buffer.area.height { "\x1b[0m\r\n" } else { "\x1b[0m" });
    }
    out
}

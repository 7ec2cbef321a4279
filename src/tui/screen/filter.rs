//! The last filter before the terminal: whatever a cell holds, only text that prints leaves it.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::Colors;
use crate::text::{clusters, printable, to_ascii, width};

/// Bytes one cell may send: the longest family with skin tones is shorter.
const LONGEST: usize = 64;
/// Attributes that show on a blank.
const VISIBLE_ON_BLANK: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// Signs and colours the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// How many colours; styles already chose theirs, `None` takes them all away.
    pub colors: Colors,
    /// Whether bytes above 0x7f may be sent.
    pub utf8: bool,
}

/// The cell as it may be sent, and its width; `room` is what is left of the row, at least 1.
pub(super) fn tame(cell: &Cell, room: usize, palette: Palette) -> (Cell, usize) {
    let mut tamed = Cell::EMPTY;
    (tamed.fg, tamed.bg) = (cell.fg, cell.bg);
    tamed.modifier = cell.modifier - Modifier::SLOW_BLINK - Modifier::RAPID_BLINK;
    if palette.colors == Colors::None {
        (tamed.fg, tamed.bg) = (Color::Reset, Color::Reset);
    }
    let cells = set_symbol(&mut tamed, cell.symbol(), room, palette.utf8);
    if tamed.symbol() == " " && !tamed.modifier.intersects(VISIBLE_ON_BLANK) {
        (tamed.fg, tamed.modifier) = (Color::Reset, Modifier::empty());
    }
    (tamed, cells)
}

fn set_symbol(tamed: &mut Cell, symbol: &str, room: usize, utf8: bool) -> usize {
    if symbol.len() == 1 && symbol.as_bytes()[0].is_ascii_graphic() {
        tamed.set_symbol(symbol);
        return 1;
    }
    let cells = width(symbol).max(1);
    if symbol == " " || symbol.is_empty() || cells > room {
        tamed.set_symbol(" ");
        return 1;
    }
    if utf8 {
        tamed.set_symbol(&safe(symbol, room))
    } else {
        tamed.set_symbol(&ascii(symbol, cells))
    };
    let sent = width(tamed.symbol());
    if sent > room {
        tamed.set_symbol(" ");
    }
    if sent > room { 1 } else { sent }
}

/// The symbol, its base alone where it is too long or would spill over the row's end, or U+FFFD.
fn safe(symbol: &str, room: usize) -> String {
    let base =
        symbol.chars().next().filter(|base| printable(*base)).map_or(0, |base| width(base.encode_utf8(&mut [0; 4])));
    if base == 0 || !symbol.chars().all(printable) {
        return "\u{FFFD}".to_owned();
    }
    if symbol.len() > LONGEST || (disputed(symbol) && reach(symbol) > room) {
        return symbol.chars().take(1).collect();
    }
    symbol.to_owned()
}

fn ascii(symbol: &str, cells: usize) -> String {
    let mut plain: String = to_ascii(symbol).chars().map(|c| if c.is_ascii_control() { '?' } else { c }).collect();
    plain.truncate(cells);
    plain.extend(std::iter::repeat_n('?', cells - plain.len()));
    plain
}

/// Whether terminals disagree on its width: emoji selectors, keycaps, joined pictographs, flags, half-width voicing marks, clusters of several wide signs.
pub(super) fn disputed(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        // Flags, conjoining Hangul, and the ligatures that some fonts draw many cells wide.
        (Some('\u{1F1E6}'..='\u{1F1FF}' | '\u{1100}'..='\u{11FF}' | '\u{FDF0}'..='\u{FDFD}'), _) => true,
        (Some(base), None) => width(base.encode_utf8(&mut [0; 4])) > 2,
        _ => {
            symbol.contains(['\u{FE0E}', '\u{FE0F}', '\u{200D}', '\u{20E3}', '\u{FF9E}', '\u{FF9F}'])
                || reach(symbol) != width(symbol)
        }
    }
}

/// Cells it takes on a terminal that draws every part of it on its own; two for a sign that an emoji selector may widen.
pub(super) fn reach(symbol: &str) -> usize {
    let parts: usize = symbol.chars().map(|c| width(c.encode_utf8(&mut [0; 4]))).sum();
    let widened = symbol.chars().filter(|c| *c == '\u{FE0F}').count();
    (parts + widened).max(clusters(symbol).map(|(_, cells)| cells).sum()).max(2)
}

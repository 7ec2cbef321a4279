//! Bytes that change the terminal's style or move its cursor, as few as the change allows.

use std::fmt::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::sign::VISIBLE_ON_BLANK;

/// Attributes, the parameter that sets each and the one that ends it.
const ATTRIBUTES: [(Modifier, u8, u8); 7] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// A colour in four bytes: its kind in the highest, then its number, or red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hue(u32);

impl Hue {
    const RESET: Self = Self(0);
    const NAMED: u32 = 1 << 24;
    const INDEXED: u32 = 2 << 24;
    const RGB: u32 = 3 << 24;

    const fn of(color: Color) -> Self {
        Self(match color {
            Color::Reset => 0,
            Color::Black => Self::NAMED,
            Color::Red => Self::NAMED | 1,
            Color::Green => Self::NAMED | 2,
            Color::Yellow => Self::NAMED | 3,
            Color::Blue => Self::NAMED | 4,
            Color::Magenta => Self::NAMED | 5,
            Color::Cyan => Self::NAMED | 6,
            Color::Gray => Self::NAMED | 7,
            Color::DarkGray => Self::NAMED | 8,
            Color::LightRed => Self::NAMED | 9,
            Color::LightGreen => Self::NAMED | 0xA,
            Color::LightYellow => Self::NAMED | 0xB,
            Color::LightBlue => Self::NAMED | 0xC,
            Color::LightMagenta => Self::NAMED | 0xD,
            Color::LightCyan => Self::NAMED | 0xE,
            Color::White => Self::NAMED | 0xF,
            Color::Indexed(n) => Self::INDEXED | n as u32,
            Color::Rgb(r, g, b) => Self::RGB | u32::from_be_bytes([0, r, g, b]),
        })
    }

    /// Writes the SGR parameters; `base` is 30 for text, 40 for what is behind it.
    fn write(self, base: u32, out: &mut String) {
        let [_, r, g, b] = self.0.to_be_bytes();
        let n = u32::from(b);
        let _ = match self.0 & !0x00FF_FFFF {
            Self::NAMED if n < 8 => write!(out, "{}", base + n),
            Self::NAMED => write!(out, "{}", base + 52 + n),
            Self::INDEXED => write!(out, "{};5;{n}", base + 8),
            Self::RGB => write!(out, "{};2;{r};{g};{b}", base + 8),
            _ => write!(out, "{}", base + 9),
        };
    }
}

/// The style the terminal writes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pen {
    fg: Hue,
    bg: Hue,
    /// The bits of a [`Modifier`].
    attributes: u32,
}

impl Pen {
    pub(super) const PLAIN: Self = Self { fg: Hue::RESET, bg: Hue::RESET, attributes: 0 };

    /// The style of a cell; nothing blinks.
    pub(super) fn of(cell: &Cell, has_colors: bool) -> Self {
        let (fg, bg) = if has_colors { (Hue::of(cell.fg), Hue::of(cell.bg)) } else { (Hue::RESET, Hue::RESET) };
        let attributes = cell.modifier - Modifier::SLOW_BLINK - Modifier::RAPID_BLINK;
        Self { fg, bg, attributes: attributes.bits().into() }
    }

    /// The same as far as a blank shows it.
    pub(super) fn on_blank(self) -> Self {
        if self.modifier().intersects(VISIBLE_ON_BLANK) { self } else { Self { bg: self.bg, ..Self::PLAIN } }
    }

    pub(super) const fn numbers(self) -> [u32; 3] {
        [self.fg.0, self.bg.0, self.attributes]
    }

    const fn modifier(self) -> Modifier {
        Modifier::from_bits_truncate(self.attributes as u16)
    }

    /// Writes what turns `self` into `next`: a difference or a fresh start, whichever is shorter.
    pub(super) fn change(&mut self, next: Self, out: &mut String) {
        if *self == next {
            return;
        }
        out.push_str("\x1b[");
        let start = out.len();
        self.step(next, out);
        let middle = out.len();
        if next != Self::PLAIN {
            out.push(';');
            Self::PLAIN.step(next, out);
        }
        *self = next;
        keep_shorter(out, start, middle);
        out.push('m');
    }

    fn step(self, next: Self, out: &mut String) {
        let start = out.len();
        let sep = |out: &mut String| {
            if out.len() > start {
                out.push(';');
            }
        };
        let (old, new) = (self.modifier(), next.modifier());
        let (ended, mut begun) = (old - new, new - old);
        if !(ended | begun).is_empty() {
            for (attribute, _, end) in ATTRIBUTES {
                // 22 ends bold and dim together: once is enough, and what stays is set again.
                if ended.contains(attribute) && !(attribute == Modifier::DIM && ended.contains(Modifier::BOLD)) {
                    sep(out);
                    let _ = write!(out, "{end}");
                }
            }
            if ended.intersects(Modifier::BOLD | Modifier::DIM) {
                begun |= new & (Modifier::BOLD | Modifier::DIM);
            }
            for (_, set, _) in ATTRIBUTES.iter().filter(|(attribute, ..)| begun.contains(*attribute)) {
                sep(out);
                let _ = write!(out, "{set}");
            }
        }
        if self.fg != next.fg {
            sep(out);
            next.fg.write(30, out);
        }
        if self.bg != next.bg {
            sep(out);
            next.bg.write(40, out);
        }
    }
}

/// Of what stands from `start` and what stands from `middle`, keeps the shorter; the first where they are alike.
fn keep_shorter(out: &mut String, start: usize, middle: usize) {
    if middle - start <= out.len() - middle {
        out.truncate(middle);
    } else {
        out.replace_range(start..middle, "");
    }
}

/// Where the cursor is, if that is certain: `x` may be one past the row after its last cell was written.
pub(super) type Place = Option<(usize, usize)>;

/// Writes the shortest move to a cell.
pub(super) fn go(from: Place, x: usize, y: usize, out: &mut String) {
    if from == Some((x, y)) {
        return;
    }
    let start = out.len();
    let _ = match (x, y) {
        (0, 0) => write!(out, "\x1b[H"),
        (0, _) => write!(out, "\x1b[{}H", y + 1),
        _ => write!(out, "\x1b[{};{}H", y + 1, x + 1),
    };
    let middle = out.len();
    if from.is_some_and(|from| step(from, x, y, out)) {
        // Of two alike the absolute one.
        keep_shorter(out, start, middle);
    }
}

/// Writes a relative move to the right or down; the rest is left to the absolute one.
fn step((at, row): (usize, usize), x: usize, y: usize, out: &mut String) -> bool {
    let Some(down) = y.checked_sub(row).filter(|down| *down <= 4) else { return false };
    let back = x < at || (x == 0 && down > 0);
    if back {
        out.push('\r');
    }
    out.extend(std::iter::repeat_n('\n', down));
    let _ = match x - if back { 0 } else { at } {
        0 => Ok(()),
        1 => write!(out, "\x1b[C"),
        n => write!(out, "\x1b[{n}C"),
    };
    true
}

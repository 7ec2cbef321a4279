//! Bytes that change the terminal's style or move its cursor, as few as the change allows.

use std::fmt::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

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

/// The style the terminal writes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    pub(super) const PLAIN: Self = Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    pub(super) fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Writes what turns `self` into `next`: a difference or a fresh start, whichever is shorter.
    pub(super) fn change(&mut self, next: Self, out: &mut String) {
        if *self == next {
            return;
        }
        let (step, afresh) = (self.step(next), Self::PLAIN.step(next));
        *self = next;
        let afresh = if afresh.is_empty() { afresh } else { format!(";{afresh}") };
        let params = if step.len() <= afresh.len() { step } else { afresh };
        let _ = write!(out, "\x1b[{params}m");
    }

    fn step(self, next: Self) -> String {
        let mut params = String::new();
        let (ended, mut begun) = (self.modifier - next.modifier, next.modifier - self.modifier);
        for (attribute, _, end) in ATTRIBUTES {
            // 22 ends bold and dim together: once is enough, and what stays is set again.
            if ended.contains(attribute) && !(attribute == Modifier::DIM && ended.contains(Modifier::BOLD)) {
                push(&mut params, &end.to_string());
            }
        }
        if ended.intersects(Modifier::BOLD | Modifier::DIM) {
            begun |= next.modifier & (Modifier::BOLD | Modifier::DIM);
        }
        for (_, set, _) in ATTRIBUTES.iter().filter(|(attribute, ..)| begun.contains(*attribute)) {
            push(&mut params, &set.to_string());
        }
        if self.fg != next.fg {
            push(&mut params, &color(next.fg, 30));
        }
        if self.bg != next.bg {
            push(&mut params, &color(next.bg, 40));
        }
        params
    }
}

fn push(params: &mut String, param: &str) {
    if !params.is_empty() {
        params.push(';');
    }
    params.push_str(param);
}

/// SGR parameters of a colour; `base` is 30 for text, 40 for what is behind it.
fn color(color: Color, base: u8) -> String {
    let dark = |n: u8| (base + n).to_string();
    let light = |n: u8| (base + 60 + n).to_string();
    match color {
        Color::Reset => dark(9),
        Color::Black => dark(0),
        Color::Red => dark(1),
        Color::Green => dark(2),
        Color::Yellow => dark(3),
        Color::Blue => dark(4),
        Color::Magenta => dark(5),
        Color::Cyan => dark(6),
        Color::Gray => dark(7),
        Color::DarkGray => light(0),
        Color::LightRed => light(1),
        Color::LightGreen => light(2),
        Color::LightYellow => light(3),
        Color::LightBlue => light(4),
        Color::LightMagenta => light(5),
        Color::LightCyan => light(6),
        Color::White => light(7),
        Color::Indexed(n) => format!("{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
    }
}

/// Where the cursor is, if that is certain: `x` may be one past the row after its last cell was written.
pub(super) type Place = Option<(usize, usize)>;

/// Writes the shortest move to a cell.
pub(super) fn go(from: Place, x: usize, y: usize, out: &mut String) {
    if from == Some((x, y)) {
        return;
    }
    let absolute = match (x, y) {
        (0, 0) => "\x1b[H".to_owned(),
        (0, _) => format!("\x1b[{}H", y + 1),
        _ => format!("\x1b[{};{}H", y + 1, x + 1),
    };
    let relative = from.and_then(|from| step(from, x, y)).filter(|step| step.len() < absolute.len());
    out.push_str(&relative.unwrap_or(absolute));
}

/// A relative move to the right or down; the rest is left to the absolute one.
fn step((at, row): (usize, usize), x: usize, y: usize) -> Option<String> {
    let down = "\n".repeat(y.checked_sub(row).filter(|down| *down <= 4)?);
    let back = if x < at || (x == 0 && !down.is_empty()) { "\r" } else { "" };
    let forward = match x - if back.is_empty() { at } else { 0 } {
        0 => String::new(),
        1 => "\x1b[C".to_owned(),
        n => format!("\x1b[{n}C"),
    };
    Some(format!("{back}{down}{forward}"))
}

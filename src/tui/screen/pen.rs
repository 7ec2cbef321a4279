//! Bytes that change the terminal's style or move its cursor, as few as the change allows.

use std::fmt::Write as _;

use ratatui::style::Modifier;

use crate::cells::{Hue, Pen};

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

/// Writes the SGR parameters of a colour; `base` is 30 for text, 40 for what is behind it.
fn hue(hue: Hue, base: u32, out: &mut String) {
    let [_, r, g, b] = hue.0.to_be_bytes();
    let n = u32::from(b);
    let _ = match hue.0 & !0x00FF_FFFF {
        Hue::NAMED if n < 8 => write!(out, "{}", base + n),
        Hue::NAMED => write!(out, "{}", base + 52 + n),
        Hue::INDEXED => write!(out, "{};5;{n}", base + 8),
        Hue::RGB => write!(out, "{};2;{r};{g};{b}", base + 8),
        _ => write!(out, "{}", base + 9),
    };
}

/// Writes what turns `pen` into `next`: a difference or a fresh start, whichever is shorter.
pub(super) fn change(pen: &mut Pen, next: Pen, out: &mut String) {
    if *pen == next {
        return;
    }
    out.push_str("\x1b[");
    let start = out.len();
    turn(*pen, next, out);
    let middle = out.len();
    if next != Pen::PLAIN {
        out.push(';');
        turn(Pen::PLAIN, next, out);
    }
    *pen = next;
    keep_shorter(out, start, middle);
    out.push('m');
}

fn turn(pen: Pen, next: Pen, out: &mut String) {
    let start = out.len();
    let sep = |out: &mut String| {
        if out.len() > start {
            out.push(';');
        }
    };
    let (old, new) = (pen.modifier(), next.modifier());
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
    if pen.fg != next.fg {
        sep(out);
        hue(next.fg, 30, out);
    }
    if pen.bg != next.bg {
        sep(out);
        hue(next.bg, 40, out);
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

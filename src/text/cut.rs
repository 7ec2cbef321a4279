//! Text made to fit a number of cells, and text for terminals that know only ASCII.

use std::borrow::Cow;

use super::width::{clusters, width};

const MORE: &str = "…";
/// Longest ending of a file name that is kept whole, dot included.
const LONGEST_ENDING: usize = 10;

/// Cuts at the end, with `…` in the last cell when anything is lost. Never half a wide character, so it may stay one cell short.
#[must_use]
pub fn fit(text: &str, cells: usize) -> Cow<'_, str> {
    if fits(text, cells) {
        return Cow::Borrowed(text);
    }
    if cells == 0 {
        return Cow::Borrowed("");
    }
    Cow::Owned(format!("{}{MORE}", head(text, cells - 1)))
}

/// Cuts a file name before its ending, `very-lo….pdf`: the ending tells what opening it would do.
#[must_use]
pub fn fit_name(name: &str, cells: usize) -> Cow<'_, str> {
    if fits(name, cells) {
        return Cow::Borrowed(name);
    }
    let ending = name.rfind('.').filter(|dot| *dot > 0).map_or("", |dot| &name[dot..]);
    let taken = width(ending) + 1;
    if ending.is_empty() || taken > LONGEST_ENDING + 1 || taken >= cells {
        return fit(name, cells);
    }
    Cow::Owned(format!("{}{MORE}{ending}", head(name, cells - taken)))
}

/// Cuts in the middle, `express…07`: three quarters for the head, one for the tail.
#[must_use]
pub fn fit_both(text: &str, cells: usize) -> Cow<'_, str> {
    if fits(text, cells) {
        return Cow::Borrowed(text);
    }
    if cells < 3 {
        return fit(text, cells);
    }
    let tail = tail(text, ((cells - 1) / 4).max(1));
    Cow::Owned(format!("{}{MORE}{tail}", head(text, cells - 1 - width(tail))))
}

/// Fits, then fills with blanks on the right to exactly `cells`.
#[must_use]
pub fn pad(text: &str, cells: usize) -> String {
    let mut fitted = fit(text, cells).into_owned();
    let missing = cells.saturating_sub(width(&fitted));
    fitted.extend(std::iter::repeat_n(' ', missing));
    fitted
}

/// Stops reading as soon as it is known, so a huge text costs no more than the cells.
fn fits(text: &str, cells: usize) -> bool {
    let mut used = 0;
    clusters(text).all(|(_, own)| {
        used += own;
        used <= cells
    })
}

fn head(text: &str, cells: usize) -> &str {
    let (mut used, mut end) = (0, 0);
    for (cluster, own) in clusters(text) {
        used += own;
        if used > cells {
            break;
        }
        end += cluster.len();
    }
    &text[..end]
}

fn tail(text: &str, cells: usize) -> &str {
    let mut rest = width(text);
    let mut start = 0;
    for (cluster, own) in clusters(text) {
        if rest <= cells {
            break;
        }
        rest -= own;
        start += cluster.len();
    }
    &text[start..]
}

/// Text for a terminal without UTF-8: control pictures as `^X`, common punctuation and borders by their nearest sign, the rest as `?`.
#[must_use]
pub fn to_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (cluster, _) in clusters(text) {
        match cluster.chars().next() {
            Some(c) if c.is_ascii() => out.push(c),
            Some(c @ '\u{2400}'..='\u{241F}') => out.extend(['^', char::from(64 + (u32::from(c) - 0x2400) as u8)]),
            Some('\u{2421}') => out.push_str("^?"),
            Some(c) => out.push(nearest(c)),
            None => {}
        }
    }
    out
}

fn nearest(c: char) -> char {
    match c {
        '…' | '·' | '。' => '.',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '‐'..='―' | '─'..='━' | '═' | '╌' | '╍' => '-',
        '│' | '┃' | '║' | '▌' | '▎' | '▏' | '▐' => '|',
        '┌'..='╋' | '╒'..='╬' | '╭'..='╰' => '+',
        '▶' | '▸' | '›' | '»' | '→' => '>',
        '◀' | '◂' | '‹' | '«' | '←' => '<',
        '↑' | '▲' => '^',
        '↓' | '▼' => 'v',
        '•' | '●' | '★' => '*',
        '○' => 'o',
        '✓' | '✔' => 'x',
        '█' | '▓' | '▒' | '░' => '#',
        c @ '\u{FF01}'..='\u{FF5E}' => char::from((u32::from(c) - 0xFEE0) as u8),
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_never_halves_a_wide_character() {
        assert_eq!(fit("漫游历史", 8), "漫游历史");
        assert_eq!(fit("漫游历史", 7), "漫游历…");
        assert_eq!(fit("漫游历史", 6), "漫游…");
        assert_eq!((fit("漫游", 1), fit("漫游", 0)), ("…".into(), "".into()));
        assert_eq!(pad("漫游历史", 6), "漫游… ");
    }

    #[test]
    fn a_file_name_keeps_its_ending_and_an_id_its_tail() {
        assert_eq!(fit_name("very-long-name.pdf", 12), "very-lo….pdf");
        assert_eq!(fit_name("archive.with-a-very-long-ending", 10), "archive.w…");
        assert_eq!(fit_both("express-order-1007", 10), "express…07");
    }

    #[test]
    fn ascii_terminals_get_carets_and_question_marks() {
        assert_eq!(to_ascii("␛[31m␡ 漫游… │ é"), "^[[31m^? ??. | ?");
    }
}

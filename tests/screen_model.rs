//! The writer judged by a terminal emulator: after any frames the emulated screen is the wanted one, for few bytes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use manyou::cells::{Colors, Palette, Surface};
use manyou::text::width;
use manyou::tui::screen::Screen;
use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Rect, Size};
use ratatui::style::{Color, Modifier, Style};

const UTF8: Palette = Palette { colors: Colors::True, utf8: true };
const PLAIN: Palette = Palette { colors: Colors::None, utf8: true };

struct Bench {
    screen: Screen<Vec<u8>>,
    model: vt100::Parser,
}

impl Bench {
    fn new(columns: u16, rows: u16, palette: Palette) -> Self {
        Self {
            screen: Screen::new(Vec::new(), Size::new(columns, rows), palette),
            model: vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0),
        }
    }

    /// Draws a frame, feeds the model, gives the bytes sent.
    fn frame(&mut self, draw: impl FnOnce(&mut Buffer)) -> Vec<u8> {
        self.frame_with(|buffer| {
            draw(buffer);
            None
        })
    }

    fn frame_with(&mut self, draw: impl FnOnce(&mut Buffer) -> Option<(u16, u16)>) -> Vec<u8> {
        let draw = |surface: &mut Surface| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, surface.width(), surface.height()));
            let cursor = draw(&mut buffer);
            copy(&buffer, surface);
            cursor
        };
        self.screen.draw(draw).unwrap();
        let sent = std::mem::take(self.screen.writer_mut());
        self.model.process(&sent);
        sent
    }

    fn resize(&mut self, columns: u16, rows: u16) {
        self.screen.resize(Size::new(columns, rows));
        self.model.screen_mut().set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
    }

    /// The first cell in which the model differs from the buffer.
    fn difference(&self, wanted: &Buffer) -> Option<String> {
        let area = *wanted.area();
        for y in 0..area.height {
            let mut x = 0;
            while x < area.width {
                let cell = &wanted[(x, y)];
                let cells = cell.symbol().cell_width().max(1);
                let got = self.model.screen().cell(y, x).unwrap();
                if x + cells <= area.width && !same(cell, got) {
                    return Some(format!("({x},{y}): wanted {cell:?}, got {got:?}"));
                }
                x += cells;
            }
        }
        None
    }
}

/// Draws what a buffer holds; cells behind a wide sign are left out.
fn copy(buffer: &Buffer, surface: &mut Surface) {
    for y in 0..surface.height() {
        surface.fill(y, 0..surface.width(), Style::new());
        let mut x = 0;
        while x < surface.width() {
            let cell = &buffer[(x, y)];
            surface.text(x, y, u16::MAX, cell.symbol(), cell.style());
            x += (width(cell.symbol()) as u16).max(1);
        }
    }
}

/// Of a disputed sign the model draws its parts its own way: its first character must stand there.
fn same(wanted: &Cell, got: &vt100::Cell) -> bool {
    let text = got.contents();
    let text = if text.is_empty() { " " } else { text };
    let base = wanted.symbol().chars().next().unwrap_or(' ');
    let simple = wanted.symbol().chars().count() == 1;
    let lines = wanted.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED);
    let blank = wanted.symbol() == " " && !lines;
    let style = got.inverse() == wanted.modifier.contains(Modifier::REVERSED)
        && got.underline() == wanted.modifier.contains(Modifier::UNDERLINED)
        && (blank || got.bold() == wanted.modifier.contains(Modifier::BOLD))
        && (blank || got.fgcolor() == color(wanted.fg))
        && got.bgcolor() == color(wanted.bg);
    style && if simple { text == wanted.symbol() } else { text.starts_with(base) }
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Red => vt100::Color::Idx(1),
        Color::White => vt100::Color::Idx(15),
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

fn styles() -> impl Strategy<Value = Style> {
    prop::sample::select(vec![
        Style::new(),
        Style::new(),
        Style::new().bold(),
        Style::new().reversed(),
        Style::new().fg(Color::Red).underlined(),
        Style::new().fg(Color::Indexed(200)).bg(Color::Rgb(1, 2, 3)).bold(),
        Style::new().bg(Color::White),
    ])
}

fn texts() -> impl Strategy<Value = String> {
    let parts = ["a", "bcd", " ", "   ", "漫游", "。", "é", "ก็", "👍", "♻️", "1️⃣", "👨‍👩‍👧", "🇨🇳", "ﾊﾞ", "─"];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 0..14).prop_map(|parts| parts.concat())
}

#[derive(Clone, Debug)]
enum Step {
    Rows(Vec<(usize, String, Style)>),
    Shift { top: usize, bottom: usize, by: isize },
    Resize(u16, u16),
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec((0..14usize, texts(), styles()), 0..8).prop_map(Step::Rows),
        3 => (0..5usize, 6..14usize, -4..5isize).prop_map(|(top, bottom, by)| Step::Shift { top, bottom, by }),
        1 => (8..40u16, 3..14u16).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
    ]
}

fn play(bench: &mut Bench, rows: &mut [(String, Style)], step: Step) {
    match step {
        Step::Rows(changes) => changes.into_iter().for_each(|(y, text, style)| rows[y] = (text, style)),
        Step::Shift { top, bottom, by } if by >= 0 => {
            rows[top..bottom].rotate_left(by.unsigned_abs().min(bottom - top));
        }
        Step::Shift { top, bottom, by } => {
            rows[top..bottom].rotate_right(by.unsigned_abs().min(bottom - top));
        }
        Step::Resize(columns, height) => bench.resize(columns, height),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_terminal_shows_what_is_wanted_after_any_frames(steps in prop::collection::vec(steps(), 1..12)) {
        let mut bench = Bench::new(24, 12, UTF8);
        let mut rows = vec![(String::new(), Style::new()); 14];
        for step in steps {
            play(&mut bench, &mut rows, step);
            let mut wanted = Buffer::empty(Rect::ZERO);
            bench.frame(|buffer| {
                for (y, (text, style)) in rows.iter().enumerate().take(buffer.area().height.into()) {
                    buffer.set_stringn(0, y as u16, text, buffer.area().width.into(), *style);
                }
                wanted = buffer.clone();
            });
            prop_assert_eq!(bench.difference(&wanted), None);
        }
    }

    #[test]
    fn widths_agree_with_the_frame_buffer(text in texts(), c in any::<char>()) {
        prop_assume!(!c.is_control());
        for text in [text, c.to_string(), format!("a{c}"), format!("漫{c}\u{FE0F}")] {
            for (cluster, cells) in manyou::text::clusters(&text) {
                prop_assert_eq!(cells, usize::from(cluster.cell_width()), "{:?}", cluster);
            }
        }
    }
}

/// A reading view of 120 by 40: header, 38 rows of history, footer; one row highlighted.
fn history(buffer: &mut Buffer, first: usize, highlight: Option<usize>) {
    buffer.set_string(0, 0, " alice · express-1007 ", Style::new().bold());
    for y in 0..38 {
        let text =
            format!("{:04} 这是第 {} 条消息 ", first + y, first + y) + &"漫游 history row ".repeat(1 + (first + y) % 5);
        buffer.set_stringn(0, 1 + y as u16, &text, 120, Style::new());
        if highlight == Some(first + y) {
            buffer.set_style(Rect::new(0, 1 + y as u16, 120, 1), Style::new().reversed());
        }
    }
    buffer.set_string(0, 39, " NORMAL ", Style::new().reversed());
}

fn text_bytes(buffer: &Buffer, y: u16) -> usize {
    let mut x = 0;
    let mut row = String::new();
    while x < buffer.area().width {
        row.push_str(buffer[(x, y)].symbol());
        x += buffer[(x, y)].symbol().cell_width().max(1);
    }
    row.trim_end().len()
}

#[test]
fn a_page_costs_little_more_than_its_text() {
    let mut bench = Bench::new(120, 40, PLAIN);
    bench.frame(|buffer| history(buffer, 0, None));
    let mut text = 0;
    let sent = bench.frame(|buffer| {
        history(buffer, 1000, None);
        text = (1..39).map(|y| text_bytes(buffer, y) + 2).sum();
    });
    println!("page: {} bytes for {text} of text", sent.len());
    assert!(sent.len() * 10 <= text * 12, "{} for {text}", sent.len());
}

#[test]
fn a_row_scrolled_in_is_the_only_text_sent() {
    let mut bench = Bench::new(120, 40, PLAIN);
    bench.frame(|buffer| history(buffer, 100, None));
    let mut text = 0;
    let sent = bench.frame(|buffer| {
        history(buffer, 101, None);
        text = text_bytes(buffer, 38);
    });
    println!("scroll: {} bytes for {text} of text", sent.len());
    assert!(sent.len() <= text + 46, "{} for {text}: {:?}", sent.len(), String::from_utf8_lossy(&sent));
    let mut wanted = Buffer::empty(Rect::ZERO);
    let back = bench.frame(|buffer| {
        history(buffer, 99, None);
        wanted = buffer.clone();
    });
    assert!(back.len() < 500, "{}", back.len());
    assert_eq!(bench.difference(&wanted), None);
}

#[test]
fn a_scroll_with_the_highlight_standing_still_keeps_the_other_rows() {
    let mut bench = Bench::new(120, 40, PLAIN);
    bench.frame(|buffer| history(buffer, 100, Some(120)));
    let sent = bench.frame(|buffer| history(buffer, 101, Some(121)));
    println!("scroll under the highlight: {} bytes", sent.len());
    assert!(sent.len() < 600, "{}", sent.len());
}

#[test]
fn a_highlight_step_sends_two_rows() {
    let mut bench = Bench::new(120, 40, PLAIN);
    bench.frame(|buffer| history(buffer, 0, Some(10)));
    let mut text = 0;
    let sent = bench.frame(|buffer| {
        history(buffer, 0, Some(11));
        text = text_bytes(buffer, 11) + 120 + text_bytes(buffer, 12);
    });
    println!("highlight: {} bytes for {text}", sent.len());
    assert!(sent.len() <= text + 50, "{} for {text}", sent.len());
}

#[test]
fn a_frame_without_change_sends_nothing() {
    let mut bench = Bench::new(80, 24, UTF8);
    bench.frame(history_small);
    assert!(bench.frame(history_small).is_empty());
}

fn history_small(buffer: &mut Buffer) {
    buffer.set_string(3, 3, "漫游 👨‍👩‍👧 ok", Style::new().fg(Color::Red));
}

#[test]
fn the_cursor_is_shown_where_it_is_wanted_and_its_place_is_known() {
    let mut bench = Bench::new(80, 24, UTF8);
    bench.frame_with(|_| Some((5, 7)));
    assert_eq!((bench.model.screen().cursor_position(), bench.model.screen().hide_cursor()), ((7, 5), false));
    assert!(bench.frame_with(|_| Some((5, 7))).is_empty());
    bench.frame_with(|_| None);
    assert!(bench.model.screen().hide_cursor());
}

/// Takes our own sequences out; what is left must be text.
fn foreign(sent: &[u8]) -> String {
    let text = String::from_utf8(sent.to_vec()).unwrap();
    let mut parts = text.split("\x1b[");
    let mut rest = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find(|c: char| c.is_ascii_alphabetic()).expect("a sequence ends");
        assert!(part[..end].chars().all(|c| c.is_ascii_digit() || ";?".contains(c)), "{part:?}");
        assert!("hlmHJKXSTrC".contains(&part[end..=end]), "{part:?}");
        rest.push_str(&part[end + 1..]);
    }
    rest
}

#[test]
fn no_control_of_unicode_reaches_the_terminal() {
    let hostile =
        (0..=0x0010_FFFF).filter_map(char::from_u32).filter(|c| !manyou::text::printable(*c) || *c == '\u{200D}');
    let hostile: Vec<char> =
        hostile.filter(|c| u32::from(*c) < 0xE000 || (0xF900..0x2_0000).contains(&u32::from(*c))).collect();
    for known in "\0\u{1B}\u{7F}\u{9B}\u{9D}\u{200E}\u{202E}\u{2066}\u{2028}\u{FEFF}\u{AD}".chars() {
        assert!(hostile.contains(&known), "{known:?}");
    }
    for pair in hostile.chunks(200) {
        let mut bench = Bench::new(200, 3, UTF8);
        let sent = bench.frame(|buffer| {
            for (x, c) in pair.iter().enumerate() {
                buffer[(x as u16, 0)].set_symbol(&format!("a{c}"));
                buffer[(x as u16, 1)].set_symbol(&c.to_string());
            }
        });
        let left = foreign(&sent);
        assert!(left.chars().all(|c| manyou::text::printable(c) || "\r\n".contains(c)), "{left:?}");
    }
}

#[test]
fn a_cell_of_a_million_marks_sends_its_base() {
    let heavy = format!("a{}", "\u{301}".repeat(100_000));
    let sent = Bench::new(10, 2, UTF8).frame(|buffer| {
        buffer[(0, 0)].set_symbol(&heavy);
    });
    assert!(sent.len() < 80);
}

#[test]
fn clusters_without_number_are_forgotten_and_drawn_right() {
    let mut bench = Bench::new(120, 10, UTF8);
    let mut wanted = Buffer::empty(Rect::ZERO);
    let marks: Vec<char> = ('\u{300}'..'\u{340}').collect();
    for first in 'a'..='z' {
        bench.frame(|buffer| {
            for (x, y) in (0..120).flat_map(|x| (0..10).map(move |y| (x, y))) {
                let more: String = [marks[usize::from(y)], marks[usize::from(x) % marks.len()]].iter().collect();
                buffer[(x, y)].set_symbol(&format!("{first}{more}"));
            }
            wanted = buffer.clone();
        });
        assert_eq!(bench.difference(&wanted), None);
    }
}

#[test]
fn a_terminal_without_utf8_gets_no_byte_above_127() {
    let mut bench = Bench::new(40, 4, Palette { colors: Colors::Ansi16, utf8: false });
    let sent = bench.frame(|buffer| {
        buffer.set_string(0, 0, "漫游… │ ─ é 👍", Style::new());
    });
    assert!(sent.is_ascii());
    assert!(bench.model.screen().contents().starts_with("????. | - ? ??"));
}

#[test]
fn without_colours_only_attributes_are_sent() {
    let mut bench = Bench::new(40, 4, PLAIN);
    let sent = bench.frame(|buffer| {
        buffer.set_string(0, 0, "x", Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Red).bold());
    });
    assert!(String::from_utf8(sent).unwrap().contains("\x1b[1mx\x1b[m"));
    assert_eq!(width("x"), 1);
}

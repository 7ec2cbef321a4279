//! A one-line text field: tui-textarea underneath, whole characters on top.

use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::keymap::{Code, Key};

/// Characters a field takes at most.
const LONGEST: usize = 512;

/// What a key did to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The text changed.
    Changed,
    /// Only the caret moved, or nothing happened; the key is used up.
    Used,
    /// Enter.
    Accept,
    /// Esc.
    Leave,
    /// Not a key for text fields.
    Other,
}

/// A one-line text field.
#[derive(Clone)]
pub struct Input {
    area: TextArea<'static>,
    /// The text is a secret: drawn as dots.
    pub secret: bool,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.secret { "[secret]" } else { self.text() })
    }
}

impl Default for Input {
    fn default() -> Self {
        Self::new("")
    }
}

impl Input {
    /// A field that holds `text`, caret at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(vec![one_line(text)]);
        area.move_cursor(CursorMove::End);
        Self { area, secret: false }
    }

    /// A field whose text is drawn as dots.
    #[must_use]
    pub fn secret() -> Self {
        Self { secret: true, ..Self::new("") }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// The text before the caret.
    #[must_use]
    pub fn before_caret(&self) -> &str {
        let column = self.area.cursor().1;
        let text = self.text();
        text.char_indices().nth(column).map_or(text, |(at, _)| &text[..at])
    }

    /// Empties the field.
    pub fn clear(&mut self) {
        *self = Self { secret: self.secret, ..Self::new("") };
    }

    /// Takes a pasted text; line breaks become blanks.
    pub fn paste(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.text().chars().count());
        self.area.insert_str(one_line(text).chars().take(room).collect::<String>());
    }

    /// Takes a key, readline style.
    pub fn key(&mut self, key: Key) -> Typed {
        let before = self.text().len();
        match (key.code, key.ctrl) {
            (Code::Enter, _) => return Typed::Accept,
            (Code::Esc, _) => return Typed::Leave,
            (Code::Char(c), false) if !key.alt => {
                if self.text().chars().count() < LONGEST {
                    self.area.insert_char(c);
                }
            }
            (Code::Backspace, false) | (Code::Char('h'), true) => self.delete(Self::step_back),
            (Code::Delete, false) | (Code::Char('d'), true) => self.delete(Self::step_forward),
            (Code::Left, false) | (Code::Char('b'), true) => self.step_back(),
            (Code::Right, false) | (Code::Char('f'), true) => self.step_forward(),
            (Code::Home, _) | (Code::Char('a'), true) => self.area.move_cursor(CursorMove::Head),
            (Code::End, _) | (Code::Char('e'), true) => self.area.move_cursor(CursorMove::End),
            (Code::Char('w') | Code::Backspace, true) => drop(self.area.delete_word()),
            (Code::Char('k'), true) => drop(self.area.delete_line_by_end()),
            (Code::Char('u'), true) => drop(self.area.delete_line_by_head()),
            _ => return Typed::Other,
        }
        if self.text().len() == before { Typed::Used } else { Typed::Changed }
    }

    /// The field moves and deletes by code point; people see clusters.
    fn step_back(&mut self) {
        let cluster = self.before_caret().graphemes(true).next_back().map_or(0, |g| g.chars().count());
        for _ in 0..cluster {
            self.area.move_cursor(CursorMove::Back);
        }
    }

    fn step_forward(&mut self) {
        let after = &self.text()[self.before_caret().len()..];
        let cluster = after.graphemes(true).next().map_or(0, |g| g.chars().count());
        for _ in 0..cluster {
            self.area.move_cursor(CursorMove::Forward);
        }
    }

    fn delete(&mut self, step: fn(&mut Self)) {
        self.area.start_selection();
        step(self);
        self.area.cut();
        self.area.cancel_selection();
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_field_says_nothing_in_debug_output() {
        let field = Input { secret: true, ..Input::new("hunter2") };
        assert!(!format!("{field:?}").contains("hunter2"));
    }

    #[test]
    fn a_whole_cluster_goes_at_once() {
        let mut field = Input::new("退款👨‍👩‍👧");
        assert_eq!(field.key(Key::plain(Code::Backspace)), Typed::Changed);
        assert_eq!(field.text(), "退款");
        assert_eq!(field.key(Key::plain(Code::Left)), Typed::Used);
        assert_eq!(field.before_caret(), "退");
        field.key(Key::char('!'));
        assert_eq!(field.text(), "退!款");
    }

    #[test]
    fn a_paste_is_one_line() {
        let mut field = Input::default();
        field.paste("a\nb\x1b[2J");
        assert_eq!(field.text(), "a b [2J");
    }
}

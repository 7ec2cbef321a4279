//! Foreign text made harmless: what would act on a terminal becomes visible, what cannot be seen is dropped and counted.

use super::chars::{Kind, joins, kind, pictograph, takes_selector};
use super::width::width;

/// Marks kept on one base; legitimate scripts need fewer.
const MARKS: u8 = 8;
/// Pictographs joined to one; the longest real sequence joins four.
const JOINS: u8 = 4;
const TAB: usize = 4;

/// Text that is safe to draw, and what was done to it. The raw text stays with its owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clean {
    /// Safe text.
    pub text: String,
    /// Characters dropped because nobody would see them.
    pub hidden: usize,
    /// Characters shown as a control picture or as their number, `<U+202E>`.
    pub tagged: usize,
}

/// Cleans a message body: line breaks of every kind become `\n`, tabs become blanks to the next multiple of four cells.
#[must_use]
pub fn body(raw: &str) -> Clean {
    clean(raw, Place::Body)
}

/// Cleans a name, title or other one-row text: breaks, tabs and invisible characters become visible marks.
#[must_use]
pub fn label(raw: &str) -> Clean {
    clean(raw, Place::Label)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Body,
    Label,
}

fn clean(raw: &str, place: Place) -> Clean {
    if raw.bytes().all(|b| (b' '..=b'~').contains(&b) || (b == b'\n' && place == Place::Body)) {
        return Clean { text: raw.to_owned(), hidden: 0, tagged: 0 };
    }
    let mut cleaner = Cleaner::new(raw.len(), place);
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\r', Some('\n')) => {}
            (_, next) => cleaner.push(c, next.copied()),
        }
    }
    cleaner.clean
}

struct Cleaner {
    clean: Clean,
    place: Place,
    /// The character marks would stand on; none at the start of a row.
    base: Option<char>,
    marks: u8,
    joins: u8,
    /// Byte where the text since the last tab or break begins.
    stop: usize,
}

impl Cleaner {
    fn new(len: usize, place: Place) -> Self {
        let clean = Clean { text: String::with_capacity(len), hidden: 0, tagged: 0 };
        Self { clean, place, base: None, marks: 0, joins: 0, stop: 0 }
    }

    fn push(&mut self, c: char, next: Option<char>) {
        match (kind(c), self.place) {
            (_, Place::Body) if matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}') => self.end_row(),
            (_, Place::Body) if c == '\t' => self.tab(),
            (Kind::Plain, _) => self.plain(c),
            (Kind::Blank, _) => self.plain(' '),
            (Kind::Mark, _) => self.mark(c),
            (Kind::Control, _) => self.picture(c),
            (Kind::Tag, _) => self.tag(c),
            (Kind::BidiMark, _) => self.clean.hidden += 1,
            (Kind::Joiner, _) if self.may_join(c, next) => self.join(c),
            (Kind::Selector, _) if self.may_select() => self.clean.text.push(c),
            (Kind::Joiner | Kind::Selector | Kind::Invisible, Place::Body) => self.clean.hidden += 1,
            (Kind::Joiner | Kind::Selector | Kind::Invisible, Place::Label) => self.tag(c),
        }
    }

    fn plain(&mut self, c: char) {
        if !self.clean.text.ends_with('\u{200D}') {
            self.joins = 0;
        }
        self.clean.text.push(c);
        (self.base, self.marks) = (Some(c), 0);
    }

    fn mark(&mut self, c: char) {
        if self.base.is_none() && !pictograph(c) {
            self.plain('\u{25CC}');
        }
        match self.marks {
            MARKS.. => self.clean.hidden += 1,
            _ if self.base.is_none() => self.plain(c),
            _ => {
                self.clean.text.push(c);
                self.marks += 1;
            }
        }
    }

    fn picture(&mut self, c: char) {
        self.clean.tagged += 1;
        let code = if c == '\u{7F}' { 0x2421 } else { 0x2400 + u32::from(c) };
        self.plain(char::from_u32(code).unwrap_or('\u{FFFD}'));
    }

    fn tag(&mut self, c: char) {
        self.clean.tagged += 1;
        self.clean.text.push_str(&format!("<U+{:04X}", u32::from(c)));
        self.plain('>');
    }

    fn may_join(&self, c: char, next: Option<char>) -> bool {
        let (Some(base), Some(next)) = (self.base, next) else { return false };
        let fresh = !self.clean.text.ends_with(['\u{200C}', '\u{200D}']);
        let emoji = c == '\u{200D}' && pictograph(base) && pictograph(next) && self.joins < JOINS;
        fresh && (emoji || (joins(base) && joins(next)))
    }

    fn join(&mut self, c: char) {
        self.joins += 1;
        self.clean.text.push(c);
    }

    /// Only straight after its base, so never twice.
    fn may_select(&self) -> bool {
        self.clean.text.chars().next_back().is_some_and(|last| Some(last) == self.base && takes_selector(last))
    }

    fn end_row(&mut self) {
        self.clean.text.push('\n');
        (self.base, self.marks, self.stop) = (None, 0, self.clean.text.len());
    }

    fn tab(&mut self) {
        let column = width(&self.clean.text[self.stop..]);
        for _ in column % TAB..TAB {
            self.plain(' ');
        }
        self.stop = self.clean.text.len();
    }
}

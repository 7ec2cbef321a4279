//! Tokens: what a text is cut into, the same for an index and for a look at the text itself.
//!
//! * Letters and digits in a row are one token, marks included: `iphone15`, `москва`. A word of more than [`MAX_WORD`]
//!   characters is cut into several, so that no blob becomes one huge token.
//! * Scripts that put no blanks between words give a token for each character: Han, kana, Hangul, bopomofo, Yi, Thai,
//!   Lao, Khmer, Myanmar and their relatives.
//! * Every other sign is a token of its own: punctuation with `_` `-` `.` `@`, symbols, emoji. So `order_id` is found
//!   by `order`, by `id` and as a whole. Joined emoji are a token for each pictograph, since joiners are invisible: 💻
//!   finds 👩‍💻, and 👍 finds it in every skin colour. Two regional indicators are one token, a flag.
//! * Blanks separate and are not kept.
//!
//! Tokens are written one after another, a blank before each. ASCII punctuation is written in full width: folding
//! leaves none of that, and an index that splits at ASCII signs needs no options and no escapes.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::highlight::Place;
use super::{Script, fold, hanzi};

/// Characters of a word that make one token.
pub(super) const MAX_WORD: usize = 64;

/// How a folded character enters the tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    /// Joins the word before it.
    Mark,
    /// A token of its own.
    Single,
    /// Half a flag.
    Regional,
}

/// Writes tokens; one for each part that no term may run across.
pub(super) struct Writer<'a> {
    out: &'a mut String,
    script: Script,
    /// Characters in the open word; 0 when none is open.
    word: usize,
    is_half_flag: bool,
}

impl<'a> Writer<'a> {
    /// Goes on after what stands in `out`.
    pub(super) const fn new(out: &'a mut String, script: Script) -> Self {
        Self { out, script, word: 0, is_half_flag: false }
    }

    /// Adds a text.
    pub(super) fn text(mut self, text: &str) {
        // Most characters take three bytes and get a blank.
        self.out.reserve(text.len() / 3 * 4 + 4);
        fold::each(text, |c, _, _| {
            self.put(c);
        });
    }

    /// Adds a text and notes for each character written where it stands and which bytes of the text it came from.
    pub(super) fn placed(mut self, text: &str) -> Vec<Place> {
        let mut places = Vec::with_capacity(text.len());
        fold::each(text, |c, start, end| {
            if let Some(at) = self.put(c) {
                places.push(Place { at, start, end });
            }
        });
        places
    }

    /// Adds a folded character and returns where it was written.
    fn put(&mut self, c: char) -> Option<usize> {
        let class = class(c);
        let joins = match class {
            Class::Blank => {
                (self.word, self.is_half_flag) = (0, false);
                return None;
            }
            Class::Word => self.word > 0 && self.word < MAX_WORD,
            Class::Mark => self.word > 0,
            Class::Regional => self.is_half_flag,
            Class::Single => false,
        };
        if !joins {
            self.out.push(' ');
        }
        self.word = match class {
            Class::Word if joins => self.word + 1,
            Class::Word => 1,
            Class::Mark => self.word,
            _ => 0,
        };
        self.is_half_flag = class == Class::Regional && !joins;
        let at = self.out.len();
        self.out.push(self.written(c));
        Some(at)
    }

    fn written(&self, c: char) -> char {
        match c {
            'a'..='z' | '0'..='9' => c,
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
            '\u{3400}'..='\u{9FFF}' if self.script == Script::Either => hanzi::simplified(c),
            _ => c,
        }
    }
}

/// Whether the last token written may be the beginning of a longer one.
pub(super) fn is_open(tokens: &str) -> bool {
    tokens.chars().next_back().is_some_and(|c| matches!(class(c), Class::Word | Class::Mark | Class::Regional))
}

fn class(c: char) -> Class {
    match c {
        ' ' => Class::Blank,
        'a'..='z'
        | '0'..='9'
        | '\u{DF}'..='\u{F6}'
        | '\u{F8}'..='\u{2AF}'
        | '\u{3B1}'..='\u{3CE}'
        | '\u{430}'..='\u{481}' => Class::Word,
        '!'..='~' => Class::Single,
        '\u{1F1E6}'..='\u{1F1FF}' => Class::Regional,
        _ if is_unspaced(c) => Class::Single,
        _ => by_category(c),
    }
}

/// Scripts without blanks between words, with the signs among them.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7FF}' | '\u{20000}'..='\u{3FFFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        | '\u{1950}'..='\u{19FF}' | '\u{1A20}'..='\u{1AAF}' | '\u{1B00}'..='\u{1B7F}' | '\u{A960}'..='\u{A9FF}'
        | '\u{AA60}'..='\u{AADF}' | '\u{16FE0}'..='\u{18DFF}' | '\u{1AFF0}'..='\u{1B2FF}')
}

fn by_category(c: char) -> Class {
    use GeneralCategory as G;
    match c.general_category() {
        G::UppercaseLetter | G::LowercaseLetter | G::TitlecaseLetter | G::ModifierLetter | G::OtherLetter => {
            Class::Word
        }
        G::DecimalNumber => Class::Word,
        G::NonspacingMark | G::SpacingMark | G::EnclosingMark => Class::Mark,
        _ => Class::Single,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> String {
        let mut out = String::new();
        Writer::new(&mut out, Script::AsTyped).text(text);
        out
    }

    #[test]
    fn words_stay_whole_and_everything_else_is_single() {
        for (text, expected) in [
            ("用iPhone15手机，OK", " 用 iphone15 手 机 ， ok"),
            ("order_id=A-1.5", " order ＿ id ＝ a － 1 ． 5"),
            ("Москва café नमस्ते", " москва café नमस्ते"),
            ("ｶﾞ한글ㄅก็", " ガ 한 글 ㄅ ก ็"),
            ("👩\u{200D}💻👍🏽❤\u{FE0F}1\u{FE0F}\u{20E3}", " 👩 💻 👍 🏽 ❤ 1\u{20E3}"),
            ("🇨🇳🇸🇪🇨", " 🇨🇳 🇸🇪 🇨"),
            ("x²③\u{301}", " x ² ③ \u{301}"),
            (" \n\u{200B} ", ""),
        ] {
            assert_eq!(tokens(text), expected);
        }
        assert_eq!(tokens(&"a".repeat(MAX_WORD + 1)), format!(" {} a", "a".repeat(MAX_WORD)));
    }

    #[test]
    fn either_script_is_written_as_the_simplified_one() {
        let mut out = String::new();
        Writer::new(&mut out, Script::Either).text("退款訂單");
        assert_eq!(out, " 退 款 订 单");
    }
}

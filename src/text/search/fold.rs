//! Folding: every spelling of a word becomes one. Read [`each`] first.
//!
//! What is the same after folding: upper and lower case, full and half width, composed and decomposed letters and
//! syllables, blanks of any kind. What nobody sees is dropped: joiners, zero-width blanks, bidi marks and controls,
//! selectors, soft hyphens, tag letters. Control characters become the pictures the screen shows for them. Marks are
//! kept: `café` is not `cafe`. Traditional and simplified characters stay apart here; the tokens of an index merge
//! them.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::super::chars::{Kind, kind};

/// The folded text. A blank of any kind is one space; the number of blanks stays.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    each(text, |c, _, _| out.push(c));
    out
}

/// Hands over the folded characters in order, each with the start and end in bytes of what it came from: a character
/// with all that stands on it, so several folded characters may share one place.
pub(super) fn each(text: &str, mut put: impl FnMut(char, usize, usize)) {
    if text.is_ascii() {
        return text.bytes().enumerate().for_each(|(at, b)| put(ascii(b), at, at + 1));
    }
    let mut chars = text.chars();
    let mut next = chars.next();
    let (mut at, mut buffer) = (0, String::new());
    while let Some(c) = next {
        let mut end = at + c.len_utf8();
        next = chars.next();
        if let Some(folded) = simple(c)
            && next.is_none_or(starts)
        {
            put(folded, at, end);
        } else {
            while let Some(more) = next.filter(|&c| !starts(c)) {
                end += more.len_utf8();
                next = chars.next();
            }
            fold_group(&text[at..end], &mut buffer, |c| put(c, at, end));
        }
        at = end;
    }
}

/// Characters that fold to one without a look at any table, most of what is ever written.
fn simple(c: char) -> Option<char> {
    let folded = match c {
        '\0'..='\u{7F}' => ascii(c as u8),
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => ascii((u32::from(c) - 0xFEE0) as u8),
        _ if is_inert(c) => c,
        _ => return None,
    };
    Some(folded)
}

fn ascii(b: u8) -> char {
    match b {
        b' ' | b'\t'..=b'\r' => ' ',
        ..=0x1F => char::from_u32(0x2400 + u32::from(b)).unwrap_or_default(),
        0x7F => '\u{2421}',
        _ => char::from(b.to_ascii_lowercase()),
    }
}

/// Whole blocks without case, compositions that start there, or anything invisible: CJK marks and kana, Hangul
/// syllables, Han, pictographs.
fn is_inert(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A0}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{AC00}'..='\u{D7A3}' | '\u{1F300}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1F6FF}' | '\u{1F900}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{2F7FF}')
}

/// Whether a character starts a group of its own, whatever stands before it. Marks, letters that compose with the one
/// before them and invisible characters do not.
fn starts(c: char) -> bool {
    match c {
        '\u{AD}' | '\u{FF9E}' | '\u{FF9F}' => false,
        '\0'..='\u{2FF}' | '\u{370}'..='\u{482}' | '\u{FF01}'..='\u{FF9D}' => true,
        // These have class 0 but decompose to marks.
        '\u{F73}' | '\u{F75}' | '\u{F81}' => false,
        _ if is_inert(c) => true,
        _ => {
            !is_ignored(c)
                && canonical_combining_class(c) == 0
                && is_nfc_quick(std::iter::once(c)) != IsNormalized::Maybe
        }
    }
}

/// What a search does not see.
fn is_ignored(c: char) -> bool {
    match c {
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
        _ => matches!(kind(c), Kind::Invisible | Kind::Joiner | Kind::Selector | Kind::BidiMark),
    }
}

/// Folds a character with what stands on it. Case goes first, since a small letter may compose where its capital does
/// not.
fn fold_group(group: &str, buffer: &mut String, put: impl FnMut(char)) {
    buffer.clear();
    for c in group.chars().filter(|&c| !is_ignored(c)) {
        match simple(c) {
            Some(folded) => buffer.push(folded),
            None => buffer.extend(narrow(c).to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c })),
        }
    }
    if buffer.contains('\u{307}') {
        drop_dot_of_i(buffer);
    }
    if is_nfc_quick(buffer.chars()) == IsNormalized::Yes {
        buffer.chars().for_each(put);
    } else {
        buffer.nfc().for_each(put);
    }
}

/// The small letter of `İ` is an i with a second dot, which nobody types: `istanbul` must find it.
fn drop_dot_of_i(buffer: &mut String) {
    let apart: String = buffer.nfd().collect();
    if apart.starts_with('i') {
        *buffer = apart.chars().filter(|&c| c != '\u{307}').collect();
    }
}

/// The usual form of a character of another width, and of a radical that looks like a character.
fn narrow(c: char) -> char {
    match c {
        '\u{FF5F}'..='\u{FFEE}' => HALF.get(u32::from(c) as usize - 0xFF5F).copied().unwrap_or(c),
        '\u{2E9F}' | '\u{2EF3}' | '\u{2F00}'..='\u{2FD5}' => {
            let mut usual = c;
            decompose_compatible(c, |part| usual = part);
            usual
        }
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

/// U+FF5F to U+FFEE in their usual width.
#[rustfmt::skip]
const HALF: [char; 144] = [
    '⦅', '⦆', '。', '「', '」', '、', '・', 'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア', 'イ', 'ウ', 'エ', 'オ', 'カ',
    'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ', 'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ', 'フ', 'ヘ', 'ホ',
    'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ', 'ワ', 'ン', '\u{3099}', '\u{309A}', '\u{3164}', 'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ',
    'ㄵ', 'ㄶ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ',
    'ㅍ', 'ㅎ', '\u{FFBF}', '\u{FFC0}', '\u{FFC1}', 'ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', '\u{FFC8}', '\u{FFC9}', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅘ', 'ㅙ',
    'ㅚ', '\u{FFD0}', '\u{FFD1}', 'ㅛ', 'ㅜ', 'ㅝ', 'ㅞ', 'ㅟ', 'ㅠ', '\u{FFD8}', '\u{FFD9}', 'ㅡ', 'ㅢ', 'ㅣ', '\u{FFDD}', '\u{FFDE}', '\u{FFDF}',
    '¢', '£', '¬', '¯', '¦', '¥', '₩', '\u{FFE7}', '│', '←', '↑', '→', '↓', '■', '○',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_to_one() {
        for (spellings, folded) in [
            (&["ＡＢＣ１２３！", "abc123!", "Abc123！"][..], "abc123!"),
            (&["ガｷﾞﾊﾟ", "ｶﾞギパ", "カ\u{3099}ｷ\u{3099}ﾊ\u{309A}"], "ガギパ"),
            (&["café", "CAFE\u{301}", "cafe\u{200D}\u{301}"], "café"),
            (&["İstanbul", "I\u{307}STANBUL", "istanbul"], "istanbul"),
            (&["ΟΔΟΣ", "οδος"], "οδοσ"),
            (&["한글", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"], "한글"),
            (&["ﾡﾢ￡", "ㄱㄲ£"], "ㄱㄲ£"),
            (&["\u{2F6F}", "石"], "石"),
            (&["ཀ\u{F80}\u{F73}", "ཀ\u{F71}\u{F80}\u{F72}"], "ཀ\u{F71}\u{F80}\u{F72}"),
            (&["\u{F900}", "豈"], "豈"),
            (&["a\u{3000}\n\u{A0}b", "A   B"], "a   b"),
            (&["❤\u{FE0F}👩\u{200D}💻", "❤👩💻"], "❤👩💻"),
            (&["\u{200B}x\u{AD}\u{202E}\u{2066}y\u{E0067}", "xy"], "xy"),
            (&["\u{1B}[2J\0", "␛[2j␀"], "␛[2j␀"),
            (&["\u{FDFA}"], "\u{FDFA}"),
        ] {
            for spelling in spellings {
                assert_eq!(fold(spelling), folded, "{spelling:?}");
            }
        }
        assert_ne!(fold("cafe"), fold("café"));
    }

    #[test]
    fn every_folded_character_knows_its_place() {
        let text = "Ａe\u{301}İ\u{200D}漢";
        let mut places = Vec::new();
        each(text, |c, start, end| places.push((c, &text[start..end])));
        assert_eq!(places, [('a', "Ａ"), ('é', "e\u{301}"), ('i', "İ\u{200D}"), ('漢', "漢")]);
    }
}

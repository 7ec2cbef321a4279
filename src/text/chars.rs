//! What a code point may do on a screen: the one classification behind the sanitizer and the terminal's last filter.

use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

/// How a code point of foreign text is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Shown as it is.
    Plain,
    /// Stands on the character before it: combining marks and skin tones.
    Mark,
    /// A blank that is not the plain space.
    Blank,
    /// C0 or DEL: has a control picture.
    Control,
    /// Never shown itself, its number is: C1, bidi controls, line and paragraph separators, private use, unassigned.
    Tag,
    /// U+061C, U+200E, U+200F: lawful but not needed on screen.
    BidiMark,
    /// ZWJ and ZWNJ.
    Joiner,
    /// VS15 and VS16.
    Selector,
    /// Takes no room and carries nothing a reader sees.
    Invisible,
}

pub(super) fn kind(c: char) -> Kind {
    match c {
        ' '..='~' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}' => Kind::Plain,
        '\0'..='\u{1F}' | '\u{7F}' => Kind::Control,
        '\u{80}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Kind::Tag,
        '\u{61C}' | '\u{200E}' | '\u{200F}' => Kind::BidiMark,
        '\u{200C}' | '\u{200D}' => Kind::Joiner,
        '\u{FE0E}' | '\u{FE0F}' => Kind::Selector,
        '\u{1F3FB}'..='\u{1F3FF}' => Kind::Mark,
        _ => by_category(c),
    }
}

fn by_category(c: char) -> Kind {
    match c.general_category() {
        GeneralCategory::PrivateUse | GeneralCategory::Unassigned | GeneralCategory::Surrogate => Kind::Tag,
        _ if default_ignorable(c) => Kind::Invisible,
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark => Kind::Mark,
        GeneralCategory::SpaceSeparator => Kind::Blank,
        GeneralCategory::Format if !visible_format(c) => Kind::Invisible,
        _ => Kind::Plain,
    }
}

/// Fillers and selectors that are letters or marks by category but draw nothing.
fn default_ignorable(c: char) -> bool {
    matches!(c, '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0D}' | '\u{FFA0}' | '\u{E0100}'..='\u{E01EF}')
}

/// Format characters that draw a sign around or before digits.
fn visible_format(c: char) -> bool {
    matches!(
        c,
        '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}' | '\u{110BD}' | '\u{110CD}'
    )
}

/// Whether a character may reach the terminal; joiners and emoji selectors may, inside a cluster.
#[must_use]
pub fn printable(c: char) -> bool {
    matches!(kind(c), Kind::Plain | Kind::Mark | Kind::Blank | Kind::Joiner | Kind::Selector)
}

/// Whether ZWJ may stand beside it.
pub(super) fn pictograph(c: char) -> bool {
    !c.is_ascii() && c.is_emoji_char()
}

/// Whether VS15 or VS16 may follow it: pictographs and the bases of keycaps.
pub(super) fn takes_selector(c: char) -> bool {
    pictograph(c) || matches!(c, '0'..='9' | '#' | '*')
}

/// Whether its script changes shape at a joiner: Arabic and its relatives, Indic scripts, Myanmar, Khmer, Mongolian.
pub(super) fn joins(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{7FF}' | '\u{840}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

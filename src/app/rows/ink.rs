//! Parts of a drawn row: text in roles. What a role looks like is the theme's business.

use crate::text::wrap::Row;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ink {
    /// What people wrote.
    #[default]
    Text,
    /// Names, titles, keys.
    Strong,
    /// Times, facts, read rows.
    Muted,
    /// Column heads, counts.
    Faint,
    /// Rules; never carries information alone.
    Line,
    /// Own, new, good.
    Accent,
    /// Accent where it is a heading.
    AccentStrong,
    /// Somebody waits, caution.
    Wait,
    /// Caution where it is a heading.
    WaitStrong,
    /// Failed, destructive.
    Hot,
    /// Hot where it is a heading or the one sentence that matters.
    HotStrong,
    /// The frame of what will destroy something; no words.
    HotLine,
    /// A find hit.
    Hit,
    /// A key cap or reaction; begins and ends with a blank that `[ ]` may replace.
    Chip,
    /// A key cap.
    Cap,
}

/// The line between names and words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Gutter {
    /// None: a separator row.
    #[default]
    None,
    /// Somebody else's words.
    Peer,
    /// A program's words.
    Bot,
    /// Own words.
    Me,
    /// Words that wait for an answer.
    Waits,
}

/// What fills a row between its words and its right end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fill {
    /// Nothing.
    #[default]
    Blank,
    /// A hairline.
    Rule,
    /// A dashed line: something is missing here.
    Dashes,
}

/// One row of the history pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// In the name column, which ends before the gutter; in a narrow pane at the left.
    pub name: Row<Ink>,
    /// Between name and words.
    pub gutter: Gutter,
    /// Words.
    pub words: Row<Ink>,
    /// Between words and right end.
    pub fill: Fill,
    /// At the far edge.
    pub right: Row<Ink>,
    /// Belongs to the message itself: cursor, mark and find show on it. Separators do not.
    pub of_message: bool,
}

//! The words an export for people needs, in the reader's language; the caller takes them from its own sentences.

/// Words beside names, numbers and times. Lower case in English, since they stand inside lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Language of these words, as a tag such as `en` or `zh-CN`.
    pub lang: String,
    /// `account`
    pub account: String,
    /// `app`
    pub app: String,
    /// `server`
    pub server: String,
    /// `profile`
    pub profile: String,
    /// `exported`, before a moment
    pub exported: String,
    /// `time zone`
    pub zone: String,
    /// `written by`, before the program's name
    pub program: String,
    /// `messages`, beside a number
    pub messages: String,
    /// `first`, before a moment
    pub first: String,
    /// `last`, before a moment
    pub last: String,
    /// `extent`, before `whole` or `part`
    pub extent: String,
    /// `complete`
    pub whole: String,
    /// `incomplete`
    pub part: String,
    /// `image`
    pub image: String,
    /// `moving image`
    pub gif: String,
    /// `voice`
    pub voice: String,
    /// `video`
    pub video: String,
    /// `file`
    pub file: String,
    /// `place`
    pub place: String,
    /// `command`
    pub command: String,
    /// `custom`
    pub custom: String,
    /// `record`, several messages forwarded in one
    pub record: String,
    /// `thread`
    pub thread: String,
    /// `unknown`
    pub unknown: String,
    /// `damaged`
    pub damaged: String,
    /// `(empty)`
    pub empty: String,
    /// `recalled a message`, behind a name
    pub recalled: String,
    /// `edited`
    pub edited: String,
    /// `replaced by moderation`
    pub replaced: String,
    /// `not finished`, of a streamed text
    pub unfinished: String,
    /// `hidden`, of characters, behind their number
    pub hidden: String,
    /// `invalid time`, before the raw number
    pub bad_time: String,
    /// `saved as`, before a path
    pub saved: String,
    /// Monday to Sunday
    pub weekdays: [String; 7],
}

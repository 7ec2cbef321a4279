//! Messages as people see them, with the bytes they came as.

use bytes::Bytes;

use super::{ChatType, MessageId, MessageKind, ServerTime};

/// One message of a conversation. Texts are as received: sanitize before they reach a terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The server's id; `MessageId(0)` only on a damaged message whose id could not be read.
    pub id: MessageId,
    /// Single, group or room, from the message itself.
    pub chat_type: ChatType,
    /// User id of the sender, as received, without device.
    pub from: String,
    /// User id of the receiver, or the group's or room's id.
    pub to: String,
    /// Server receive time; check [`ServerTime::is_valid_at`] before sorting or showing it.
    pub time: ServerTime,
    /// What was said.
    pub body: Body,
    /// The app's own attributes, in wire order.
    pub ext: Vec<(String, ExtValue)>,
    /// Set when the message was edited.
    pub edit: Option<Edit>,
    /// Reactions, in wire order.
    pub reactions: Vec<Reaction>,
    /// Set when a thread hangs on this message, or the message belongs to one.
    pub thread: Option<ThreadInfo>,
    /// Translations the service attached.
    pub translations: Vec<Translation>,
    /// Delivery state where the service tells it.
    pub delivered: Option<bool>,
    /// Read state where the service tells it.
    pub read: Option<bool>,
    /// Moderation replaced the content.
    pub replaced: bool,
    /// The bytes the message came as: protobuf `Meta`, or the JSON object.
    pub raw: Bytes,
}

impl Message {
    /// When it was sent: by its own word, else as its id tells (`protocol` 1); `None` where neither can be true at
    /// `now`, or there is no id to tell. A time that the id confirms holds whatever `now` is: clocks are wrong by years,
    /// and two words of the server are not wrong alike.
    #[must_use]
    pub fn sent_at(&self, now: ServerTime) -> Option<ServerTime> {
        let by_id = (self.id != MessageId(0)).then(|| self.id.time());
        if by_id.is_some_and(|by_id| self.time.is_valid_at(by_id) && by_id.is_valid_at(self.time)) {
            return Some(self.time);
        }
        [Some(self.time), by_id].into_iter().flatten().find(|time| time.is_valid_at(now))
    }

    /// A message with `body` and nothing that hangs on it; `from_to` are sender and receiver.
    #[must_use]
    pub fn plain(
        id: MessageId,
        chat_type: ChatType,
        from_to: [String; 2],
        time: ServerTime,
        body: Body,
        raw: Bytes,
    ) -> Self {
        let [from, to] = from_to;
        Self {
            id,
            chat_type,
            from,
            to,
            time,
            body,
            ext: Vec::new(),
            edit: None,
            reactions: Vec::new(),
            thread: None,
            translations: Vec::new(),
            delivered: None,
            read: None,
            replaced: false,
            raw,
        }
    }
}

/// The kinds of content (`protocol` 6.2). Strings are as received.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Plain text; `stream` set on a streamed one.
    Text {
        /// The words.
        text: String,
        /// Where a streamed text stands.
        stream: Option<Stream>,
    },
    /// A picture.
    Image {
        /// The picture file.
        file: Attachment,
        /// Pixels.
        size: Option<Size>,
        /// Marked as an animation.
        gif: bool,
    },
    /// A voice message.
    Audio {
        /// The sound file.
        file: Attachment,
        /// Duration in seconds.
        seconds: i32,
    },
    /// A video.
    Video {
        /// The video file.
        file: Attachment,
        /// Duration in seconds.
        seconds: i32,
        /// Pixels.
        size: Option<Size>,
        /// The still picture.
        thumb: Option<Attachment>,
    },
    /// Any other file.
    File {
        /// The file.
        file: Attachment,
    },
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// Street address.
        address: String,
        /// Name of the place.
        building: String,
    },
    /// A command between apps; not meant for people.
    Command {
        /// The command word.
        action: String,
        /// Its parameters.
        params: Vec<(String, ExtValue)>,
    },
    /// The app's own kind.
    Custom {
        /// Event name.
        event: String,
        /// Its values.
        exts: Vec<(String, ExtValue)>,
    },
    /// Several forwarded messages in one.
    Combine {
        /// Text for older clients.
        fallback: String,
        /// Title of the record.
        title: String,
        /// First lines of the record.
        summary: String,
        /// Nesting, 1 to 10.
        level: i32,
        /// The record itself.
        file: Attachment,
    },
    /// Somebody recalled a message.
    Recalled {
        /// The recalled message; 0 when the notice names none.
        target: MessageId,
    },
    /// A kind this version does not know; the raw bytes are kept.
    Unknown {
        /// The number or word the wire used, e.g. `12` or `sticker`.
        kind: String,
    },
    /// Bytes that could not be decoded; they are kept.
    Damaged {
        /// What was wrong, for developers: field and reason, never content.
        reason: String,
    },
}

impl Body {
    /// The kind, for filters and records.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::Text { .. } => MessageKind::Text,
            Self::Image { .. } => MessageKind::Image,
            Self::Audio { .. } => MessageKind::Audio,
            Self::Video { .. } => MessageKind::Video,
            Self::File { .. } => MessageKind::File,
            Self::Location { .. } => MessageKind::Location,
            Self::Command { .. } => MessageKind::Command,
            Self::Custom { .. } => MessageKind::Custom,
            Self::Combine { .. } => MessageKind::Combine,
            Self::Recalled { .. } => MessageKind::Recalled,
            Self::Unknown { .. } => MessageKind::Unknown,
            Self::Damaged { .. } => MessageKind::Damaged,
        }
    }

    /// The attached file, where the kind has one.
    #[must_use]
    pub const fn file(&self) -> Option<&Attachment> {
        match self {
            Self::Image { file, .. }
            | Self::Audio { file, .. }
            | Self::Video { file, .. }
            | Self::File { file }
            | Self::Combine { file, .. } => Some(file),
            Self::Text { .. }
            | Self::Location { .. }
            | Self::Command { .. }
            | Self::Custom { .. }
            | Self::Recalled { .. }
            | Self::Unknown { .. }
            | Self::Damaged { .. } => None,
        }
    }
}

/// A stored file a message points at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Where it lies; its host is replaced by our own before use.
    pub url: String,
    /// The share secret; sent as a header, never shown.
    pub secret: String,
    /// File name as the sender wrote it; hostile until sanitized.
    pub name: String,
    /// Length in bytes; 0 when unknown.
    pub bytes: u64,
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Pixels across.
    pub width: f64,
    /// Pixels down.
    pub height: f64,
}

/// State of a streamed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// The producer's word for the stream.
    pub kind: String,
    /// Number of this part.
    pub seq: u64,
    /// How far it is.
    pub status: StreamStatus,
}

/// How far a streamed text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamStatus {
    /// First part.
    Start,
    /// In the middle.
    InProgress,
    /// Last part.
    Completed,
    /// The whole text at once.
    Full,
}

/// That a message was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// How often.
    pub count: u32,
    /// Who edited last.
    pub operator: String,
    /// When, by the server.
    pub time: ServerTime,
}

/// One reaction and who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// The reaction, usually one emoji.
    pub reaction: String,
    /// How many gave it.
    pub count: u32,
    /// Whether the signed-in user is among them.
    pub mine: bool,
    /// The first few users.
    pub users: Vec<String>,
}

/// The thread of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadInfo {
    /// Thread id.
    pub id: String,
    /// Thread name.
    pub name: String,
    /// Messages in it.
    pub message_count: u64,
}

/// A translation the service attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// Language code.
    pub code: String,
    /// The translated words.
    pub text: String,
}

/// A value of the app's own attributes (`KeyValue`, types 1 to 8).
#[derive(Clone, Debug, PartialEq)]
pub enum ExtValue {
    /// Type 1.
    Bool(bool),
    /// Types 2 to 4.
    Int(i64),
    /// Type 5.
    Float(f32),
    /// Type 6.
    Double(f64),
    /// Type 7.
    Text(String),
    /// Type 8: an object or array as JSON text, kept as it came.
    Json(String),
}

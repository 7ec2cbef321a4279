//! How the service writes things down: protobuf, both JSON forms, and the words that differ by place.
//!
//! Decoding never fails as a whole: every message is read alone, and what cannot be read becomes a
//! [`Body::Damaged`](crate::domain::Body) that keeps its bytes. Start with [`message::decode_meta`].

mod encode;
#[rustfmt::skip]
#[path = "generated.rs"]
pub mod pb;
pub mod frame;
pub mod message;
pub mod payload;
pub mod rest;
pub mod scan;
mod split;
mod text;
pub mod values;
pub mod words;

pub use text::{checked, masked};

/// Namespace of a `Meta` (field 5).
pub mod ns {
    /// Device statistics and kicks.
    pub const STATISTIC: i32 = 0;
    /// Messages, acks, recalls, edits.
    pub const CHAT: i32 = 1;
    /// Group and room events.
    pub const MUC: i32 = 2;
    /// Contact events.
    pub const ROSTER: i32 = 3;
    /// JSON notifications.
    pub const NOTIFY: i32 = 5;
}

/// Kind of a `MessageBody` (field 1).
pub mod body_type {
    /// Single chat.
    pub const CHAT: i32 = 1;
    /// Group chat.
    pub const GROUPCHAT: i32 = 2;
    /// Chat room.
    pub const CHATROOM: i32 = 3;
    /// A message was read.
    pub const READ_ACK: i32 = 4;
    /// A message was delivered.
    pub const DELIVER_ACK: i32 = 5;
    /// A message is recalled.
    pub const RECALL: i32 = 6;
    /// A whole conversation was read.
    pub const CHANNEL_ACK: i32 = 7;
    /// A message is edited.
    pub const EDIT: i32 = 8;
}

/// Kind of a `Content` (field 1).
pub mod content_type {
    /// Text, combine (subType 0) or stream text (subType 10).
    pub const TEXT: i32 = 0;
    /// Picture.
    pub const IMAGE: i32 = 1;
    /// Video.
    pub const VIDEO: i32 = 2;
    /// Place.
    pub const LOCATION: i32 = 3;
    /// Voice.
    pub const VOICE: i32 = 4;
    /// File.
    pub const FILE: i32 = 5;
    /// Command.
    pub const COMMAND: i32 = 6;
    /// Custom.
    pub const CUSTOM: i32 = 7;
    /// Combine, the other way of saying it.
    pub const COMBINE: i32 = 8;
}

/// `Content.subType` (field 22); absent is none of them.
pub mod sub_type {
    /// Forwarded record.
    pub const COMBINE: i32 = 0;
    /// Animated picture.
    pub const GIF: i32 = 1;
    /// Part of a streamed text.
    pub const STREAM: i32 = 10;
}

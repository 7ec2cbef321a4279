//! What the program talks about, in no layer's terms: ids, messages, conversations, pages, deletions, failures.
//!
//! Nothing here does I/O, reads a clock or knows how bytes travel. Start with [`Message`].

mod bookmark;
mod clock;
mod conversation;
mod deletion;
mod failure;
mod format;
mod found;
mod ids;
mod message;
mod page;
mod record;
mod time;
mod when;

pub use bookmark::{Bookmark, Letter};
pub use clock::Clock;
pub use conversation::{Conversation, ConversationList, Group, Profile, is_bot};
pub use deletion::{Chunk, ChunkOutcome, DEFAULT_CHUNK, DeletionPlan, DeletionReport, MAX_CHUNK, Scope};
pub use failure::{Failure, FailureKind, Service};
pub use format::Format;
pub use found::{Hit, Horizon};
pub use ids::{AppKey, ChatType, GrammarError, MessageId, Peer, Resource, UserId, check_name};
pub use message::{
    Attachment, Body, Edit, ExtValue, Message, Reaction, Size, Stream, StreamStatus, ThreadInfo, Translation,
};
pub use page::{
    Around, Cursor, CursorError, Direction, HistoryPage, HistoryQuery, Inquired, Inquiry, MessageKind, PageEnd,
    PageSize, PageSizeError, Spot,
};
pub use time::ServerTime;
pub use when::parse_time;

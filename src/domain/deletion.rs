//! One-way deletion: the plan a person confirms, and what came of it. Nothing here sends anything.

use super::{Failure, MessageId, Peer, ServerTime, UserId};

/// Ids sent in one request unless configured otherwise: the official SDK refuses more.
pub const DEFAULT_CHUNK: usize = 20;
/// Ids one request may carry at most: the server's documented limit.
pub const MAX_CHUNK: usize = 50;

/// What is to be deleted from the owner's own view. Fixed when it is shown, sent exactly so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionPlan {
    /// Whose view.
    pub owner: UserId,
    /// Of which conversation.
    pub peer: Peer,
    /// What of it.
    pub scope: Scope,
}

/// The three scopes the service offers. Wiping a whole account is not one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Exactly these messages, each once.
    Messages(Vec<MessageId>),
    /// Everything at or before the server time of a message that was seen.
    Before {
        /// Inclusive; never "now".
        cutoff: ServerTime,
        /// The message whose time it is: the newest that goes.
        newest: MessageId,
    },
    /// The conversation's entry, with or without its messages.
    Conversation {
        /// Delete the roamed messages too; `false` only hides the entry.
        with_history: bool,
    },
}

/// One request of a deletion.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// The ids it carried; empty for the other scopes.
    pub ids: Vec<MessageId>,
    /// What is known of it.
    pub outcome: ChunkOutcome,
}

/// What is known of one request of a deletion.
#[derive(Clone, Debug, PartialEq)]
pub enum ChunkOutcome {
    /// The server confirmed it.
    Done,
    /// The server refused it, or it never left: nothing was deleted.
    Refused(Failure),
    /// It was sent and no usable answer came: it may have happened.
    Unknown(Failure),
    /// Not sent, because an earlier one failed.
    NotSent,
}

/// All chunks in the order they were sent.
#[derive(Clone, Debug, PartialEq)]
pub struct DeletionReport {
    /// What was confirmed by the person.
    pub plan: DeletionPlan,
    /// One per request.
    pub chunks: Vec<Chunk>,
    /// Why some of what the server deleted still stands in the archive on this disk.
    pub kept: Option<Failure>,
}

impl DeletionReport {
    /// Whether every request was confirmed by the server.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.chunks.iter().all(|c| c.outcome == ChunkOutcome::Done)
    }

    /// Whether the outcome of any request is unknown.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        self.chunks.iter().any(|c| matches!(c.outcome, ChunkOutcome::Unknown(_)))
    }

    /// Ids of requests whose outcome satisfies `wanted`.
    pub fn ids<'a>(&'a self, wanted: impl Fn(&ChunkOutcome) -> bool + 'a) -> impl Iterator<Item = MessageId> + 'a {
        self.chunks.iter().filter(move |c| wanted(&c.outcome)).flat_map(|c| c.ids.iter().copied())
    }

    /// The failure that stopped it, if any.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.chunks.iter().find_map(|c| match &c.outcome {
            ChunkOutcome::Refused(failure) | ChunkOutcome::Unknown(failure) => Some(failure),
            ChunkOutcome::Done | ChunkOutcome::NotSent => None,
        })
    }
}

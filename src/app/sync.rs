//! Mirroring into the archive, as the screen follows it.

use super::msg::RequestId;
use crate::domain::{FailureKind, Peer, ServerTime};

/// What became of a conversation so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is being read.
    Running,
    /// The server's end was reached.
    Complete,
    /// The server's cursors lead nowhere.
    Incomplete,
    /// It was being read when the person stopped all.
    Stopped,
    /// It was left after several tries; the last one ended so.
    Failed(FailureKind),
}

/// One conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorRow {
    /// Which.
    pub peer: Peer,
    /// Messages that were not here.
    pub new: u64,
    /// How far back it has come, while it runs.
    pub back_to: Option<ServerTime>,
    /// How it stands.
    pub standing: Standing,
}

/// How far mirroring is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror {
    /// Conversations to read.
    pub total: usize,
    /// Conversations that ended.
    pub ended: usize,
    /// Conversations that run, then those that failed, then those that are complete, the last one first.
    pub rows: Vec<MirrorRow>,
    /// Messages that were here as they are.
    pub known: u64,
    /// Messages that were not here.
    pub new: u64,
    /// Messages that were here with other content.
    pub changed: u64,
    /// Messages that were here and that the server has deleted.
    pub gone: u64,
    /// Messages a second, lately.
    pub rate: Option<u64>,
    /// How many requests wait until when, because the server asked for it.
    pub held: Option<(usize, ServerTime)>,
    /// Why no further conversation was begun.
    pub stopped: Option<FailureKind>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// On its way.
    Running(RequestId),
    /// At its end.
    Over,
    /// Stopped by the person.
    Stopped,
    /// Ended before it began.
    Failed(FailureKind),
}

/// The run that was asked for last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirroring {
    /// How it stands.
    pub run: Run,
    /// What it came to so far.
    pub mirror: Mirror,
    /// The row under the cursor.
    pub selected: usize,
}

impl Mirroring {
    /// Whether there is something to go on with: what was stopped, left, or did not end well.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        let is_left = |row: &MirrorRow| row.standing != Standing::Complete;
        match self.run {
            Run::Running(_) => false,
            Run::Stopped | Run::Failed(_) => true,
            Run::Over => self.mirror.stopped.is_some() || self.mirror.rows.iter().any(is_left),
        }
    }

    /// Whether it is on its way.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        matches!(self.run, Run::Running(_))
    }
}

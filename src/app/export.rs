//! Exports: what can be written, the question before it, how far it is, and what came of it.

use super::input::Input;
use super::layer::Scroll;
use super::msg::RequestId;
use crate::domain::{Failure, Format, MessageId, Peer, ServerTime};
use crate::text::search::Query;

/// Which messages are written.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// These of a conversation.
    Messages(Peer, Vec<MessageId>),
    /// Those of a conversation from the first moment on and before the second.
    Between(Peer, ServerTime, ServerTime),
    /// All that is here of these.
    Conversations(Vec<Peer>),
    /// These places of these conversations, as hits name them.
    Places(Vec<(Peer, i64)>),
    /// All that a search finds, in one conversation or in all.
    Hits(Query, Option<Peer>),
}

/// An export that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Which messages.
    pub subject: Subject,
    /// The same in words, for the export itself.
    pub title: String,
    /// As what.
    pub format: Format,
    /// Where to, as typed.
    pub path: String,
    /// A file of that name is replaced.
    pub replaces: bool,
    /// What breaks off can be gone on with by the command line, which knows the same archive.
    pub goes_on: bool,
    /// The profile of the account, where it has one.
    pub profile: Option<String>,
    /// When it was asked for.
    pub at: ServerTime,
}

/// Why nothing was begun.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// A file of that name is there.
    There,
    /// Something that is no file is.
    NoFile,
    /// Its folder is not there.
    NoFolder,
    /// Nothing of it is in the archive.
    Nothing,
    /// The archive no longer has this message.
    NoMessage(MessageId),
    /// The file cannot be made, for this reason of the system.
    Unwritable(String),
    /// The archive failed.
    Failed(Failure),
}

/// What of it is not in the archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Conversations of which the archive may not have all.
    pub parts: usize,
    /// Conversations of which it has nothing.
    pub nothing: usize,
}

/// How an export ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The file is there.
    Done(Missing),
    /// It was not begun.
    Refused(Refusal),
    /// The person stopped it.
    Stopped,
    /// The file could not be written further, for this reason of the system.
    Unwritable(String),
    /// No room was left.
    DiskFull,
    /// The archive failed.
    Failed(Failure),
}

/// What came of an export.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// How it ended.
    pub outcome: Outcome,
    /// Messages written.
    pub messages: u64,
    /// Where what is written so far stays, to be gone on with.
    pub left: Option<String>,
}

/// An export on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Its request.
    pub request: RequestId,
    /// What was asked for.
    pub order: Order,
    /// Messages written; `None` before the file was made.
    pub written: Option<u64>,
    /// Of so many.
    pub of: u64,
    /// It was asked to stop.
    pub is_stopping: bool,
}

/// What is known of exports.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// The one on its way.
    pub running: Option<Running>,
    /// What came of the last one and has not been shown yet.
    pub untold: Option<Box<Ended>>,
    /// The folder of the last one, with the `/` at its end.
    pub folder: String,
    /// The format of the last one.
    pub format: Option<Format>,
    /// The person was told that leaving stops it.
    pub is_warned: bool,
}

/// An export that ended, as it is shown.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What was asked for.
    pub order: Order,
    /// What came of it.
    pub exported: Exported,
    /// First visible line.
    pub top: Scroll,
}

/// One of the things that can be written from where the person is.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// In words.
    pub words: String,
    /// Which messages.
    pub subject: Subject,
    /// In words for the export itself.
    pub title: String,
    /// The name of a file for it, without its ending.
    pub stem: String,
}

/// A row of the question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Row {
    /// What is written.
    #[default]
    What,
    /// As what.
    Format,
    /// Where to.
    File,
}

/// The question before an export.
#[derive(Clone, Debug)]
pub struct Question {
    /// What can be written; never empty.
    pub choices: Vec<Choice>,
    /// Which of them is.
    pub chosen: usize,
    /// As what.
    pub format: Format,
    /// Where to.
    pub file: Input,
    /// The row that has the keys.
    pub row: Row,
    /// The name is the person's own: another choice leaves it alone.
    pub is_own: bool,
    /// Why it was not begun.
    pub refusal: Option<Refusal>,
    /// The request that looks whether it can begin.
    pub asks: Option<RequestId>,
}

impl Question {
    /// What is chosen.
    #[must_use]
    pub fn choice(&self) -> Option<&Choice> {
        self.choices.get(self.chosen)
    }

    /// A file of that name is there, and the person has to say that it goes.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.refusal == Some(Refusal::There)
    }
}

//! What lies above the panes: prompts, dialogs, help. The topmost layer gets the keys; Esc takes exactly one away.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use super::export::{Ended, Question};
use super::input::Input;
use super::msg::RequestId;
use crate::domain::{DeletionPlan, DeletionReport, Message, Scope, ServerTime};
use crate::keymap::Place;

/// One layer with its own data.
#[derive(Clone, Debug)]
pub enum Layer {
    /// A one-line question at the foot of the screen.
    Prompt(Prompt),
    /// The question before anything is deleted.
    Confirm(Box<Confirm>),
    /// What came of a deletion.
    Report(Box<ReportView>),
    /// All fields of the message under the cursor, where no pane has room for them.
    Detail {
        /// First visible line.
        top: Scroll,
    },
    /// The question before an export.
    Export(Box<Question>),
    /// What came of an export.
    Exported(Box<Ended>),
    /// How far mirroring is; [`super::State::sync`] holds it.
    Sync,
    /// Keys of the focused pane, then everywhere; typing filters.
    Help {
        /// Whose keys.
        place: Place,
        /// Words that filter.
        filter: Input,
        /// First visible line.
        top: Scroll,
    },
}

/// The first visible line of a text. Only drawing knows how many lines there are, and notes here how far it goes.
#[derive(Clone, Debug)]
pub struct Scroll {
    top: usize,
    furthest: Cell<usize>,
}

impl Default for Scroll {
    fn default() -> Self {
        Self { top: 0, furthest: Cell::new(usize::MAX) }
    }
}

impl Scroll {
    /// The first visible of `rows` lines where `height` of them are seen.
    pub fn top(&self, rows: usize, height: usize) -> usize {
        self.furthest.set(rows.saturating_sub(height));
        self.top.min(self.furthest.get())
    }

    /// Moves down, or up where `lines` is negative; never beyond what the last drawing found.
    pub fn by(&mut self, lines: isize) {
        let furthest = self.furthest.get();
        self.top = self.top.min(furthest).saturating_add_signed(lines).min(furthest);
    }

    /// To the first line.
    pub const fn to_start(&mut self) {
        self.top = 0;
    }

    /// To the last line, however many there are.
    pub const fn to_end(&mut self) {
        self.top = usize::MAX;
    }
}

/// What a prompt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Words to jump to.
    Find,
    /// Words rows must hold.
    Filter,
    /// A PEER to open.
    Peer,
    /// A time to go to.
    Time,
    /// The id of a message to go to.
    Message,
}

/// A one-line question.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What for.
    pub ask: Ask,
    /// The answer so far.
    pub input: Input,
    /// Why the answer cannot be taken, as a text key.
    pub problem: Option<&'static str>,
}

/// Columns and rows below which a deletion cannot be confirmed: the dialog would not fit.
pub const CONFIRM_MIN: (u16, u16) = (40, 16);

/// How many messages a deletion takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// So many.
    pub messages: u64,
    /// There may be more.
    pub at_least: bool,
}

/// The question before anything is deleted. Its plans are fixed when it opens; what arrives meanwhile changes nothing.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// Exactly what will be sent, in this order. More than one only for several conversations.
    pub plans: Vec<DeletionPlan>,
    /// Messages that are known and go, oldest first.
    pub messages: Vec<Arc<Message>>,
    /// The very first that goes, where counting met it.
    pub oldest: Option<Arc<Message>>,
    /// How many go.
    pub count: Count,
    /// Unread messages that go.
    pub unread: u64,
    /// What must be typed before `x` counts.
    pub must_type: Option<u64>,
    /// What was typed.
    pub typed: String,
    /// When it was first on the screen, `None` before; answers are ignored until 400 ms later.
    pub painted: Option<Duration>,
    /// First visible message.
    pub top: usize,
    /// Counting by paging.
    pub counting: Option<RequestId>,
    /// The wrong number was typed, or `x` came before the number.
    pub mistyped: bool,
}

impl Confirm {
    /// Whether `x` deletes now: typed what must be typed, and nothing is being counted.
    #[must_use]
    pub fn is_armed(&self) -> bool {
        self.counting.is_none() && self.must_type.is_none_or(|n| self.typed.parse() == Ok(n))
    }

    /// Whether conversations only leave the list; their messages stay.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.plans.iter().all(hides)
    }

    /// Whether `#` counts: one conversation's messages that are not all known. Nobody counts several at once.
    #[must_use]
    pub fn can_count(&self) -> bool {
        self.plans.len() == 1 && !self.hides() && self.count.at_least && self.counting.is_none()
    }
}

/// Whether a plan only takes a conversation out of the list.
#[must_use]
pub const fn hides(plan: &DeletionPlan) -> bool {
    matches!(plan.scope, Scope::Conversation { with_history: false })
}

impl ReportView {
    /// Whether conversations were only to leave the list.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.reports.iter().map(|r| &r.plan).chain(&self.not_sent).all(hides)
    }
}

/// What came of a deletion.
#[derive(Clone, Debug)]
pub struct ReportView {
    /// One per plan that was sent.
    pub reports: Vec<DeletionReport>,
    /// Plans that were not sent because an earlier one failed.
    pub not_sent: Vec<DeletionPlan>,
    /// What reading again has shown since of those whose outcome was not known: gone, still there.
    pub looked: Option<(usize, usize)>,
    /// When it ended.
    pub at: ServerTime,
    /// First visible line.
    pub top: Scroll,
}

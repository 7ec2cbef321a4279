//! How far mirroring is: what a person is shown while it runs, and what it came to at its end.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Outcome, Step};
use crate::client::{Client, Held};
use crate::domain::{Failure, Peer, ServerTime};

/// What the speed is measured over.
const WINDOW: Duration = Duration::from_secs(10);

/// A conversation that is being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub peer: Peer,
    /// Messages met, those that were here already too.
    pub met: u64,
    /// Messages that were not here.
    pub new: u64,
    /// How far back it has come.
    pub back_to: Option<ServerTime>,
}

/// How far mirroring is.
#[derive(Clone)]
pub struct Progress {
    /// Conversations to read.
    pub total: usize,
    /// Conversations being read, in the order they began.
    pub running: Vec<Running>,
    /// Conversations that ended, in that order.
    pub ended: Vec<Outcome>,
    /// Conversations nobody got to, once all is over.
    pub left: Vec<Peer>,
    /// Messages that came.
    pub met: u64,
    /// Messages that were not here.
    pub new: u64,
    /// Messages that were here as they are.
    pub known: u64,
    /// Messages that were here with other content.
    pub changed: u64,
    /// Messages that were here and that the server has deleted.
    pub gone: u64,
    /// The server's list did not come whole: there may be more conversations.
    pub list_incomplete: bool,
    /// Why no further conversation is begun.
    pub stopped: Option<Failure>,
    client: Client,
    /// When how many messages had come.
    lately: VecDeque<(Duration, u64)>,
}

impl Progress {
    pub(super) fn new(client: Client) -> Self {
        Self {
            total: 0,
            running: Vec::new(),
            ended: Vec::new(),
            left: Vec::new(),
            met: 0,
            new: 0,
            known: 0,
            changed: 0,
            gone: 0,
            list_incomplete: false,
            stopped: None,
            lately: VecDeque::from([(client.clock().elapsed(), 0)]),
            client,
        }
    }

    /// Whether everything that was wanted is here.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete() == self.total && !self.list_incomplete
    }

    /// Conversations that are complete.
    #[must_use]
    pub fn complete(&self) -> usize {
        self.ended.iter().filter(|ended| ended.synced.complete).count()
    }

    /// Messages a second over the last ten seconds; `None` before there is anything to measure.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        let (at, met) = *self.lately.front()?;
        let time = self.client.clock().elapsed().saturating_sub(at);
        (time >= Duration::from_millis(500)).then(|| (self.met - met) as f64 / time.as_secs_f64())
    }

    /// Whether requests wait because the server asked for it.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        self.client.held()
    }

    pub(super) fn begin(&mut self, peer: &Peer) {
        self.running.push(Running { peer: peer.clone(), met: 0, new: 0, back_to: None });
    }

    pub(super) fn pause(&mut self, peer: &Peer) {
        self.running.retain(|running| running.peer != *peer);
    }

    pub(super) fn step(&mut self, peer: &Peer, step: &Step) {
        match step {
            Step::Came { messages, oldest } => {
                self.met += messages;
                if let Some(running) = self.running.iter_mut().find(|running| running.peer == *peer) {
                    running.met += messages;
                    running.back_to = running.back_to.into_iter().chain(*oldest).min();
                }
                self.measure();
            }
            Step::Kept { new, changed, gone, known } => {
                if let Some(running) = self.running.iter_mut().find(|running| running.peer == *peer) {
                    running.new += new;
                }
                self.known += known;
                self.new += new;
                self.changed += changed;
                self.gone += gone;
            }
        }
    }

    /// One measure every half a second is enough.
    fn measure(&mut self) {
        let now = self.client.clock().elapsed();
        if self.lately.back().is_none_or(|(at, _)| now.saturating_sub(*at) >= Duration::from_millis(500)) {
            self.lately.push_back((now, self.met));
        }
        while self.lately.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) > WINDOW) {
            self.lately.pop_front();
        }
    }
}

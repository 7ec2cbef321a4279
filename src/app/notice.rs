//! The one line above the status line that stays as long as what it says is so.

use super::list::ListState;
use super::{Connection, Local, Session, State};
use crate::domain::{Failure, ServerTime};

/// What the panes alone do not tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Notice<'a> {
    /// No answer since; the list is of this earlier moment.
    Offline(ServerTime, Option<ServerTime>),
    /// The server signed the person out; what was loaded stays.
    SignedOut(&'a Failure),
    /// The list could not be read again; the one before stays.
    ListFailed(&'a Failure),
    /// The open history could not be read again; what was loaded stays.
    Stale(&'a Failure),
}

impl State {
    /// The line that holds now. None while the panes are empty: then they say it themselves.
    #[must_use]
    pub fn notice(&self) -> Option<Notice<'_>> {
        if self.list.is_empty() && self.history.is_none() {
            return None;
        }
        match (&self.session, &self.connection, &self.list.state) {
            (Session::Local(Local::Archive { since, .. }), ..) => Some(Notice::Offline(*since, self.list.synced)),
            (Session::Local(Local::File { .. }), ..) => None,
            (Session::Refused(failure), Connection::Offline { since, .. }, _) if failure.kind.is_lost() => {
                Some(Notice::Offline(since.wall, self.list.synced))
            }
            (Session::Refused(failure), ..) => Some(Notice::SignedOut(failure)),
            _ if self.lost.is_some() => self.lost.as_deref().map(Notice::SignedOut),
            (_, Connection::Offline { since, .. }, _) => Some(Notice::Offline(since.wall, self.list.synced)),
            (_, _, ListState::Failed(failure)) if !self.list.is_empty() => Some(Notice::ListFailed(failure)),
            _ => self.history.as_ref().and_then(|h| h.stale.as_deref()).map(Notice::Stale),
        }
    }
}

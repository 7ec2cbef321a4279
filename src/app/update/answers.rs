//! Answers of the world, matched with what was asked. An answer nobody waits for changes nothing.

use super::{bookmarks, compare, deletion, export, inquire, list, nothing, paging, search, session, sync, travel};
use crate::app::list::ListState;
use crate::app::request::Purpose;
use crate::app::{Answer, Connection, Effect, RequestId, State};
use crate::domain::{ConversationList, Failure};

pub(super) fn done(state: &mut State, id: RequestId, answer: Answer) -> Vec<Effect> {
    let Some(purpose) = state.requests.settle(id) else { return nothing() };
    if is_of_server(&answer) {
        // Another answer does not shorten a wait the server asked for.
        if matches!(state.connection, Connection::Offline { .. }) {
            state.connection = Connection::Online;
        }
        state.lost = None;
    }
    match (purpose, answer) {
        (Purpose::SignIn, Answer::SignedIn(account)) => session::signed_in(state, account),
        (Purpose::List, Answer::List(new)) => {
            listed(state, new);
            nothing()
        }
        (Purpose::Page(peer), Answer::Page(page)) if open_is(state, &peer) => paging::page(state, id, page),
        (Purpose::Local(peer), Answer::Local(kept)) if open_is(state, &peer) => paging::local(state, id, kept),
        (Purpose::Beyond(peer, direction), Answer::Local(Some(kept))) if open_is(state, &peer) => {
            paging::beyond(state, direction, kept);
            nothing()
        }
        (Purpose::Around(peer, spot), Answer::Around(around)) if open_is(state, &peer) => {
            travel::arrived(state, id, spot, *around);
            search::complete(state)
        }
        (Purpose::Bookmarks, Answer::Bookmarks(kept)) => {
            state.bookmarks.learn(kept);
            nothing()
        }
        (Purpose::Bookmark(letter), Answer::BookmarkKept(is_kept)) => bookmarks::kept(state, letter, is_kept),
        (Purpose::Search(below), Answer::Found(found)) => search::found(state, id, below, *found),
        (Purpose::Reread(peer), Answer::Page(page)) if open_is(state, &peer) => paging::reread_page(state, id, page),
        (Purpose::Compare(_), Answer::Compared(gone)) => compare::done(state, id, Ok(gone)),
        (Purpose::Inquire, Answer::Inquired(done)) => inquire::done(state, id, Ok(done)),
        (Purpose::Names(_), Answer::Names(users, groups)) => {
            state.names.learn(users, groups);
            nothing()
        }
        (Purpose::Delete(_), Answer::Deleted(report)) => deletion::deleted(state, id, report),
        (Purpose::Mirror, Answer::Mirrored(mirror)) => {
            sync::done(state, id, *mirror);
            nothing()
        }
        (Purpose::Export, Answer::Exported(exported)) => {
            export::ended(state, id, *exported);
            nothing()
        }
        (Purpose::Count, Answer::Counted { count, exact, oldest }) => {
            deletion::counted(state, id, count, exact, oldest);
            nothing()
        }
        _ => nothing(),
    }
}

/// Whether a server has answered; an archive does so without one.
const fn is_of_server(answer: &Answer) -> bool {
    match answer {
        Answer::Page(page) => !page.is_kept,
        Answer::Around(around) => !(around.older.is_kept && around.newer.is_kept),
        Answer::Local(_) | Answer::Found(_) | Answer::Exported(_) | Answer::Bookmarks(_) | Answer::BookmarkKept(_) => {
            false
        }
        Answer::SignedIn(_)
        | Answer::Compared(_)
        | Answer::Inquired(_)
        | Answer::List(_)
        | Answer::Mirrored(_)
        | Answer::Names(..)
        | Answer::Deleted(_)
        | Answer::Counted { .. } => true,
    }
}

fn open_is(state: &State, peer: &crate::domain::Peer) -> bool {
    state.history.as_ref().is_some_and(|h| h.peer == *peer)
}

fn listed(state: &mut State, new: ConversationList) {
    let first = state.list.is_empty();
    state.list.damaged = new.damaged;
    state.list.incomplete = new.incomplete;
    state.list.cap = new.cap;
    state.list.replace(new.conversations);
    (state.list.state, state.list.synced) = (ListState::Loaded, Some(state.now.wall));
    list::arrange(state);
    if let Some(history) = state.history.as_mut() {
        history.unread = state.list.get(&history.peer).map_or(0, |conversation| conversation.unread);
    }
    if first && state.history.is_none() {
        state.list.selected = state.list.shown.first().cloned();
    }
}

pub(super) fn failed(state: &mut State, id: RequestId, failure: Failure) -> Vec<Effect> {
    let Some(purpose) = state.requests.settle(id) else { return nothing() };
    if failure.kind.is_lost() {
        state.connection.lose(state.now, None);
    }
    if purpose != Purpose::SignIn && failure.kind.ends_session() {
        state.lost = Some(Box::new(failure.clone()));
    }
    match purpose {
        Purpose::SignIn => session::refused(state, failure),
        Purpose::List => state.list.state = ListState::Failed(Box::new(failure)),
        Purpose::Page(_) => {
            let leads_on = failure.kind.is_without_server();
            if let Some(history) = state.history.as_mut() {
                history.timeline.page_failed(id, failure);
                history.owed = 0;
            }
            if leads_on {
                return paging::look_beyond(state);
            }
        }
        Purpose::Around(..) => {
            if let Some(history) = state.history.as_mut().filter(|h| h.travels == Some(id)) {
                history.travels = None;
                history.stale = Some(Box::new(failure));
            }
        }
        Purpose::Reread(_) => {
            if let Some(history) = state.history.as_mut() {
                history.reread.take_if(|r| r.request == id);
                history.compares = None;
                history.stale = Some(Box::new(failure));
            }
        }
        Purpose::Compare(_) => return compare::done(state, id, Err(failure)),
        Purpose::Inquire => return inquire::done(state, id, Err(failure)),
        Purpose::Local(_) => return paging::local(state, id, None),
        Purpose::Names(_) | Purpose::Beyond(..) | Purpose::Bookmarks => {}
        Purpose::Bookmark(letter) => bookmarks::not_kept(state, letter, &failure),
        Purpose::Export => export::failed(state, id, failure),
        Purpose::Delete(_) => return deletion::not_sent(state, id, &failure),
        Purpose::Mirror => sync::failed(state, id, &failure),
        Purpose::Search(_) => search::failed(state, id, failure),
        Purpose::Count => deletion::count_failed(state, id, &failure),
    }
    nothing()
}

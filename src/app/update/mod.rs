//! `Msg` in, state changed, `Effect`s out. This file only routes; each neighbour knows one subject.

mod answers;
mod bookmarks;
mod compare;
mod copy;
mod deletion;
mod export;
mod export_choices;
mod history;
mod inquire;
mod jump;
mod keys;
mod layers;
mod list;
mod paging;
mod search;
mod session;
mod sync;
mod travel;
mod unread;

use std::time::Duration;

use super::list::ListState;
use super::msg::Note;
use super::request::Purpose;
use super::{Connection, Effect, History, Msg, Now, Session, State, Toast};
use crate::text::label;

pub use deletion::{ANSWER_AFTER, painted};
pub use session::{seed, sign_in, stay_local};

/// A toast stays so long.
const TOAST: Duration = Duration::from_secs(4);
/// After so long the next key takes it away.
const SEEN: Duration = Duration::from_secs(1);
/// Chord hints and "loading" words come after so long; a faster answer shows neither.
pub const HINT_AFTER: Duration = Duration::from_millis(300);
/// Names asked for in one request.
const NAMES_BATCH: usize = 100;

/// Takes one message. Pure and synchronous: the effects are for the caller to run.
pub fn update(state: &mut State, msg: Msg, now: Now) -> Vec<Effect> {
    state.now = now;
    let (is_key, goes_on) = (matches!(msg, Msg::Key(_)), matches!(msg, Msg::GoOn));
    let owed = state.history.as_ref().map_or(0, |history| history.owed);
    if is_key {
        // Read by now, and what it was about is over.
        state.toast.take_if(|toast| toast.until <= now.elapsed + TOAST.saturating_sub(SEEN));
    }
    let mut effects = match msg {
        Msg::Key(key) => keys::key(state, key),
        Msg::Paste(text) => layers::paste(state, &text),
        Msg::Resized(columns, rows) => {
            state.size = (columns, rows);
            Vec::new()
        }
        Msg::Tick => Vec::new(),
        Msg::GoOn => {
            history::go_on_up(state);
            Vec::new()
        }
        Msg::Done(id, answer) => answers::done(state, id, answer),
        Msg::Failed(id, failure) => answers::failed(state, id, failure),
        Msg::Progress(id, done, of) => {
            if let Some(running) = state.running.as_mut().filter(|r| r.request == id) {
                running.done = (done, of);
            }
            Vec::new()
        }
        Msg::Mirrored(id, mirror) => {
            sync::progress(state, id, *mirror);
            Vec::new()
        }
        Msg::Exporting(id, written, of) => {
            export::progress(state, id, written, of);
            Vec::new()
        }
        Msg::Waiting(wait, failure) => {
            let again = now.elapsed + wait;
            match failure.kind {
                kind if kind.is_lost() => state.connection.lose(now, Some(again)),
                kind => state.connection = Connection::Waiting(again, kind),
            }
            Vec::new()
        }
        Msg::Archive(note) => {
            if let Note::PutAside(path) = &note {
                let text = state.options.texts.tr("toast-put-aside", &[("path", label(path).text.into())]);
                toast_text(state, text);
            }
            state.note = Some(note);
            Vec::new()
        }
        Msg::Copied(done) => {
            toast(state, if done { "toast-copied" } else { "toast-not-copied" });
            Vec::new()
        }
    };
    if let Some(history) = state.history.as_mut().filter(|history| is_key && history.owed <= owed) {
        // A key that does not lead further up ends the way there.
        history.owed = 0;
    }
    if state.toast.as_ref().is_some_and(|t| t.until <= now.elapsed) {
        state.toast = None;
    }
    if state.connection.again().is_some_and(|at| at <= now.elapsed) {
        match &mut state.connection {
            Connection::Offline { again, .. } => *again = None,
            connection => *connection = Connection::Online,
        }
    }
    if !is_key {
        unread::settle(state);
    }
    list::settle(state);
    export::settle(state);
    effects.extend(bookmarks::settle(state));
    effects.extend(search::settle(state));
    effects.extend(paging::settle(state));
    effects.extend(ask_names(state, !is_key && !goes_on));
    let loading = state.history.as_ref().is_some_and(|h| h.is_loading() || h.travels.is_some());
    state.loading_since = loading.then(|| state.loading_since.unwrap_or(now.elapsed));
    effects
}

/// The next moment, on the monotonic clock, at which something on the screen changes by itself.
#[must_use]
pub fn deadline(state: &State) -> Option<Duration> {
    let elapsed = state.now.elapsed;
    let later = |since: Duration| Some(since + HINT_AFTER).filter(|at| *at > elapsed);
    let minute = 60_000 - state.now.wall.ms().rem_euclid(60_000);
    let waits = state.connection.again().map(|at| at.min(elapsed + Duration::from_secs(1)));
    let loading = match state.list.state {
        ListState::Loading(since) => later(since.elapsed),
        ListState::Unloaded | ListState::Loaded | ListState::Failed(_) => None,
    };
    let searching = state.search.as_ref().filter(|search| search.request.is_some()).and_then(|s| later(s.since));
    let signing_in = match state.session {
        Session::SigningIn(_, since) => later(since.elapsed),
        Session::Out | Session::Local(_) | Session::In(_) | Session::Refused(_) => None,
    };
    let candidates = [
        Some(elapsed + Duration::from_millis(minute.unsigned_abs())),
        state.toast.as_ref().map(|t| t.until),
        if state.pending.keys.is_empty() { None } else { later(state.pending.since) },
        state.loading_since.and_then(later),
        waits,
        loading,
        searching,
        signing_in,
    ];
    candidates.into_iter().flatten().min()
}

/// Asks for names nobody asked for yet, one request at a time. No key brings a new sender, so only what came in lets
/// all loaded rows be looked through for them.
fn ask_names(state: &mut State, with_senders: bool) -> Vec<Effect> {
    if state.account().is_none() || state.requests.any(|p| matches!(p, Purpose::Names(_))) {
        return Vec::new();
    }
    let open = state.history.as_ref();
    let mut senders = open.filter(|_| with_senders).map_or_else(Vec::new, History::senders);
    if with_senders {
        senders.extend(state.list.last_senders());
    }
    let peers = state.list.shown.iter().chain(open.map(|h| &h.peer)).chain(&senders);
    let new = state.names.unasked(peers, NAMES_BATCH);
    if new.is_empty() {
        return Vec::new();
    }
    state.names.ask(new.iter().cloned());
    let id = state.requests.issue(Purpose::Names(new.clone()));
    vec![Effect::LoadNames(id, new)]
}

/// Shows a line for a few seconds; `key` names its text.
fn toast(state: &mut State, key: &str) {
    let text = state.options.texts.t(key);
    toast_text(state, text);
}

/// Shows a ready line for a few seconds.
fn toast_text(state: &mut State, text: String) {
    state.toast = Some(Toast { text, until: state.now.elapsed + TOAST });
}

/// A person's key press without meaning here.
fn nothing() -> Vec<Effect> {
    Vec::new()
}

//! `b` and a letter sets a bookmark, `'` and the letter goes there.

use super::{jump, keys, nothing, toast, toast_text, travel};
use crate::action::Action;
use crate::app::list::shown_name;
use crate::app::msg::Note;
use crate::app::request::Purpose;
use crate::app::rows::edges::headline;
use crate::app::rows::when;
use crate::app::{Effect, Local, State};
use crate::domain::{Bookmark, Failure, Letter, MessageId, Peer, Spot};
use crate::keymap::{Code, Key};

/// Whether an action is asked for by its keys and a letter.
pub(super) const fn takes_letter(action: Action) -> bool {
    matches!(action, Action::SetBookmark | Action::GoToBookmark)
}

/// The key that follows `b` or `'`.
pub(super) fn letter(state: &mut State, action: Action, key: Key) -> Vec<Effect> {
    let opener = state.pending.keys.last().copied();
    state.pending.clear();
    if action == Action::GoToBookmark && Some(key) == opener {
        return jump::back(state);
    }
    let letter = match key.code {
        Code::Char(c) if key == Key::char(c) => Letter::new(c),
        _ => None,
    };
    let Some(letter) = letter else {
        toast(state, "toast-no-letter");
        return nothing();
    };
    if action == Action::SetBookmark { set(state, letter) } else { go(state, letter) }
}

/// Sets it on the message under the cursor.
fn set(state: &mut State, letter: Letter) -> Vec<Effect> {
    let Some((peer, message)) =
        state.history.as_ref().and_then(|h| Some((h.peer.clone(), h.current()?.message.clone())))
    else {
        toast(state, "toast-open-first");
        return nothing();
    };
    if message.id == MessageId(0) {
        toast(state, "toast-bookmark-damaged");
        return nothing();
    }
    let bookmark = Bookmark { letter, peer, id: message.id, time: message.time };
    let before = state.bookmarks.set(bookmark.clone()).filter(|before| *before != bookmark);
    let letter_text = letter.to_string();
    let text = match before {
        Some(before) => {
            let (name, date) = described(state, &before);
            let args = [("letter", letter_text.into()), ("name", name.into()), ("date", date.into())];
            state.options.texts.tr("toast-bookmark-moved", &args)
        }
        None => state.options.texts.tr("toast-bookmark-set", &[("letter", letter_text.into())]),
    };
    toast_text(state, text);
    let id = state.requests.issue(Purpose::Bookmark(letter));
    vec![Effect::KeepBookmark(id, letter, Some(bookmark))]
}

/// Goes to it, in whatever conversation it is.
fn go(state: &mut State, letter: Letter) -> Vec<Effect> {
    let Some(bookmark) = state.bookmarks.get(letter).cloned() else {
        let text = state.options.texts.tr("toast-no-bookmark", &[("letter", letter.to_string().into())]);
        toast_text(state, text);
        return nothing();
    };
    let mut effects = jump::open(state, &bookmark.peer);
    effects.extend(travel::to(state, Spot::Message(bookmark.id)));
    effects
}

/// Conversation and date of a bookmark, as they are shown.
fn described(state: &State, bookmark: &Bookmark) -> (String, String) {
    let date = when::stamp(bookmark.time, state.now.wall, &state.options);
    (shown_name(&bookmark.peer, &state.names), date)
}

/// The server does not have this message any more: the bookmarks on it go, and this says so. The archive is told by
/// [`settle`].
pub(super) fn lost(state: &mut State, peer: &Peer, id: MessageId) -> Option<String> {
    let letters: Vec<Letter> = state.bookmarks.of(peer, id).map(|bookmark| bookmark.letter).collect();
    let first = letters.first()?;
    let text = state.options.texts.tr("toast-bookmark-gone", &[("letter", first.to_string().into())]);
    state.bookmarks.lose(&letters);
    Some(text)
}

/// Tells the archive of bookmarks that were lost.
pub(super) fn settle(state: &mut State) -> Vec<Effect> {
    let lost = state.bookmarks.take_lost();
    let told = lost
        .into_iter()
        .map(|letter| Effect::KeepBookmark(state.requests.issue(Purpose::Bookmark(letter)), letter, None));
    told.collect()
}

/// Whether the archive is still to answer.
pub(super) fn is_keeping(state: &State) -> bool {
    state.requests.any(|purpose| matches!(purpose, Purpose::Bookmark(_)))
}

/// It was kept, or there is nothing that could keep it. Whoever left meanwhile leaves now.
pub(super) fn kept(state: &mut State, letter: Letter, is_kept: bool) -> Vec<Effect> {
    // Of a file, or where there is no place for more, an archive lasts as long as the program.
    let is_for_now = state.note == Some(Note::ForNow) || matches!(state.local(), Some(Local::File { .. }));
    if (!is_kept || is_for_now) && state.bookmarks.get(letter).is_some() {
        let text = state.options.texts.tr("toast-bookmark-for-now", &[("letter", letter.to_string().into())]);
        toast_text(state, text);
    }
    if state.leaving && state.running.is_none() && !is_keeping(state) {
        state.leaving = false;
        return keys::quit(state);
    }
    nothing()
}

/// It could not be kept. The person stays to read that.
pub(super) fn not_kept(state: &mut State, letter: Letter, failure: &Failure) {
    state.leaving &= state.running.is_some();
    let args = [("letter", letter.to_string().into()), ("why", headline(state, failure).into())];
    let text = state.options.texts.tr("toast-bookmark-not-kept", &args);
    toast_text(state, text);
}

//! From a key to an action, and from an action to the part of the screen that knows what it means.

use std::time::Duration;

use super::{
    bookmarks, copy, deletion, export, history, inquire, jump, layers, list, nothing, paging, search, session, sync,
    toast, toast_text,
};
use crate::action::Action;
use crate::app::input::Input;
use crate::app::layer::{Ask, Prompt, Scroll};
use crate::app::{Effect, Focus, Layer, Screen, State, TimeFormat, Zoom};
use crate::domain::{ChatType, Peer};
use crate::keymap::{Code, Key, Place, Resolved};

/// A second `C-c` within this time leaves the program.
const TWICE: Duration = Duration::from_secs(2);

pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    if let Some(effects) = always(state, key) {
        return effects;
    }
    if !state.layers.is_empty() {
        return layers::key(state, key);
    }
    if state.history.as_mut().is_some_and(|history| history.walks.take().is_some()) {
        jump::end(state);
        if key == Key::plain(Code::Esc) {
            return paging::stop(state);
        }
    }
    match state.screen {
        Screen::Welcome(_) => session::welcome_key(state, key),
        Screen::SignIn(_) => session::form_key(state, key),
        Screen::Main if search::is_typing(state) => search::type_key(state, key),
        Screen::Main => session::refused_key(state, key).unwrap_or_else(|| chord(state, key)),
    }
}

/// Keys that mean the same whatever is on the screen.
fn always(state: &mut State, key: Key) -> Option<Vec<Effect>> {
    match (key.ctrl, key.code) {
        (true, Code::Char('c')) => Some(act(state, Action::Interrupt)),
        (true, Code::Char('z')) => Some(vec![Effect::Suspend]),
        (true, Code::Char('l')) => Some(vec![Effect::Redraw]),
        _ => None,
    }
}

fn chord(state: &mut State, key: Key) -> Vec<Effect> {
    if key == Key::plain(Code::Esc) && !state.pending.keys.is_empty() {
        state.pending.clear();
        return nothing();
    }
    if let Some(action) = state.pending.letter {
        return bookmarks::letter(state, action, key);
    }
    state.pending.keys.push(key);
    match state.options.keymap.resolve(&state.pending.keys, state.place()) {
        Resolved::Action(action) if bookmarks::takes_letter(action) => {
            state.pending.letter = Some(action);
            state.pending.since = state.now.elapsed;
            nothing()
        }
        Resolved::Action(action) => {
            state.pending.clear();
            act(state, action)
        }
        // No menu of what would be refused.
        Resolved::Pending(next)
            if next.iter().all(|(_, action)| deletes(*action))
                && (state.place() == Place::Results || deletion::refuses(state)) =>
        {
            state.pending.clear();
            nothing()
        }
        Resolved::Pending(_) => {
            state.pending.since = state.now.elapsed;
            nothing()
        }
        Resolved::Nothing => {
            state.pending.clear();
            nothing()
        }
    }
}

const fn deletes(action: Action) -> bool {
    matches!(
        action,
        Action::DeleteMessages | Action::DeleteBefore | Action::HideConversation | Action::DeleteConversation
    )
}

pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Help => {
            push(state, Layer::Help { place: state.place(), filter: Input::default(), top: Scroll::default() })
        }
        Action::Sync => sync::open(state),
        Action::Export => export::open(state),
        Action::Suspend => vec![Effect::Suspend],
        Action::Redraw => vec![Effect::Redraw],
        Action::Interrupt => interrupt(state),
        Action::Search if state.place() != Place::Results => search::open(state, None),
        Action::Find if state.focus == Focus::History => {
            let peer = state.history.as_ref().map(|open| open.peer.clone());
            search::open(state, peer)
        }
        Action::LargerPane => zoom(state, Zoom::Full),
        Action::SmallerPane => zoom(state, Zoom::Normal),
        Action::CopyId | Action::CopyName | Action::CopyLink | Action::CopyJson | Action::CopyText => {
            copy::act(state, action)
        }
        _ if state.place() == Place::Results => search::act(state, action),
        Action::NextPane | Action::PreviousPane => other_pane(state),
        Action::PaneOut => pane_out(state),
        Action::Close => close(state),
        Action::Back => back(state),
        Action::Find => push(state, prompt(Ask::Find, "")),
        Action::Filter => {
            let typed = filter_text(state);
            push(state, prompt(Ask::Filter, &typed))
        }
        Action::GoToTime | Action::GoToMessage if state.history.is_none() => {
            toast(state, "toast-open-first");
            nothing()
        }
        // The letter is still to come.
        Action::SetBookmark | Action::GoToBookmark => nothing(),
        Action::GoToTime => push(state, prompt(Ask::Time, "")),
        Action::GoToMessage => push(state, prompt(Ask::Message, "")),
        Action::OpenPeer => push(state, prompt(Ask::Peer, "")),
        Action::TimeFormat => {
            state.options.time = match state.options.time {
                TimeFormat::Local => TimeFormat::Relative,
                TimeFormat::Relative => TimeFormat::Utc,
                TimeFormat::Utc => TimeFormat::Local,
            };
            nothing()
        }
        Action::ToggleWrap => {
            state.options.wrap = !state.options.wrap;
            nothing()
        }
        Action::NextAttention => list::attention(state, true),
        Action::PreviousAttention => list::attention(state, false),
        Action::DeleteMessages | Action::DeleteBefore | Action::HideConversation | Action::DeleteConversation => {
            deletion::open(state, action)
        }
        Action::Down
        | Action::Up
        | Action::HalfDown
        | Action::HalfUp
        | Action::PageDown
        | Action::PageUp
        | Action::First
        | Action::Last
        | Action::FirstUnread
        | Action::LineDown
        | Action::LineUp
        | Action::PreviousDay
        | Action::NextDay
        | Action::Open
        | Action::PaneIn
        | Action::Refresh
        | Action::Search
        | Action::SearchScope
        | Action::AskServer
        | Action::FindNext
        | Action::FindPrevious
        | Action::SortWaiting
        | Action::SortRecent
        | Action::SortUnread
        | Action::SortName
        | Action::SortReverse
        | Action::Mark
        | Action::MarkRange
        | Action::MarkAll
        | Action::Detail => match state.focus {
            Focus::List => list::act(state, action),
            Focus::History => history::act(state, action),
        },
    }
}

fn push(state: &mut State, layer: Layer) -> Vec<Effect> {
    state.layers.push(layer);
    nothing()
}

fn prompt(ask: Ask, text: &str) -> Layer {
    Layer::Prompt(Prompt { ask, input: Input::new(text), problem: None })
}

fn filter_text(state: &State) -> String {
    match (state.focus, &state.history) {
        (Focus::History, Some(history)) => history.filter.typed.clone(),
        _ => state.list.filter.clone(),
    }
}

fn zoom(state: &mut State, zoom: Zoom) -> Vec<Effect> {
    state.zoom = zoom;
    nothing()
}

fn other_pane(state: &mut State) -> Vec<Effect> {
    state.focus = match state.focus {
        Focus::List if state.history.is_some() => Focus::History,
        Focus::List | Focus::History => Focus::List,
    };
    nothing()
}

fn pane_out(state: &mut State) -> Vec<Effect> {
    state.focus = Focus::List;
    nothing()
}

/// `q`: full pane, history, then the program.
fn close(state: &mut State) -> Vec<Effect> {
    if state.zoom == Zoom::Full {
        return zoom(state, Zoom::Normal);
    }
    if state.focus == Focus::History {
        state.focus = Focus::List;
        // The results are still there to choose from.
        return if state.search.is_some() { nothing() } else { history::close(state) };
    }
    quit(state)
}

/// Leaves, once a deletion that was sent is answered: it must be accounted for; and once a bookmark is kept.
pub(super) fn quit(state: &mut State) -> Vec<Effect> {
    if bookmarks::is_keeping(state) && state.running.is_none() && !state.leaving {
        state.leaving = true;
        return nothing();
    }
    if state.running.is_some() && !state.leaving {
        state.leaving = true;
        toast(state, "toast-leaving-after-deletion");
        return nothing();
    }
    if export::holds(state) {
        return nothing();
    }
    vec![Effect::Quit]
}

/// `C-c`: stops what runs (never a deletion that was sent); twice leaves.
fn interrupt(state: &mut State) -> Vec<Effect> {
    let now = state.now.elapsed;
    if state.interrupted.is_some_and(|at| now.saturating_sub(at) < TWICE) {
        return vec![Effect::Quit];
    }
    state.interrupted = Some(now);
    let mut effects = layers::stop(state);
    effects.extend(search::stop(state));
    effects.extend(inquire::stop(state));
    effects.extend(paging::stop(state));
    effects.extend(sync::stop(state));
    effects.extend(export::stop(state));
    state.pending.clear();
    toast(state, "toast-interrupt");
    effects
}

/// Esc: what loads for so long that it is said, then filter, marks, then out of a pane that hides the others.
fn back(state: &mut State) -> Vec<Effect> {
    if state.focus == Focus::History && state.is_late_loading() {
        return paging::stop(state);
    }
    match (state.focus, state.history.as_mut()) {
        (Focus::History, Some(history)) => {
            if !history.filter.is_empty() {
                *history.filter = super::super::filter::Filter::default();
                history.heal();
            } else if history.range_from.take().is_some() {
            } else if !history.marks.is_empty() {
                history.marks.clear();
            } else {
                state.focus = Focus::List;
                state.zoom = Zoom::Normal;
            }
        }
        _ => list::back(state),
    }
    nothing()
}

/// Opens what was typed as a PEER; the error is a text key.
pub(super) fn open_typed(state: &mut State, typed: &str) -> Result<Vec<Effect>, &'static str> {
    let typed = typed.trim();
    // A bare id of a group in the list means that group.
    let listed = state.list.peers().find(|p| p.id() == typed).cloned();
    match listed.map_or_else(|| typed.parse::<Peer>(), Ok) {
        Ok(peer) => {
            if peer.chat_type == ChatType::Single && peer.id().bytes().any(|b| b.is_ascii_uppercase()) {
                let lower = peer.id().to_ascii_lowercase();
                let args = [("id", peer.id().into()), ("lower", lower.as_str().into())];
                let text = state.options.texts.tr("toast-capitals", &args);
                toast_text(state, text);
            }
            Ok(history::open(state, peer))
        }
        Err(_) => Err("problem-peer"),
    }
}

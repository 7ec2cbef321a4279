//! The conversation list under the keys.

use super::{history, nothing, session, toast};
use crate::action::Action;
use crate::app::list::{ListState, Sort};
use crate::app::request::Purpose;
use crate::app::{Effect, Focus, State};
use crate::domain::Peer;
use crate::text::fold::fold;

/// Rows an entry takes: two, and an empty one where there is room.
pub(super) fn entry_rows(state: &State) -> usize {
    if state.layout().airy { 3 } else { 2 }
}

/// Entries the list pane shows at once; what it would show where it is hidden.
pub(super) fn visible(state: &State) -> usize {
    let layout = state.layout();
    let rows = layout.list.map_or(state.size.1, |pane| layout.content(pane).height);
    (usize::from(rows) / entry_rows(state)).max(1)
}

/// Orders are kept while the cursor is in the list, so that nothing moves under it; rows in range.
pub(super) fn settle(state: &mut State) {
    let top = state.list.top_for_selected(visible(state));
    if top != state.list.top {
        state.list.top = top;
    }
}

pub(super) fn arrange(state: &mut State) {
    let me = state.me().to_owned();
    state.list.arrange(&state.names, &me);
}

pub(super) fn load(state: &mut State) -> Vec<Effect> {
    if session::is_local(state) {
        return nothing();
    }
    if state.requests.any(|p| *p == Purpose::List) {
        return nothing();
    }
    state.names.forget_asked();
    state.list.state = ListState::Loading(state.now);
    vec![Effect::LoadList(state.requests.issue(Purpose::List))]
}

pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    let page = visible(state) as isize;
    match action {
        Action::Down | Action::LineDown => step(state, 1),
        Action::Up | Action::LineUp => step(state, -1),
        Action::HalfDown => step(state, (page / 2).max(1)),
        Action::HalfUp => step(state, -(page / 2).max(1)),
        Action::PageDown => step(state, page),
        Action::PageUp => step(state, -page),
        Action::First => step(state, isize::MIN / 2),
        Action::Last => step(state, isize::MAX / 2),
        Action::Open | Action::PaneIn => return open(state),
        Action::Refresh => return load(state),
        Action::FindNext => find(state, true, false),
        Action::FindPrevious => find(state, false, false),
        Action::SortRecent => sort(state, Sort::Recent),
        Action::SortWaiting => sort(state, Sort::Waiting),
        Action::SortUnread => sort(state, Sort::Unread),
        Action::SortName => sort(state, Sort::Name),
        Action::SortReverse => {
            state.list.reversed = !state.list.reversed;
            arrange(state);
        }
        Action::Mark => {
            if let Some(peer) = state.list.selected.clone() {
                if !state.list.marked.remove(&peer) {
                    state.list.marked.insert(peer);
                }
                step(state, 1);
            }
        }
        Action::MarkRange => {
            state.list.range_from = match state.list.range_from.take() {
                None => state.list.selected.clone().inspect(|peer| _ = state.list.marked.insert(peer.clone())),
                Some(_) => None,
            }
        }
        Action::MarkAll => state.list.marked = state.list.shown.iter().cloned().collect(),
        Action::Detail | Action::PreviousDay | Action::NextDay => toast(state, "toast-open-first"),
        _ => {}
    }
    nothing()
}

fn sort(state: &mut State, sort: Sort) {
    (state.list.sort, state.list.reversed) = (sort, false);
    arrange(state);
}

fn step(state: &mut State, by: isize) {
    let last = state.list.shown.len().saturating_sub(1);
    let index = state.list.selected_index().unwrap_or(0) as isize;
    select(state, index.saturating_add(by).clamp(0, last as isize) as usize);
}

fn select(state: &mut State, index: usize) {
    let list = &mut *state.list;
    if let Some(from) = list.range_from.as_ref().and_then(|p| list.shown.iter().position(|q| q == p)) {
        let (a, b) = (from.min(index), from.max(index));
        list.marked.extend(list.shown.iter().take(b + 1).skip(a).cloned());
    }
    list.selected = list.shown.get(index).cloned();
}

/// Enter: opens the selected conversation; on a failed or empty list, tries again.
fn open(state: &mut State) -> Vec<Effect> {
    if state.list.shown.is_empty() {
        return match (&state.list.state, state.account()) {
            (ListState::Loaded, Some(account)) if account.user.has_capitals() && state.list.is_empty() => {
                let lowered = account.user.lowered();
                session::again(state, Some(lowered))
            }
            (ListState::Failed(_) | ListState::Unloaded, _) => load(state),
            _ => nothing(),
        };
    }
    match state.list.selected.clone() {
        Some(peer) if state.history.as_ref().is_some_and(|h| h.peer == peer) => {
            state.focus = Focus::History;
            nothing()
        }
        Some(peer) => history::open(state, peer),
        None => nothing(),
    }
}

/// The next or previous conversation that waits or is unread; opened where the history has the keys.
pub(super) fn attention(state: &mut State, forward: bool) -> Vec<Effect> {
    let me = state.me().to_owned();
    let list = &state.list;
    let wants = |peer: &Peer| list.wait(peer, &me).is_some() || list.get(peer).is_some_and(|c| c.unread > 0);
    let at = list.selected_index().unwrap_or(0);
    let found = if forward {
        (at + 1..list.shown.len()).find(|i| wants(&list.shown[*i]))
    } else {
        (0..at.min(list.shown.len())).rev().find(|i| wants(&list.shown[*i]))
    };
    let Some(index) = found else {
        toast(state, if forward { "toast-no-next-attention" } else { "toast-no-previous-attention" });
        return nothing();
    };
    select(state, index);
    if state.focus == Focus::History { open(state) } else { nothing() }
}

/// Jumps to the next or previous row that holds the find words; `here` lets the current row count.
pub(super) fn find(state: &mut State, forward: bool, here: bool) {
    let list = &state.list;
    if list.find.is_empty() {
        return;
    }
    let count = list.shown.len();
    let at = list.selected_index().unwrap_or(0);
    let start = usize::from(!here);
    let order =
        (start..=count).map(|n| if forward { (at + n) % count.max(1) } else { (at + 2 * count - n) % count.max(1) });
    let hit = order.take(count).find(|i| {
        list.shown.get(*i).and_then(|p| list.get(p)).is_some_and(|c| list.matches(c, &state.names, &list.find))
    });
    match hit {
        Some(index) => select(state, index),
        None => toast(state, "toast-no-hit"),
    }
}

pub(super) fn set_find(state: &mut State, typed: &str) {
    state.list.find = fold(typed.trim());
    find(state, true, true);
}

pub(super) fn set_filter(state: &mut State, typed: &str) {
    state.list.filter = fold(typed.trim());
    arrange(state);
}

/// Esc: find, filter, marks.
pub(super) fn back(state: &mut State) {
    let list = &mut state.list;
    if !list.find.is_empty() {
        list.find.clear();
    } else if !list.filter.is_empty() {
        set_filter(state, "");
    } else if list.range_from.take().is_none() {
        list.marked.clear();
    }
}

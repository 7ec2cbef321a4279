//! An open history under the keys: moving, marking.

use super::{compare, jump, list, nothing, paging, search, toast, unread};
use crate::action::Action;
use crate::app::history::{DayWalk, History, Item, Walk};
use crate::app::layer::{Layer, Scroll};
use crate::app::request::Purpose;
use crate::app::rows::{RowsCx, when};
use crate::app::timeline::{Edge, RowKey, Side};
use crate::app::viewport::{self, Anchor, Measure};
use crate::app::{Effect, Focus, State};
use crate::domain::Peer;

/// Histories kept for a quick return.
const RECENT: usize = 8;
/// Runs `work` on the open history with what measures it and the rows its pane has.
pub(super) fn with<T>(state: &mut State, work: impl FnOnce(&mut History, &RowsCx<'_>, u16) -> T) -> Option<T> {
    let layout = state.layout();
    let pane = layout.history.map_or((state.size.0, state.size.1), |p| (p.width, layout.content(p).height));
    let mut history = state.history.take()?;
    let out = work(&mut history, &RowsCx::new(state, pane.0), pane.1);
    state.history = Some(history);
    Some(out)
}

/// Opens a conversation: one opened before is shown at once and read again.
pub(super) fn open(state: &mut State, peer: Peer) -> Vec<Effect> {
    let mut effects = close(state);
    state.focus = Focus::History;
    if state.list.get(&peer).is_some() {
        state.list.selected = Some(peer.clone());
    }
    let unread = state.list.get(&peer).map_or(0, |c| c.unread);
    let seen = state.recent.iter().position(|h| h.peer == peer).and_then(|i| state.recent.remove(i));
    if let Some(history) = seen {
        state.history = Some(History { unread, ..history });
        effects.extend(paging::reread(state));
        return effects;
    }
    let id = state.requests.issue(Purpose::Local(peer.clone()));
    state.history = Some(History { local: Some(id), ..History::new(peer.clone(), unread) });
    effects.push(Effect::OpenLocal(id, peer));
    effects
}

/// Puts the open history aside; pages on their way are not wanted any more.
pub(super) fn close(state: &mut State) -> Vec<Effect> {
    let effects = paging::stop_loading(state);
    if let Some(mut history) = state.history.take() {
        history.local = None;
        state.recent.retain(|h| h.peer != history.peer);
        state.recent.push_back(history);
        if state.recent.len() > RECENT {
            state.recent.pop_front();
        }
    }
    effects
}

pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Down => step(state, 1),
        Action::Up => step(state, -1),
        Action::LineDown => scroll(state, |_| 1),
        Action::LineUp => scroll(state, |_| -1),
        Action::HalfDown => scroll(state, |h| (h / 2).max(1)),
        Action::HalfUp => scroll(state, |h| -(h / 2).max(1)),
        Action::PageDown => scroll(state, |h| h.max(1)),
        Action::PageUp => scroll(state, |h| -h.max(1)),
        Action::First => return jump::at_once(state, to_oldest),
        Action::Last => return jump::at_once(state, to_newest),
        Action::FirstUnread => return unread::first(state),
        Action::PreviousDay | Action::NextDay => {
            let from =
                state.history.as_ref().and_then(|h| h.cursor).and_then(|key| when::day(key.time, &state.options));
            to_day(state, DayWalk { forward: action == Action::NextDay, from });
        }
        Action::FindNext | Action::FindPrevious if state.search.is_none() => toast(state, "toast-nothing-sought"),
        Action::FindNext => return search::next(state, true),
        Action::FindPrevious => return search::next(state, false),
        Action::Open => return paging::retry(state),
        Action::Refresh => {
            let mut effects = compare::refresh(state);
            effects.extend(list::load(state));
            return effects;
        }
        Action::Mark => mark(state),
        Action::MarkRange => mark_range(state),
        Action::MarkAll => {
            if let Some(history) = state.history.as_mut() {
                history.marks = history.shown().map(|e| e.key).collect();
            }
        }
        Action::Detail if state.layout().detail.is_some() => state.detail = false,
        Action::Detail | Action::PaneIn => detail(state),
        _ => {}
    }
    nothing()
}

/// The pane where there is room for one, then everything in a dialog; the next `i` closes both.
pub(super) fn detail(state: &mut State) {
    if state.history.as_ref().is_none_or(|h| h.cursor.is_none()) {
        state.detail = false;
        return;
    }
    let beside = state.layout().detail.is_some();
    state.detail = true;
    if beside || state.layout().detail.is_none() {
        state.detail = beside;
        state.layers.push(Layer::Detail { top: Scroll::default() });
    }
}

/// Puts the cursor on a row, with the range mark following, and brings it onto the screen.
pub(super) fn go(state: &mut State, key: RowKey) {
    with(state, |history, measure, height| {
        history.cursor = Some(key);
        extend_range(history, key);
        viewport::reveal(history, measure, height, key);
    });
}

fn extend_range(history: &mut History, to: RowKey) {
    if let Some(from) = history.range_from {
        let (a, b) = (from.min(to), from.max(to));
        let keys: Vec<RowKey> = history.shown().map(|e| e.key).filter(|k| (a..=b).contains(k)).collect();
        history.marks.extend(keys);
    }
}

/// Message step: the cursor moves; one taller than the screen is scrolled through first.
fn step(state: &mut State, by: i32) {
    with(state, |history, measure, height| {
        let Some(key) = history.cursor else { return };
        let placed = viewport::place(history, measure, height);
        let rows = i32::from(height);
        let here = placed.iter().find(|p| p.item == Item::Row(key));
        let hidden = here.map_or(0, |p| if by > 0 { p.top + p.height - rows } else { -p.top });
        if hidden > 0 {
            viewport::scroll(history, measure, height, &placed, by * hidden.min((rows / 2).max(1)));
            return;
        }
        let Some(next) = history.step(key, by > 0) else {
            viewport::scroll(history, measure, height, &placed, by);
            return;
        };
        history.cursor = Some(next);
        extend_range(history, next);
        viewport::reveal(history, measure, height, next);
    });
}

/// Goes on up with what the archive gave, as far as was asked for meanwhile.
pub(super) fn go_on_up(state: &mut State) {
    let owed = state.history.as_mut().map_or(0, |history| std::mem::take(&mut history.owed));
    if owed > 0 {
        scroll(state, |_| -owed);
    }
}

/// Of `lines` to go up, those that must wait until what lies above is loaded.
fn owes(history: &History, measure: &RowsCx<'_>, placed: &[viewport::Placed], lines: i32) -> i32 {
    let Some(first) = placed.first().filter(|_| history.filter.is_empty()) else { return 0 };
    let (mut item, mut room) = (first.item, -first.top);
    while room < lines {
        let Some(above) = history.previous(item) else { break };
        (item, room) = (above, room + i32::from(measure.height(history, above)));
    }
    let Item::Edge(at, Side::Older) = item else { return 0 };
    let edge = history.timeline.segments.get(at).map(|segment| &segment.older);
    let is_on_its_way = matches!(edge, Some(Edge::More(_) | Edge::Loading(..)));
    if is_on_its_way { (lines - room).max(0) } else { 0 }
}

/// Moves the screen; the cursor stays while it is visible, else it goes to the nearest visible row.
fn scroll(state: &mut State, lines: impl FnOnce(i32) -> i32) {
    with(state, |history, measure, height| {
        let lines = lines(i32::from(height));
        let before = viewport::place(history, measure, height);
        history.owed += owes(history, measure, &before, -lines);
        let placed = viewport::scroll(history, measure, height, &before, lines);
        // Edges that show nothing come and go with the item the screen is built from.
        let shown = |placed: &[viewport::Placed]| placed.iter().find(|p| p.height > 0).copied();
        let moved = shown(&before) != shown(&placed);
        let rows: Vec<RowKey> = placed
            .iter()
            .filter(|p| p.top + p.height > 0 && p.top < i32::from(height))
            .filter_map(|p| if let Item::Row(key) = p.item { Some(key) } else { None })
            .collect();
        let (Some(first), Some(last)) = (rows.first().copied(), rows.last().copied()) else { return };
        let page = lines.abs() >= i32::from(height);
        history.cursor = match history.cursor {
            // At the end of what there is, a page key takes the cursor the rest of the way.
            _ if !moved && lines < 0 && page => Some(first),
            _ if !moved && lines > 0 && page => Some(last),
            Some(key) if (first..=last).contains(&key) => Some(key),
            Some(key) if key < first => Some(first),
            Some(_) => Some(last),
            None => Some(last),
        };
        if let Some(key) = history.cursor {
            extend_range(history, key);
        }
        viewport::hold_on(history, &placed);
    });
}

/// The oldest message the server has: loaded from its end, not by paging all the way.
pub(super) fn to_oldest(state: &mut State) {
    let Some(history) = state.history.as_mut() else { return };
    if history.timeline.has_oldest() {
        let first = history.first_shown();
        history.cursor = first;
    } else {
        history.timeline.start_at_oldest();
        history.cursor = None;
    }
    history.anchor = Anchor::At { item: History::first_item(), screen: 0 };
}

/// The newest message the server has.
pub(super) fn to_newest(state: &mut State) {
    let Some(history) = state.history.as_mut() else { return };
    if !history.timeline.has_newest() {
        history.timeline.start_at_newest();
    }
    history.cursor = if history.timeline.has_newest() { history.last_shown() } else { None };
    history.anchor = Anchor::Newest;
}

/// The beginning of the previous or next day. Where something is not loaded the walk waits, and goes on when it is.
pub(super) fn to_day(state: &mut State, walk: DayWalk) {
    let options = &state.options;
    let Some(history) = state.history.as_ref() else { return };
    let Some(cursor) = history.cursor else { return };
    let day = |key: RowKey| when::day(key.time, options);
    let beside = |key: RowKey| match history.beside(Item::Row(key), walk.forward) {
        Some(Item::Row(next)) => Some(next),
        Some(Item::Edge(..)) | None => None,
    };
    let end_of_day = |key: RowKey| {
        let same = std::iter::successors(Some(key), |key| beside(*key)).take_while(|next| day(*next) == day(key));
        same.last().unwrap_or(key)
    };
    // The walk may be on the other day already, and only looks for its beginning.
    let on_the_way = day(cursor) != walk.from;
    let other = if on_the_way { Some(cursor) } else { beside(end_of_day(cursor)) };
    let (target, ends) = match other {
        Some(other) if walk.forward => (other, false),
        Some(other) => (end_of_day(other), true),
        None => (end_of_day(cursor), true),
    };
    match (ends && history.loads_beside(target, walk.forward), other) {
        (true, _) => {
            go(state, target);
            if let Some(history) = state.history.as_mut() {
                history.walks = Some(Walk::Day(walk));
            }
        }
        (false, Some(_)) => go(state, target),
        (false, None) => toast(state, "toast-no-other-day"),
    }
}

pub(super) fn set_filter(state: &mut State, typed: &str) {
    if let Some(history) = state.history.as_mut() {
        *history.filter = super::super::filter::Filter::parse(typed);
        history.heal();
        if history.cursor.is_none() {
            history.cursor = history.last_shown();
        }
    }
}

fn mark(state: &mut State) {
    let Some(key) = state.history.as_ref().and_then(|h| h.cursor) else { return };
    if let Some(history) = state.history.as_mut()
        && !history.marks.remove(&key)
    {
        history.marks.insert(key);
    }
    step(state, 1);
}

fn mark_range(state: &mut State) {
    if let Some(history) = state.history.as_mut() {
        history.range_from = match history.range_from {
            Some(_) => None,
            None => history.cursor.inspect(|key| _ = history.marks.insert(*key)),
        };
    }
}

//! Looking for messages in what is kept: asked as it is typed, one question at a time; the hits stay while they are
//! opened one after another.

use super::{history, inquire, list, nothing, paging, toast, travel};
use crate::action::Action;
use crate::app::history::History;
use crate::app::input::Typed;
use crate::app::msg::{Found, Look};
use crate::app::request::Purpose;
use crate::app::search::{Choice, Home, Search, Sought, foot_rows};
use crate::app::timeline::Timeline;
use crate::app::viewport::Anchor;
use crate::app::{Effect, Focus, RequestId, State, Zoom};
use crate::domain::{Failure, Hit, MessageId, Peer, Spot, parse_time};
use crate::keymap::{Code, Key};
use crate::text::search::{Query, Script};

/// Hits asked for at once.
const PAGE: usize = 200;
/// So many rows before the last loaded hit the next ones are asked for.
const AHEAD: usize = 50;

/// Opens the field; the search that is there goes on.
pub(super) fn open(state: &mut State, peer: Option<Peer>) -> Vec<Effect> {
    let focus = state.focus;
    state.focus = Focus::List;
    if let Some(search) = state.search.as_mut() {
        search.is_typing = true;
        if search.peer == peer || focus == Focus::List {
            return nothing();
        }
        search.peer = peer;
        search.horizon = None;
        return ask(state);
    }
    let open = state.history.as_ref();
    let home = Home {
        focus,
        zoom: state.zoom,
        peer: open.map(|h| h.peer.clone()),
        cursor: open.and_then(|h| h.cursor),
        anchor: open.map_or(Anchor::Newest, |h| h.anchor),
    };
    state.zoom = Zoom::Normal;
    state.search = Some(Box::new(Search::new(peer, home)));
    ask(state)
}

/// Whether the field has the keys.
pub(super) fn is_typing(state: &State) -> bool {
    state.focus == Focus::List && state.search.as_ref().is_some_and(|search| search.is_typing)
}

/// A key for the field; arrows choose among the hits.
pub(super) fn type_key(state: &mut State, key: Key) -> Vec<Effect> {
    let Some(search) = state.search.as_mut() else { return nothing() };
    match (key.code, key.ctrl) {
        (Code::Down, _) | (Code::Char('n'), true) => return step(state, 1),
        (Code::Up, _) | (Code::Char('p'), true) => return step(state, -1),
        (Code::PageDown, _) => return page(state, 1),
        (Code::PageUp, _) => return page(state, -1),
        _ => {}
    }
    match search.input.key(key) {
        Typed::Changed => ask(state),
        Typed::Accept => {
            search.is_typing = false;
            if search.request.is_some() {
                search.enters = true;
                return nothing();
            }
            enter(state)
        }
        Typed::Leave => close(state, true),
        Typed::Used | Typed::Other => nothing(),
    }
}

pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    if let Some(search) = state.search.as_mut() {
        search.input.paste(text);
    }
    ask(state)
}

/// Enter in the field: within one conversation to the hit, else into the list of them.
fn enter(state: &mut State) -> Vec<Effect> {
    let Some(search) = state.search.as_ref() else { return nothing() };
    if search.peer.is_some() && search.hit().is_some() { go(state) } else { nothing() }
}

pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Down | Action::LineDown => step(state, 1),
        Action::Up | Action::LineUp => step(state, -1),
        Action::HalfDown | Action::PageDown => page(state, 1),
        Action::HalfUp | Action::PageUp => page(state, -1),
        Action::First => step(state, isize::MIN / 2),
        Action::Last => step(state, isize::MAX / 2),
        Action::Open | Action::PaneIn | Action::NextPane | Action::PreviousPane => go(state),
        Action::FindNext => next(state, true),
        Action::FindPrevious => next(state, false),
        Action::Find | Action::Search => {
            if let Some(search) = state.search.as_mut() {
                search.is_typing = true;
            }
            nothing()
        }
        Action::Mark => mark(state),
        Action::MarkAll => {
            if let Some(search) = state.search.as_mut() {
                search.marks = search.hits.iter().map(|hit| hit.key).collect();
            }
            nothing()
        }
        Action::SearchScope => scope(state),
        Action::AskServer => inquire::begin(state),
        Action::Refresh => {
            if let Some(search) = state.search.as_mut() {
                search.horizon = None;
            }
            ask(state)
        }
        Action::Close => close(state, false),
        Action::Back if state.search.as_ref().is_some_and(|search| search.inquires.is_some()) => inquire::stop(state),
        Action::Back if state.search.as_ref().is_some_and(|search| !search.marks.is_empty()) => {
            state.search.iter_mut().for_each(|search| search.marks.clear());
            nothing()
        }
        Action::Back | Action::PaneOut => close(state, true),
        _ => nothing(),
    }
}

/// Marks the chosen hit, or takes its mark away, and goes on to the next.
fn mark(state: &mut State) -> Vec<Effect> {
    let Some(search) = state.search.as_mut() else { return nothing() };
    let Some(key) = search.hit().map(|hit| hit.key) else { return nothing() };
    if !search.marks.remove(&key) {
        search.marks.insert(key);
    }
    step(state, 1)
}

/// From one conversation to all and back.
fn scope(state: &mut State) -> Vec<Effect> {
    let Some(search) = state.search.as_mut() else { return nothing() };
    if search.here.is_none() {
        search.here = search.hit().map(|hit| hit.peer.clone());
    }
    let Some(here) = search.here.clone() else {
        toast(state, "toast-open-first");
        return nothing();
    };
    search.peer = if search.peer.is_some() { None } else { Some(here) };
    (search.horizon, search.top) = (None, 0);
    ask(state)
}

/// Asks for what the field holds; the question before is not waited for any more.
fn ask(state: &mut State) -> Vec<Effect> {
    let (wall, zone, elapsed) = (state.now.wall, state.options.zone.clone(), state.now.elapsed);
    let mut effects = stop(state);
    let Some(search) = state.search.as_mut() else { return effects };
    let typed = search.input.text().to_owned();
    let query = Query::parse(&typed, Script::Either, |text| parse_time(text, wall, &zone));
    if search.sought.typed != typed {
        (search.inquired, search.trouble) = (None, None);
    }
    (search.sought, search.failure) = (Sought { typed, query }, None);
    if search.sought.query.is_empty() {
        (search.hits, search.more, search.chosen, search.top) = (Vec::new(), false, None, 0);
        if search.horizon.is_some() {
            return effects;
        }
    }
    search.since = elapsed;
    effects.extend(look(state, None));
    effects
}

/// The hits below a key, or the newest.
fn look(state: &mut State, below: Option<i64>) -> Option<Effect> {
    let search = state.search.as_mut()?;
    let with_horizon = search.horizon.is_none();
    let (query, peer) = (search.sought.query.clone(), search.peer.clone());
    let id = state.requests.issue(Purpose::Search(below));
    search.request = Some(id);
    Some(Effect::Search(id, Look { query, peer, below, limit: PAGE, with_horizon }))
}

/// What was deleted must not stand among the hits: looks again.
pub(super) fn again(state: &mut State) -> Vec<Effect> {
    if let Some(search) = state.search.as_mut() {
        search.horizon = None;
        return ask(state);
    }
    nothing()
}

/// Stops looking; what was found stays.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let Some(id) = state.search.as_mut().and_then(|search| search.request.take()) else { return nothing() };
    if state.requests.forget(id) { vec![Effect::Cancel(vec![id])] } else { nothing() }
}

/// Hits came.
pub(super) fn found(state: &mut State, id: RequestId, below: Option<i64>, found: Found) -> Vec<Effect> {
    let Some(search) = state.search.as_mut().filter(|s| s.request == Some(id)) else { return nothing() };
    search.request = None;
    search.horizon = found.horizon.or(search.horizon);
    (search.more, search.behind) = (found.more, found.behind);
    if below.is_some() {
        search.hits.extend(found.hits);
        return nothing();
    }
    search.hits = found.hits;
    let hits = &search.hits;
    search.marks.retain(|key| hits.iter().any(|hit| hit.key == *key));
    let still = search.chosen.take().filter(|chosen| match chosen {
        Choice::Hit(key) => search.hits.iter().any(|hit| hit.key == *key),
        Choice::More(_) => false,
    });
    search.chosen = still.or_else(|| nearest(search).map(|hit| Choice::Hit(hit.key)));
    if std::mem::take(&mut search.enters) { enter(state) } else { nothing() }
}

/// Where the walk begins: in one conversation the first hit at or before the place the person looked at.
fn nearest(search: &Search) -> Option<&Hit> {
    let at = search.home.cursor.filter(|_| search.peer.is_some() && search.peer == search.home.peer);
    let before = at.and_then(|at| search.hits.iter().find(|hit| hit.message.time <= at.time));
    before.or(search.hits.first())
}

/// The question failed.
pub(super) fn failed(state: &mut State, id: RequestId, failure: Failure) {
    if let Some(search) = state.search.as_mut().filter(|s| s.request == Some(id)) {
        (search.request, search.enters) = (None, false);
        search.failure = Some(Box::new(failure));
    }
}

/// Rows of results that are seen at once.
fn height(state: &State) -> usize {
    let layout = state.layout();
    let rows = layout.list.map_or(state.size.1, |pane| layout.content(pane).height);
    usize::from(rows.saturating_sub(foot_rows(layout.airy))).max(1)
}

fn page(state: &mut State, pages: isize) -> Vec<Effect> {
    let rows = height(state) as isize;
    step(state, pages * (rows - 1).max(1))
}

/// Moves the choice by so many rows that can be chosen.
fn step(state: &mut State, by: isize) -> Vec<Effect> {
    let airy = state.layout().airy;
    let Some(search) = state.search.as_mut() else { return nothing() };
    let rows = search.rows(airy);
    let choices: Vec<Choice> = rows.iter().filter_map(|row| search.choice(row)).collect();
    let at = search.chosen.as_ref().and_then(|chosen| choices.iter().position(|c| c == chosen)).unwrap_or(0);
    let to = (at as isize).saturating_add(by).clamp(0, choices.len().saturating_sub(1) as isize);
    search.chosen = choices.into_iter().nth(to as usize);
    nothing()
}

/// The next or previous hit, whatever conversation it is in; opened.
pub(super) fn next(state: &mut State, forward: bool) -> Vec<Effect> {
    let airy = state.layout().airy;
    let Some(search) = state.search.as_mut() else { return nothing() };
    let order = search.order();
    let at = search.nth().map(|nth| nth - 1);
    let to = match (at, forward) {
        (Some(at), true) => at + 1,
        (Some(0), false) => order.len(),
        (Some(at), false) => at - 1,
        (None, _) => 0,
    };
    let Some(hit) = order.get(to).and_then(|i| search.hits.get(*i)).cloned() else {
        let waits = search.more && forward;
        toast(state, if waits { "toast-more-hits-coming" } else { "toast-no-further-hit" });
        return nothing();
    };
    search.chosen = Some(Choice::Hit(hit.key));
    if search.chosen_row(&search.rows(airy)).is_none() {
        search.unfolded.insert(hit.peer.clone());
    }
    show(state, &hit)
}

/// Enter: the chosen hit in its conversation, or the hits that are not shown.
fn go(state: &mut State) -> Vec<Effect> {
    let Some(search) = state.search.as_mut() else { return nothing() };
    if let Some(Choice::More(peer)) = search.chosen.clone() {
        let rows = search.rows(false);
        let first = search.chosen_row(&rows);
        search.unfolded.insert(peer);
        search.chosen = first.and_then(|at| search.choice(search.rows(false).get(at)?));
        return nothing();
    }
    let Some(hit) = search.hit().cloned() else { return nothing() };
    search.is_typing = false;
    let mut effects = show(state, &hit);
    state.focus = Focus::History;
    effects.extend(complete(state));
    effects
}

/// A hit that was gone into is shown among all there is around it: where only loose messages are kept, the server is
/// asked.
pub(super) fn complete(state: &mut State) -> Vec<Effect> {
    let is_asked = state.focus == Focus::History && state.account().is_some();
    let hit = state.search.as_ref().filter(|_| is_asked).and_then(|search| search.hit()).cloned();
    let Some(history) = state.history.as_mut().filter(|history| history.is_loose) else { return nothing() };
    let Some(hit) = hit.filter(|hit| hit.peer == history.peer) else { return nothing() };
    (*history.timeline, history.cursor, history.is_loose) = (Timeline::default(), None, false);
    travel::to(state, spot(&hit))
}

fn spot(hit: &Hit) -> Spot {
    match hit.message.id {
        MessageId(0) => Spot::Time(hit.message.time),
        id => Spot::Message(id),
    }
}

/// Shows a hit in its conversation; no server is asked for it.
fn show(state: &mut State, hit: &Hit) -> Vec<Effect> {
    let Some(search) = state.search.as_mut() else { return nothing() };
    let sought = search.sought.clone();
    search.open = Some(hit.key);
    let mut effects = Vec::new();
    if state.history.as_ref().is_none_or(|open| open.peer != hit.peer) {
        effects.extend(history::close(state));
        let seen = state.recent.iter().position(|h| h.peer == hit.peer).and_then(|i| state.recent.remove(i));
        let unread = state.list.get(&hit.peer).map_or(0, |c| c.unread);
        state.history = Some(seen.unwrap_or_else(|| History::new(hit.peer.clone(), unread)));
    }
    if let Some(open) = state.history.as_mut() {
        open.find = sought;
    }
    effects.extend(travel::to_kept(state, spot(hit)));
    effects
}

/// Ends the search: back to where it began, or staying at the hit.
pub(super) fn close(state: &mut State, back: bool) -> Vec<Effect> {
    let mut effects = stop(state);
    effects.extend(inquire::stop(state));
    let Some(search) = state.search.take() else { return effects };
    let home = search.home;
    if let Some(open) = state.history.as_mut() {
        open.find = Sought::default();
    }
    if !back {
        state.focus = if state.history.is_some() { Focus::History } else { Focus::List };
        return effects;
    }
    let open = state.history.as_ref().map(|h| h.peer.clone());
    match home.peer {
        Some(peer) if open.as_ref() != Some(&peer) => effects.extend(history::open(state, peer)),
        Some(_) => {}
        None => effects.extend(history::close(state)),
    }
    (state.focus, state.zoom) = (home.focus, home.zoom);
    if let Some(history) = state.history.as_mut()
        && let Some(cursor) = home.cursor.filter(|key| history.timeline.get(*key).is_some())
    {
        (history.cursor, history.anchor) = (Some(cursor), home.anchor);
    }
    effects.extend(paging::settle(state));
    list::settle(state);
    effects
}

/// Rows in range, the next hits ahead of the cursor, and the chosen hit beside its list where there is room.
pub(super) fn settle(state: &mut State) -> Vec<Effect> {
    if state.search.is_none() {
        return nothing();
    }
    let (layout, rows) = (state.layout(), height(state));
    let Some(search) = state.search.as_mut() else { return nothing() };
    search.scroll_to_chosen(layout.airy, rows);
    let mut effects = nothing();
    let left = search.nth().map_or(usize::MAX, |nth| search.hits.len() - nth);
    let at_end = matches!(search.chosen, Some(Choice::More(_))) || left < AHEAD;
    let below = search.hits.last().map(|hit| hit.key);
    if search.more && search.request.is_none() && at_end {
        effects.extend(look(state, below));
    }
    let Some(search) = state.search.as_ref() else { return effects };
    let is_beside = state.focus == Focus::List && layout.history.is_some();
    let hit = search.hit().filter(|hit| is_beside && search.open != Some(hit.key)).cloned();
    if let Some(hit) = hit {
        effects.extend(show(state, &hit));
    }
    effects
}

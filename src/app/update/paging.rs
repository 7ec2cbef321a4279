//! Pages of the open history: asked for ahead of the scroll, taken in as they come, read again to see what remains.

use super::history::with;
use super::{compare, nothing};
use crate::app::history::{History, Item, Reread, Walk};
use crate::app::list::Wait;
use crate::app::msg::Kept;
use crate::app::request::Purpose;
use crate::app::timeline::{Edge, RowKey, Side, Timeline};
use crate::app::viewport::{self, Anchor};
use crate::app::{Effect, Focus, RequestId, State};
use crate::domain::{
    Body, Cursor, Direction, Failure, FailureKind, HistoryPage, HistoryQuery, Message, MessageId, PageEnd,
};

/// Messages that an archive is asked for at once at most: enough that asking costs nothing, and little to hold.
const PIECE: usize = 250;
/// Pages a reread takes at most; a longer range is compared as far as it came.
const REREAD_PAGES: usize = 10;

/// Stops what the person no longer waits for: the edges say so, and wait for Enter.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let Some(history) = state.history.as_mut() else { return nothing() };
    let mut ids = history.timeline.stop(&Failure::local(FailureKind::Cancelled, String::new()));
    ids.extend(history.reread.take().map(|r| r.request));
    ids.extend(history.compares.take().and_then(|c| c.request));
    ids.extend(history.travels.take());
    (history.walks, history.owed) = (None, 0);
    ids.retain(|id| state.requests.forget(*id));
    if ids.is_empty() { nothing() } else { vec![Effect::Cancel(ids)] }
}

/// Cancels pages on their way; what has arrived stays.
pub(super) fn stop_loading(state: &mut State) -> Vec<Effect> {
    let Some(history) = state.history.as_mut() else { return nothing() };
    history.owed = 0;
    let mut ids = history.timeline.forget_requests();
    ids.extend(history.reread.take().map(|r| r.request));
    ids.extend(history.compares.take().and_then(|c| c.request));
    ids.extend(history.travels.take());
    ids.retain(|id| state.requests.forget(*id));
    if ids.is_empty() { nothing() } else { vec![Effect::Cancel(ids)] }
}

/// Enter: tries failed edges again and loads the gaps on the screen.
pub(super) fn retry(state: &mut State) -> Vec<Effect> {
    let edges = with(state, |history, measure, height| {
        let placed = viewport::place(history, measure, height);
        let edge = |p: &viewport::Placed| if let Item::Edge(s, side) = p.item { Some((s, side)) } else { None };
        placed.iter().filter_map(edge).collect::<Vec<_>>()
    });
    let mut effects = Vec::new();
    for (segment, side) in edges.unwrap_or_default() {
        effects.extend(load_edge(state, segment, side, true));
        if side == Side::Newer {
            effects.extend(load_edge(state, segment + 1, Side::Older, true));
        }
    }
    if effects.is_empty() {
        super::history::detail(state);
    }
    effects
}

fn load_edge(state: &mut State, segment: usize, side: Side, retry: bool) -> Option<Effect> {
    let owed = state.history.as_ref()?.owed;
    // Each message is a line or more.
    load(state, segment, side, retry, if side == Side::Older { usize::try_from(owed).unwrap_or(0) } else { 0 })
}

/// Asks for what lies beyond an edge; for so many messages at once where they are in the archive.
fn load(state: &mut State, segment: usize, side: Side, retry: bool, kept: usize) -> Option<Effect> {
    let history = state.history.as_mut()?;
    let peer = history.peer.clone();
    let edge = history.timeline.segments.get(segment)?.edge(side);
    if !(edge.wants_loading() || (retry && matches!(edge, Edge::Failed(..) | Edge::Incomplete(_)))) {
        return None;
    }
    let id = state.requests.issue(Purpose::Page(peer.clone()));
    let query = history.timeline.load(&peer, segment, side, id, retry)?;
    Some(Effect::LoadPage(id, query.with_kept(kept.min(PIECE))))
}

/// Asks for what the next two screens in either direction need, one request per edge.
pub(super) fn settle(state: &mut State) -> Vec<Effect> {
    if is_not_to_load(state) {
        return nothing();
    }
    let reads_on = reads_on(state);
    let wanted = with(state, |history, measure, height| {
        let placed = viewport::hold(history, measure, height);
        if reads_on { edges_ahead(history, &placed, height) } else { Vec::new() }
    });
    let mut effects = Vec::new();
    for (segment, side) in wanted.unwrap_or_default() {
        effects.extend(load_edge(state, segment, side, false));
    }
    effects
}

/// Whether there is nobody to ask, or what opens the history is still on its way.
fn is_not_to_load(state: &State) -> bool {
    let nobody = state.account().is_none() && state.shown.is_none();
    let waits = |h: &History| h.local.is_some() || (h.travels.is_some() && h.timeline.is_empty());
    nobody || state.history.as_ref().is_some_and(waits)
}

/// Whether what lies ahead is loaded by itself. Looking at hits asks no server for more; a filter looks at what is loaded, and must not
/// page through everything.
fn reads_on(state: &State) -> bool {
    let only_looks = state.search.is_some() && state.focus == Focus::List;
    !only_looks && state.history.as_ref().is_some_and(|h| h.filter.is_empty() || h.timeline.is_empty())
}

/// Edges within two screens of the visible rows.
fn edges_ahead(history: &History, placed: &[viewport::Placed], height: u16) -> Vec<(usize, Side)> {
    let ahead = 2 * usize::from(height.max(1));
    let mut edges = Vec::new();
    let mut note = |item: Item| {
        if let Item::Edge(s, side) = item {
            edges.push((s, side));
            if side == Side::Newer && s + 1 < history.timeline.segments.len() {
                edges.push((s + 1, Side::Older));
            }
        }
    };
    placed.iter().for_each(|p| note(p.item));
    for (end, forward) in [(placed.first(), false), (placed.last(), true)] {
        let beyond = end.map_or_else(Vec::new, |end| history.edges_beyond(end.item, forward, ahead));
        beyond.into_iter().for_each(&mut note);
    }
    edges.sort_by_key(|(s, side)| (*s, *side == Side::Newer));
    edges.dedup();
    edges
}

/// An archive answered: what it has stands on the screen at once, and is read again from the server.
pub(super) fn local(state: &mut State, id: RequestId, kept: Option<Kept>) -> Vec<Effect> {
    let wall = state.now.wall;
    let Some(history) = state.history.as_mut().filter(|h| h.local == Some(id)) else { return nothing() };
    history.local = None;
    let Some(kept) = kept else { return nothing() };
    // What lies around a place that is gone to may have come before it, and then stands alone until more is loaded.
    if history.timeline.is_empty() {
        let (travels, walks, to_oldest) = (history.travels, history.walks, waits_for_oldest(history));
        let kept = History::kept(history.peer.clone(), history.unread, kept, wall);
        *history = History { travels, walks, ..kept };
        if to_oldest {
            super::history::to_oldest(state);
        }
    }
    reread(state)
}

/// The server cannot be asked: what is kept beyond the hole at an outer end is, once.
pub(super) fn look_beyond(state: &mut State) -> Vec<Effect> {
    let Some(history) = state.history.as_ref() else { return nothing() };
    let segments = &history.timeline.segments;
    let ends = [(segments.first(), Side::Older, Direction::Up), (segments.last(), Side::Newer, Direction::Down)];
    let failed = |edge: &Edge| matches!(edge, Edge::Failed(..));
    let holes = ends.into_iter().filter_map(|(segment, side, way)| {
        let segment = segment.filter(|s| failed(s.edge(side)))?;
        Some((segment.cursor(side)?.as_str().parse::<MessageId>().ok()?, way))
    });
    let (peer, holes) = (history.peer.clone(), holes.collect::<Vec<_>>());
    let mut effects = nothing();
    for (id, way) in holes {
        let purpose = Purpose::Beyond(peer.clone(), way);
        if !state.requests.any(|p| *p == purpose) {
            effects.push(Effect::LoadBeyond(state.requests.issue(purpose), peer.clone(), id, way));
        }
    }
    effects
}

/// What is kept beyond a hole came.
pub(super) fn beyond(state: &mut State, direction: Direction, kept: Kept) {
    let wall = state.now.wall;
    let Some(history) = state.history.as_mut() else { return };
    let segments = &history.timeline.segments;
    let end =
        if direction == Direction::Up { segments.first().map(|s| &s.older) } else { segments.last().map(|s| &s.newer) };
    // Meanwhile it may have been loaded after all.
    let Some(Edge::Failed(why, _)) = end.cloned() else { return };
    history.timeline.insert_beyond(kept.page, direction, &why, wall);
}

/// The person asked for the oldest message, and it is not here yet.
fn waits_for_oldest(history: &History) -> bool {
    let is_at_top = matches!(history.anchor, Anchor::At { item: Item::Edge(0, Side::Older), .. });
    is_at_top && history.cursor.is_none() && !history.timeline.has_oldest()
}

/// Where a cursor goes that stands nowhere.
fn landing(history: &History) -> Option<RowKey> {
    match history.anchor {
        // Another page may have come first.
        _ if waits_for_oldest(history) => None,
        Anchor::At { item: Item::Edge(0, Side::Older), .. } => history.first_shown(),
        Anchor::At { .. } | Anchor::Newest => history.last_shown(),
    }
}

/// A page of the open history, or of one put aside, came.
pub(super) fn page(state: &mut State, id: RequestId, page: HistoryPage) -> Vec<Effect> {
    let (wall, me) = (state.now.wall, state.me().to_owned());
    let Some(history) = state.history.as_mut() else { return nothing() };
    let (was_empty, is_kept, came) = (history.cursor.is_none(), page.is_kept, page.messages.len());
    if !history.timeline.page_arrived(id, page, wall) {
        return nothing();
    }
    if was_empty {
        history.cursor = landing(history);
    }
    history.timeline.evict(history.cursor);
    history.heal();
    let walks = history.walks;
    // Nobody waits at a slow server's pace for a screen that then runs away.
    history.owed = if is_kept { history.owed } else { 0 };
    let effects = on_the_way_up(state, came);
    learn(state, &me);
    if let Some(Walk::Day(walk)) = walks {
        if let Some(history) = state.history.as_mut() {
            history.walks = None;
        }
        super::history::to_day(state, walk);
    }
    effects
}

/// Where the screen is to go up further: what comes after what came is read while that is measured.
fn on_the_way_up(state: &mut State, came: usize) -> Vec<Effect> {
    let Some(history) = state.history.as_ref().filter(|history| history.owed > 0) else { return nothing() };
    let at = match history.anchor {
        Anchor::At { item: Item::Row(key), .. } => history.timeline.find(key).map(|(at, _)| at),
        Anchor::At { item: Item::Edge(at, _), .. } => Some(at),
        Anchor::Newest => None,
    };
    // Each message that came takes a line or more.
    let owed = usize::try_from(history.owed).unwrap_or(0).saturating_sub(came);
    let may = owed > 0 && !is_not_to_load(state) && reads_on(state);
    let next = at.filter(|_| may).and_then(|at| load(state, at, Side::Older, false, owed));
    next.into_iter().chain([Effect::GoOn]).collect()
}

/// What an open history teaches the list: the latest message, and since when its peer waits.
fn learn(state: &mut State, me: &str) {
    // Where nobody is anybody's agent, nobody waits.
    if me.is_empty() {
        return;
    }
    let Some(history) = state.history.as_ref().filter(|h| h.timeline.has_newest()) else { return };
    let peer = history.peer.clone();
    let Some(segment) = history.timeline.segments.last() else { return };
    let mut first_unanswered = None;
    let mut answered = segment.older == Edge::Reached;
    for entry in segment.rows.iter().rev() {
        if !counts(&entry.message) {
            continue;
        }
        if entry.message.from == me {
            answered = true;
            break;
        }
        first_unanswered = Some(entry.message.time);
    }
    let last = segment.rows.iter().rev().find(|e| e.message.id != MessageId(0)).map(|e| Box::new((*e.message).clone()));
    let wait = first_unanswered.map(|since| Wait { since, at_least: !answered });
    state.list.learn_wait(&peer, wait);
    if let (Some(mut conversation), Some(last)) = (state.list.get(&peer).cloned(), last) {
        conversation.last = Some(last);
        state.list.put(conversation);
    }
}

/// Commands, recall notices and what cannot be read count for neither side.
pub(super) fn counts(message: &Message) -> bool {
    !matches!(message.body, Body::Command { .. } | Body::Recalled { .. } | Body::Damaged { .. })
}

/// Reads what is on the screen again, to see what the server still has.
pub(super) fn reread(state: &mut State) -> Vec<Effect> {
    if state.local().is_some() {
        return nothing();
    }
    let range = with(state, |history, measure, height| {
        let placed = viewport::place(history, measure, height);
        let row = |p: &viewport::Placed| if let Item::Row(key) = p.item { Some(key) } else { None };
        let (top, bottom) = (placed.iter().find_map(row), placed.iter().rev().find_map(row));
        let at_newest =
            history.timeline.has_newest() && bottom == history.timeline.entries().next_back().map(|e| e.key);
        (top, bottom, at_newest)
    });
    let Some((top, bottom, at_newest)) = range else { return nothing() };
    let Some(history) = state.history.as_mut().filter(|h| h.reread.is_none()) else { return nothing() };
    let Some(bottom) = bottom else {
        if !history.timeline.is_empty() {
            // A terminal without a line shows nothing, though there is something.
            return nothing();
        }
        // Nothing is here: the ends are asked for again.
        let mut effects = stop_loading(state);
        if let Some(history) = state.history.as_mut() {
            *history.timeline = Timeline::default();
            (history.cursor, history.anchor) = (None, Anchor::Newest);
        }
        effects.extend(settle(state));
        return effects;
    };
    let peer = history.peer.clone();
    let id = state.requests.issue(Purpose::Reread(peer.clone()));
    // Exclusive: the row after the lowest visible one, or the id just above it where what follows is not loaded.
    let next = RowKey { id: MessageId(bottom.id.0.saturating_add(1)), nth: 0, ..bottom };
    let above = (!at_newest).then(|| history.timeline.row_after(bottom).filter(|key| key.id.0 != 0).unwrap_or(next));
    let cursor = above.map(|key| Cursor::from(key.id));
    history.stale = None;
    history.reread = Some(Reread { request: id, until: top, above, messages: Vec::new() });
    vec![Effect::LoadPage(id, HistoryQuery::new(peer, cursor, Direction::Up).afresh())]
}

/// A page of a reread came: go on to the top of what was visible, then compare.
pub(super) fn reread_page(state: &mut State, id: RequestId, page: HistoryPage) -> Vec<Effect> {
    let (wall, me) = (state.now.wall, state.me().to_owned());
    let Some(history) = state.history.as_mut() else { return nothing() };
    let Some(mut reread) = history.reread.take().filter(|r| r.request == id) else { return nothing() };
    if !page.is_sound {
        // Nothing goes from the screen for an answer that contradicts itself.
        history.stale = Some(Box::new(Failure::local(FailureKind::BadAnswer, "the page contradicts itself")));
        return nothing();
    }
    let reached = page.messages.iter().any(|m| reread.until.is_some_and(|key| m.time <= key.time && m.id <= key.id));
    reread.messages.extend(page.messages);
    let pages = reread.messages.len() / 50;
    match page.end {
        PageEnd::More(cursor) if !reached && pages < REREAD_PAGES => {
            let peer = history.peer.clone();
            reread.request = state.requests.issue(Purpose::Reread(peer.clone()));
            let effect =
                Effect::LoadPage(reread.request, HistoryQuery::new(peer, Some(cursor), Direction::Up).afresh());
            history.reread = Some(reread);
            vec![effect]
        }
        end => {
            let oldest = reread.messages.last().map(|m| m.time).filter(|_| end == PageEnd::End);
            // What is older than the server's oldest may be kept here: the archive is asked for it again.
            let beyond = history.is_kept.then_some(oldest).flatten();
            let older = |time| history.timeline.entries().filter(|e| e.key.time < time).count();
            let apart = beyond.map_or(0, older);
            let gone = history.timeline.reconcile(reread.messages, &end, reread.above, wall).saturating_sub(apart);
            if beyond.is_some() {
                history.served_from = beyond;
                history.timeline.look_further();
            }
            history.heal();
            if history.cursor.is_none() {
                history.cursor = landing(history);
            }
            let (peer, empty) = (history.peer.clone(), history.timeline.is_empty() && end == PageEnd::End);
            if empty {
                // The service drops a conversation with its last message.
                if let Some(mut conversation) = state.list.get(&peer).cloned() {
                    conversation.last = None;
                    state.list.put(conversation);
                }
            }
            learn(state, &me);
            if super::deletion::looked(state) {
                return nothing();
            }
            if gone > 0 {
                compare::tell_gone(state, gone);
            }
            if let Some(compare) = state.history.as_mut().and_then(|history| history.compares.as_mut()) {
                compare.gone += gone;
                return compare::all(state);
            }
            nothing()
        }
    }
}

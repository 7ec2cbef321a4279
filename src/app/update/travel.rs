//! Going to a time or a message: at once where it is loaded, else what lies around it is asked for.

use super::history::with;
use super::{bookmarks, history, jump, toast, toast_text};
use crate::app::filter::Filter;
use crate::app::history::Item;
use crate::app::request::Purpose;
use crate::app::timeline::{Edge, RowKey};
use crate::app::viewport::{self, Anchor};
use crate::app::{Effect, Focus, History, RequestId, State};
use crate::domain::{Around, Message, MessageId, Peer, Spot, parse_time};

/// Goes to what was typed as a time, of what is still to come to the newest message; the error is a text key.
pub(super) fn to_time(state: &mut State, typed: &str) -> Result<Vec<Effect>, &'static str> {
    let at = parse_time(typed, state.now.wall, &state.options.zone).ok_or("problem-time")?;
    if at > state.now.wall {
        state.focus = Focus::History;
        let effects = jump::at_once(state, history::to_newest);
        toast(state, "toast-still-to-come");
        return Ok(effects);
    }
    let mut effects = jump::begin(state);
    effects.extend(to(state, Spot::Time(at)));
    Ok(effects)
}

/// Goes to what was typed as the id of a message; the error is a text key.
pub(super) fn to_message(state: &mut State, typed: &str) -> Result<Vec<Effect>, &'static str> {
    let id: MessageId = typed.trim().parse().map_err(|_| "problem-message")?;
    let mut effects = jump::begin(state);
    effects.extend(to(state, Spot::Message(id)));
    Ok(effects)
}

/// Goes to a place of the open conversation. A jump must have begun.
pub(super) fn to(state: &mut State, spot: Spot) -> Vec<Effect> {
    state.focus = Focus::History;
    ask(state, spot, Effect::LoadAround)
}

/// Goes to a place that is kept, and is no jump; no server is asked.
pub(super) fn to_kept(state: &mut State, spot: Spot) -> Vec<Effect> {
    state.bookmarks.leaves = None;
    ask(state, spot, Effect::LoadKept)
}

fn ask(state: &mut State, spot: Spot, load: impl Fn(RequestId, Peer, Spot) -> Effect) -> Vec<Effect> {
    let mut effects = stay(state);
    let Some(history) = state.history.as_mut() else { return effects };
    if let Some(key) = loaded(history, spot) {
        let said = reach(state, key, matches!(spot, Spot::Message(_)));
        say(state, &said.into_iter().collect::<Vec<_>>());
        return effects;
    }
    let peer = history.peer.clone();
    let id = state.requests.issue(Purpose::Around(peer.clone(), spot));
    history.travels = Some(id);
    history.stale = None;
    effects.push(load(id, peer, spot));
    effects
}

/// Ends the journey that is on its way.
pub(super) fn stay(state: &mut State) -> Vec<Effect> {
    let before = state.history.as_mut().and_then(|history| history.travels.take());
    before.filter(|id| state.requests.forget(*id)).map(|id| Effect::Cancel(vec![id])).into_iter().collect()
}

/// The row of a place, where what is loaded is enough to tell; a filter may hide it.
fn loaded(history: &History, spot: Spot) -> Option<RowKey> {
    match spot {
        Spot::Message(id) => history.timeline.by_id(id).map(|entry| entry.key),
        Spot::Time(at) => history.timeline.segments.iter().find_map(|segment| {
            let (first, last) = (segment.rows.front()?.key.time, segment.rows.back()?.key.time);
            let before_all = at <= first && segment.older == Edge::Reached;
            let within = (first < at && at <= last) || before_all;
            within.then(|| segment.rows.iter().find(|e| e.key.time >= at).map(|e| e.key))?
        }),
    }
}

/// What lies around a place came.
pub(super) fn arrived(state: &mut State, id: RequestId, spot: Spot, around: Around) {
    let wall = state.now.wall;
    let Some(history) = state.history.as_mut().filter(|h| h.travels == Some(id)) else { return };
    (history.travels, history.owed) = (None, 0);
    let target = target(&around, spot);
    let (missed, is_last) = (target.map(Spot::Message) != Some(spot), around.newer.messages.is_empty());
    // Only a server can say that a message is gone; what is kept here may have holes.
    let is_known = !around.is_kept && around.older.is_sound && around.newer.is_sound;
    let lost = match spot {
        Spot::Message(wanted) if missed && is_known => {
            let peer = history.peer.clone();
            bookmarks::lost(state, &peer, wanted)
        }
        Spot::Message(_) | Spot::Time(_) => None,
    };
    let Some((history, target)) = state.history.as_mut().zip(target) else {
        let text = lost.unwrap_or_else(|| state.options.texts.t("toast-no-place"));
        return toast_text(state, text);
    };
    if around.is_kept {
        (history.is_kept, history.served_from) = (true, history.served_from.or(around.served_from));
        history.is_loose |= around.is_loose;
    }
    history.timeline.insert_around(around, wall);
    let Some(key) = history.timeline.by_id(target).map(|entry| entry.key) else { return };
    history.timeline.evict(Some(key));
    let said = reach(state, key, matches!(spot, Spot::Message(_)) && !missed);
    if let Some(text) = lost {
        return toast_text(state, text);
    }
    let place = match spot {
        Spot::Message(_) if missed => Some("toast-message-not-found"),
        Spot::Time(_) if is_last => Some("toast-nothing-later"),
        Spot::Message(_) | Spot::Time(_) => None,
    };
    say(state, &place.into_iter().chain(said).collect::<Vec<_>>());
}

/// The message a place stands for: itself, else the first one after it, else the last one before.
fn target(around: &Around, spot: Spot) -> Option<MessageId> {
    let (newer, older) = (&around.newer.messages, &around.older.messages);
    let has_id = |m: &&Message| m.id != MessageId(0);
    let wanted = |m: &&Message| matches!(spot, Spot::Message(id) if id == m.id);
    let itself = newer.iter().chain(older).filter(has_id).find(wanted);
    let near = || newer.iter().chain(older.first()).find(has_id);
    itself.or_else(near).map(|message| message.id)
}

/// Lands on a row, or on the nearest shown one that follows where it need not be that very one. A filter that hides the
/// place goes; then this says so.
pub(super) fn reach(state: &mut State, key: RowKey, exactly: bool) -> Option<&'static str> {
    let history = state.history.as_mut()?;
    let shown = shown_from(history, key, exactly);
    if shown.is_none() {
        *history.filter = Filter::default();
    }
    land(state, shown.unwrap_or(key));
    jump::end(state);
    if shown.is_none() { Some("toast-filter-off") } else { None }
}

/// The row, or the next one of its part that the filter shows; at the very end the one before.
fn shown_from(history: &History, key: RowKey, exactly: bool) -> Option<RowKey> {
    let (s, i) = history.timeline.find(key)?;
    let segment = history.timeline.segments.get(s)?;
    if exactly {
        return segment.rows.get(i).filter(|entry| history.shows(entry)).map(|entry| entry.key);
    }
    let after = segment.rows.range(i..).find(|entry| history.shows(entry));
    let is_last = i + 1 == segment.rows.len() && segment.newer == Edge::Reached;
    let before = || segment.rows.range(..i).rev().find(|entry| is_last && history.shows(entry));
    after.or_else(before).map(|entry| entry.key)
}

/// Shows sentences in one line for a few seconds.
pub(super) fn say(state: &mut State, keys: &[&str]) {
    if !keys.is_empty() {
        let words: Vec<String> = keys.iter().map(|key| state.options.texts.t(key)).collect();
        toast_text(state, words.join(" · "));
    }
}

/// Puts the cursor on a row and the row a third down the screen, so that what was before it is seen too.
fn land(state: &mut State, key: RowKey) {
    with(state, |history, measure, height| {
        history.cursor = Some(key);
        history.range_from = None;
        history.anchor = Anchor::At { item: Item::Row(key), screen: i32::from(height / 3) };
        viewport::hold(history, measure, height);
    });
}

//! Going to a time or a message: at once where it is loaded, else what lies around it is asked for.

use super::history::with;
use super::{nothing, toast};
use crate::app::history::Item;
use crate::app::request::Purpose;
use crate::app::timeline::{Edge, RowKey};
use crate::app::viewport::{self, Anchor};
use crate::app::{Effect, Focus, History, RequestId, State};
use crate::domain::{Around, MessageId, Peer, Spot, parse_time};

/// Goes to what was typed as a time; the error is a text key.
pub(super) fn to_time(state: &mut State, typed: &str) -> Result<Vec<Effect>, &'static str> {
    let at = parse_time(typed, state.now.wall, &state.options.zone).ok_or("problem-time")?;
    Ok(to(state, Spot::Time(at)))
}

/// Goes to what was typed as the id of a message; the error is a text key.
pub(super) fn to_message(state: &mut State, typed: &str) -> Result<Vec<Effect>, &'static str> {
    let id: MessageId = typed.trim().parse().map_err(|_| "problem-message")?;
    Ok(to(state, Spot::Message(id)))
}

fn to(state: &mut State, spot: Spot) -> Vec<Effect> {
    state.focus = Focus::History;
    ask(state, spot, Effect::LoadAround)
}

/// Goes to a place that is kept; no server is asked.
pub(super) fn to_kept(state: &mut State, spot: Spot) -> Vec<Effect> {
    ask(state, spot, Effect::LoadKept)
}

fn ask(state: &mut State, spot: Spot, load: impl Fn(RequestId, Peer, Spot) -> Effect) -> Vec<Effect> {
    let Some(history) = state.history.as_mut() else { return nothing() };
    if let Some(key) = loaded(history, spot) {
        land(state, key);
        return nothing();
    }
    let peer = history.peer.clone();
    let mut effects = Vec::new();
    if let Some(before) = history.travels.take()
        && state.requests.forget(before)
    {
        effects.push(Effect::Cancel(vec![before]));
    }
    let id = state.requests.issue(Purpose::Around(peer.clone(), spot));
    history.travels = Some(id);
    history.stale = None;
    effects.push(load(id, peer, spot));
    effects
}

/// The row of a place, where what is loaded is enough to tell.
fn loaded(history: &History, spot: Spot) -> Option<RowKey> {
    match spot {
        Spot::Message(id) => history.timeline.by_id(id).map(|entry| entry.key),
        Spot::Time(at) => history.timeline.segments.iter().find_map(|segment| {
            let (first, last) = (segment.rows.front()?.key.time, segment.rows.back()?.key.time);
            let before_all = at <= first && segment.older == Edge::Reached;
            let within = (first < at && at <= last) || before_all;
            within.then(|| segment.rows.iter().find(|e| e.key.time >= at && history.shows(e)).map(|e| e.key))?
        }),
    }
}

/// What lies around a place came.
pub(super) fn arrived(state: &mut State, id: RequestId, spot: Spot, around: Around) {
    let wall = state.now.wall;
    let Some(history) = state.history.as_mut().filter(|h| h.travels == Some(id)) else { return };
    history.travels = None;
    let from = around.newer.messages.iter().chain(around.older.messages.first()).find(|m| m.id != MessageId(0));
    let Some(target) = from.map(|m| m.id) else {
        return toast(state, "toast-no-place");
    };
    let (missed, is_last) = (Spot::Message(target) != spot, around.newer.messages.is_empty());
    // A filter that hides the place would leave the person where they were.
    history.filter = crate::app::filter::Filter::default();
    if around.is_kept {
        (history.is_kept, history.served_from) = (true, history.served_from.or(around.served_from));
    }
    history.timeline.insert_around(around, wall);
    let Some(key) = history.timeline.by_id(target).map(|entry| entry.key) else { return };
    history.timeline.evict(Some(key));
    land(state, key);
    match spot {
        Spot::Message(_) if missed => toast(state, "toast-message-not-found"),
        Spot::Time(_) if is_last => toast(state, "toast-nothing-later"),
        Spot::Message(_) | Spot::Time(_) => {}
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

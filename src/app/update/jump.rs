//! Where a jump began, so that `''` leads back there.

use super::{history, nothing, toast, travel};
use crate::app::bookmarks::Place;
use crate::app::history::Item;
use crate::app::viewport::{self, Anchor};
use crate::app::{Effect, Focus, History, State};
use crate::domain::{MessageId, Peer, Spot};

/// Where the person stands.
fn here(state: &State) -> Option<Place> {
    let history = state.history.as_ref()?;
    Some(Place { peer: history.peer.clone(), key: history.cursor?, anchor: history.anchor })
}

/// A jump begins here, and the one that is on its way is over; it counts once it has led elsewhere.
pub(super) fn begin(state: &mut State) -> Vec<Effect> {
    state.bookmarks.leaves = here(state);
    travel::stay(state)
}

/// The jump is over, wherever it led.
pub(super) fn end(state: &mut State) {
    let here = here(state);
    if let Some(from) = state.bookmarks.leaves.take().filter(|from| !from.is_at(here.as_ref())) {
        state.bookmarks.back = Some(from);
    }
}

/// A jump that is over at once, or leaves the place at once.
pub(super) fn at_once(state: &mut State, go: impl FnOnce(&mut State)) -> Vec<Effect> {
    let effects = begin(state);
    go(state);
    end(state);
    effects
}

/// `''`: back to where the last jump began, and there again the other way round.
pub(super) fn back(state: &mut State) -> Vec<Effect> {
    let Some(place) = state.bookmarks.back.clone() else {
        toast(state, "toast-no-jump");
        return nothing();
    };
    let mut effects = open(state, &place.peer);
    let is_there = |h: &History| h.peer == place.peer && h.timeline.get(place.key).is_some_and(|row| h.shows(row));
    if !state.history.as_ref().is_some_and(is_there) {
        let has_id = place.key.nth == 0 && place.key.id != MessageId(0);
        let spot = if has_id { Spot::Message(place.key.id) } else { Spot::Time(place.key.time) };
        effects.extend(travel::to(state, spot));
        return effects;
    }
    history::with(state, |history, measure, height| {
        history.cursor = Some(place.key);
        history.range_from = None;
        history.anchor = place.anchor;
        let placed = viewport::place(history, measure, height);
        let is_lost = place.anchor == Anchor::Newest && !history.timeline.has_newest();
        if is_lost || !placed.iter().any(|p| p.item == Item::Row(place.key)) {
            viewport::reveal(history, measure, height, place.key);
        }
        viewport::hold(history, measure, height);
    });
    end(state);
    effects
}

/// Begins a jump into a conversation, which is opened where it is another one.
pub(super) fn open(state: &mut State, peer: &Peer) -> Vec<Effect> {
    let mut effects = begin(state);
    state.focus = Focus::History;
    if state.history.as_ref().is_some_and(|open| open.peer == *peer) {
        return effects;
    }
    if let Some(search) = state.search.as_mut() {
        // Another conversation stands in the place of the hit.
        search.open = None;
    }
    effects.extend(history::open(state, peer.clone()));
    // Whatever comes of the rest of the way, this one was left.
    end(state);
    effects
}

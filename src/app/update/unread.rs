//! `g u`: the first unread message. The list counts them; which ones they are is counted back from the newest, paging
//! on where that is not loaded.

use super::history::{go, to_newest};
use super::paging::counts;
use super::{jump, nothing, toast, toast_text, travel};
use crate::app::filter::Filter;
use crate::app::history::{Unread, Walk};
use crate::app::rows::when::thousands;
use crate::app::timeline::{Edge, RowKey};
use crate::app::{Effect, Focus, State};

/// Messages that are looked at; whoever has more unread stops there.
pub(super) const FURTHEST: usize = 5_000;

/// Goes there, or begins the walk.
pub(super) fn first(state: &mut State) -> Vec<Effect> {
    let Some(history) = state.history.as_ref() else { return nothing() };
    if history.unread == 0 {
        toast(state, "toast-none-unread");
        return nothing();
    }
    let walk = Unread { left: history.unread, below: None, looked: 0, unfiltered: false };
    state.focus = Focus::History;
    let effects = jump::begin(state);
    go_on(state, walk);
    effects
}

/// The walk goes on with what came.
pub(super) fn settle(state: &mut State) {
    let Some(history) = state.history.as_mut() else { return };
    if let Some(Walk::Unread(walk)) = history.walks {
        history.walks = None;
        go_on(state, walk);
    }
}

fn go_on(state: &mut State, mut walk: Unread) {
    let me = state.me().to_owned();
    let Some(history) = state.history.as_mut() else { return };
    // What is here may lack the newest until it is read again.
    if history.local.is_some() || history.reread.is_some() {
        history.walks = Some(Walk::Unread(walk));
        return;
    }
    if walk.below.is_none() && !history.timeline.has_newest() {
        return from_newest(state, walk);
    }
    let segments = &history.timeline.segments;
    let at = walk.below.map_or(Some((segments.len() - 1, usize::MAX)), |key| history.timeline.find(key));
    let Some((segment, end)) = at.and_then(|(s, i)| Some((segments.get(s)?, i))) else { return jump::end(state) };
    let mut oldest = None;
    for entry in segment.rows.range(..end.min(segment.rows.len())).rev() {
        walk.looked += 1;
        let is_one = counts(&entry.message) && entry.message.from != me;
        walk.left -= u64::from(is_one);
        oldest = Some(entry.key);
        if walk.left == 0 {
            let key = entry.key;
            return arrive(state, key, walk.unfiltered, None);
        }
    }
    let Some(oldest) = oldest.or(walk.below) else { return jump::end(state) };
    let why = match &segment.older {
        Edge::More(_) | Edge::Loading(..) if walk.looked < FURTHEST => None,
        Edge::More(_) | Edge::Loading(..) => Some("toast-unread-further"),
        Edge::Reached => Some("toast-unread-older"),
        Edge::Failed(..) | Edge::Incomplete(_) => Some("toast-unread-hole"),
    };
    if why.is_some() {
        return arrive(state, oldest, walk.unfiltered, why);
    }
    walk.below = Some(oldest);
    wait(state, walk);
    go(state, oldest);
}

/// The newest messages come first.
fn from_newest(state: &mut State, walk: Unread) {
    let is_on_its_way = |edge: &Edge| matches!(edge, Edge::More(_) | Edge::Loading(..));
    wait(state, walk);
    to_newest(state);
    let Some(history) = state.history.as_mut() else { return };
    let last = history.timeline.segments.last();
    if last.is_some_and(|segment| is_on_its_way(&segment.older)) {
        return;
    }
    let is_empty = last.is_some_and(|segment| segment.older == Edge::Reached);
    history.walks = None;
    jump::end(state);
    toast(state, if is_empty { "toast-none-unread" } else { "toast-unread-hole" });
}

/// Waits for more. A filter looks only at what is loaded: it goes.
fn wait(state: &mut State, mut walk: Unread) {
    let Some(history) = state.history.as_mut() else { return };
    if !history.filter.is_empty() {
        *history.filter = Filter::default();
        walk.unfiltered = true;
    }
    history.walks = Some(Walk::Unread(walk));
}

fn arrive(state: &mut State, key: RowKey, unfiltered: bool, why: Option<&'static str>) {
    let hidden = travel::reach(state, key, true);
    let off = hidden.or(if unfiltered { Some("toast-filter-off") } else { None });
    let furthest = thousands(FURTHEST as u64);
    let text = |key: &str| state.options.texts.tr(key, &[("n", furthest.as_str().into())]);
    let words: Vec<String> = why.into_iter().chain(off).map(text).collect();
    if !words.is_empty() {
        toast_text(state, words.join(" · "));
    }
}

//! Comparing all that is here of the open conversation with the server: what it has deleted goes, and is counted.

use std::collections::HashSet;

use super::{nothing, paging, search, toast_text};
use crate::app::history::Compare;
use crate::app::request::Purpose;
use crate::app::{Effect, RequestId, State};
use crate::domain::{Failure, FailureKind, MessageId};
use crate::i18n::Arg;

/// `R`: reads what is on the screen again, then compares all that is here of the conversation.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    let keeps = state.account().is_some_and(|account| !account.on_behalf);
    let Some(history) = state.history.as_mut().filter(|h| keeps && h.compares.is_none()) else {
        return paging::reread(state);
    };
    history.compares = Some(Compare::default());
    let mut effects = paging::reread(state);
    if state.history.as_ref().is_some_and(|history| history.reread.is_none()) {
        effects.extend(all(state));
    }
    effects
}

/// The rows on the screen are up to date: the rest is compared behind them.
pub(super) fn all(state: &mut State) -> Vec<Effect> {
    let Some(history) = state.history.as_mut() else { return nothing() };
    let Some(compare) = history.compares.as_mut().filter(|compare| compare.request.is_none()) else { return nothing() };
    let id = state.requests.issue(Purpose::Compare(history.peer.clone()));
    compare.request = Some(id);
    vec![Effect::Compare(id, history.peer.clone())]
}

/// All was compared, or not: says how many messages went. They do not stay among the hits of a search either.
pub(super) fn done(state: &mut State, id: RequestId, outcome: Result<Vec<MessageId>, Failure>) -> Vec<Effect> {
    let Some(history) = state.history.as_mut() else { return nothing() };
    let Some(Compare { mut gone, .. }) = history.compares.take_if(|compare| compare.request == Some(id)) else {
        return nothing();
    };
    match outcome {
        Ok(ids) => {
            let ids: HashSet<MessageId> = ids.into_iter().collect();
            gone += ids.len();
            history.timeline.remove(|entry| ids.contains(&entry.message.id));
            history.heal();
            let peer = history.peer.clone();
            state.bookmarks.forget(|bookmark| bookmark.peer == peer && ids.contains(&bookmark.id));
            tell_gone(state, gone);
            if gone > 0 { search::again(state) } else { nothing() }
        }
        Err(failure) => {
            // Without an archive there is nothing to compare.
            if failure.kind != FailureKind::ReadOnly {
                history.stale = Some(Box::new(failure));
            }
            if gone > 0 {
                tell_gone(state, gone);
            }
            nothing()
        }
    }
}

pub(super) fn tell_gone(state: &mut State, gone: usize) {
    let key = if gone > 0 { "toast-gone-from-server" } else { "toast-none-gone" };
    let text = state.options.texts.tr(key, &[("count", Arg::Number(gone as i64))]);
    toast_text(state, text);
}

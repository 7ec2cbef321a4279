//! `$`: the server is asked for what a search filters by, where the archive has holes; then it is looked for again.

use super::{nothing, search, toast};
use crate::app::list::shown_name;
use crate::app::request::Purpose;
use crate::app::{Effect, RequestId, State};
use crate::domain::{Failure, FailureKind, Inquired, Inquiry};

/// Asks, unless the server cannot be told what is looked for.
pub(super) fn begin(state: &mut State) -> Vec<Effect> {
    if state.local().is_some() || state.account().is_none() {
        toast(state, "toast-no-server");
        return nothing();
    }
    let Some(search) = state.search.as_ref().filter(|search| search.inquires.is_none()) else { return nothing() };
    let query = &search.sought.query;
    let asked = query.inquiry();
    if query.is_empty() || asked.is_whole() {
        toast(state, "toast-server-knows-no-words");
        return nothing();
    }
    let named = |peer: &&_| query.is_in(peer, &shown_name(peer, &state.names));
    let peers = match &search.peer {
        Some(peer) => vec![peer.clone()],
        None => state.list.shown.iter().filter(named).cloned().collect(),
    };
    let id = state.requests.issue(Purpose::Inquire);
    if let Some(search) = state.search.as_mut() {
        (search.inquires, search.inquired, search.failure) = (Some(id), None, None);
    }
    vec![Effect::Inquire(id, Inquiry { peers, ..asked })]
}

/// The server answered: looks again, now that it is here.
pub(super) fn done(state: &mut State, id: RequestId, outcome: Result<Inquired, Failure>) -> Vec<Effect> {
    let Some(search) = state.search.as_mut().filter(|search| search.inquires == Some(id)) else { return nothing() };
    search.inquires = None;
    match outcome {
        Ok(done) => {
            search.inquired = Some(done);
            search::again(state)
        }
        Err(failure) => {
            // Who may read the archive of another keeps nothing of it.
            if failure.kind == FailureKind::ReadOnly {
                toast(state, "toast-no-server");
                return nothing();
            }
            // What came before it is here.
            let effects = search::again(state);
            if let Some(search) = state.search.as_mut() {
                search.trouble = Some(Box::new(failure));
            }
            effects
        }
    }
}

/// Nobody waits for the server any more; what came is kept.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let Some(id) = state.search.as_mut().and_then(|search| search.inquires.take()) else { return nothing() };
    if state.requests.forget(id) { vec![Effect::Cancel(vec![id])] } else { nothing() }
}

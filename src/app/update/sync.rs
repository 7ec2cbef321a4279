//! Mirroring: begun and looked at with one key, runs on behind when the view is left.

use super::{history, nothing, session, toast, toast_text};
use crate::app::request::Purpose;
use crate::app::sync::{Mirror, Mirroring, Run, Standing};
use crate::app::{Effect, Layer, RequestId, State};
use crate::domain::Failure;
use crate::keymap::{Code, Key};

/// Opens the view, and begins a run unless one is on its way.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    if session::is_local(state) {
        return nothing();
    }
    let refusal = match state.account() {
        None => Some("toast-sync-signed-out"),
        Some(account) => account.on_behalf.then_some("toast-sync-on-behalf"),
    };
    if let Some(refusal) = refusal {
        toast(state, refusal);
        return nothing();
    }
    state.layers.push(Layer::Sync);
    begin(state)
}

/// Begins a run unless one is on its way; what is here already is not asked for again.
fn begin(state: &mut State) -> Vec<Effect> {
    if state.account().is_none() || state.sync.as_ref().is_some_and(|sync| sync.is_running()) {
        return nothing();
    }
    let peers: Vec<_> = state.list.peers().cloned().collect();
    let id = state.requests.issue(Purpose::Mirror);
    let mirror = Mirror { total: peers.len(), ..Mirror::default() };
    state.sync = Some(Box::new(Mirroring { run: Run::Running(id), mirror, selected: 0 }));
    vec![Effect::Mirror(id, peers)]
}

pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    let Some(sync) = state.sync.as_mut() else {
        state.layers.pop();
        return nothing();
    };
    let last = sync.mirror.rows.len().saturating_sub(1);
    sync.selected = match (key.code, key.ctrl) {
        (Code::Char('j') | Code::Down, false) => (sync.selected + 1).min(last),
        (Code::Char('k') | Code::Up, false) => sync.selected.saturating_sub(1),
        (Code::PageDown, _) | (Code::Char('d'), true) => (sync.selected + 10).min(last),
        (Code::PageUp, _) | (Code::Char('u'), true) => sync.selected.saturating_sub(10),
        (Code::Home | Code::Char('g'), false) => 0,
        (Code::End | Code::Char('G'), false) => last,
        (Code::Enter, _) => {
            let Some(peer) = sync.mirror.rows.get(sync.selected).map(|row| row.peer.clone()) else { return nothing() };
            state.layers.pop();
            return history::open(state, peer);
        }
        (Code::Char('r' | 'R'), false) => return begin(state),
        (Code::Esc | Code::Char('q' | 'M'), false) => {
            state.layers.pop();
            return nothing();
        }
        _ => return nothing(),
    };
    nothing()
}

/// The run has come further. The cursor stays on its conversation.
pub(super) fn progress(state: &mut State, id: RequestId, mirror: Mirror) {
    if let Some(sync) = state.sync.as_mut().filter(|sync| sync.run == Run::Running(id)) {
        let peer = sync.mirror.rows.get(sync.selected).map(|row| row.peer.clone()).filter(|_| sync.selected > 0);
        let stays = peer.and_then(|peer| mirror.rows.iter().position(|row| row.peer == peer));
        sync.selected = stays.unwrap_or(sync.selected).min(mirror.rows.len().saturating_sub(1));
        sync.mirror = mirror;
    }
}

pub(super) fn done(state: &mut State, id: RequestId, mirror: Mirror) {
    progress(state, id, mirror);
    let Some(sync) = state.sync.as_mut().filter(|sync| sync.run == Run::Running(id)) else { return };
    sync.run = Run::Over;
    let [new, gone] = [sync.mirror.new, sync.mirror.gone].map(crate::app::rows::when::thousands);
    if !matches!(state.layers.last(), Some(Layer::Sync)) {
        let text = state.options.texts.tr("toast-sync-done", &[("new", new.into()), ("gone", gone.into())]);
        toast_text(state, text);
    }
}

pub(super) fn failed(state: &mut State, id: RequestId, failure: &Failure) {
    if let Some(sync) = state.sync.as_mut().filter(|sync| sync.run == Run::Running(id)) {
        sync.run = Run::Failed(failure.kind);
    }
}

/// `C-c`: stops the run; what came is kept.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let Some(sync) = state.sync.as_mut() else { return nothing() };
    let Run::Running(id) = sync.run else { return nothing() };
    sync.run = Run::Stopped;
    sync.mirror.held = None;
    for row in &mut sync.mirror.rows {
        if row.standing == Standing::Running {
            row.standing = Standing::Stopped;
        }
    }
    state.requests.forget(id);
    vec![Effect::Cancel(vec![id])]
}

//! Deletion: plan, question, sending, what came of it. The screen changes only after the server has answered.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::{list, nothing, paging, toast, toast_text};
use crate::action::Action;
use crate::app::layer::{CONFIRM_MIN, Confirm, Count, ReportView, Scroll};
use crate::app::msg::CountQuery;
use crate::app::request::Purpose;
use crate::app::rows::edges::headline;
use crate::app::timeline::{Edge, Entry};
use crate::app::{Connection, Effect, Focus, History, Layer, Local, RequestId, Running, Session, State};
use crate::domain::{
    ChatType, ChunkOutcome, DeletionPlan, DeletionReport, Failure, Message, MessageId, Peer, Scope, UserId,
};
use crate::i18n::Arg;
use crate::keymap::{Code, Key};

/// Answers are ignored for so long after the question is on the screen: hands run ahead of eyes, and a slow terminal
/// shows it late.
pub const ANSWER_AFTER: Duration = Duration::from_millis(400);
/// More messages than this must be counted by the person.
const WITHOUT_TYPING: usize = 50;

/// Opens the question, or says why there is none.
pub(super) fn open(state: &mut State, action: Action) -> Vec<Effect> {
    if refuses(state) {
        return nothing();
    }
    let Some(account) = state.account() else { return nothing() };
    if state.running.is_some() {
        toast(state, "toast-deletion-running");
        return nothing();
    }
    let owner = account.user.clone();
    let question = match action {
        Action::DeleteMessages => messages(state, owner),
        Action::DeleteBefore => before(state, owner),
        Action::HideConversation => conversations(state, &owner, false),
        _ => conversations(state, &owner, true),
    };
    match question {
        Ok(confirm) => state.layers.push(Layer::Confirm(Box::new(confirm))),
        Err(reason) => toast(state, reason),
    }
    nothing()
}

/// Says why nothing can be deleted; `false` where it can.
pub(super) fn refuses(state: &mut State) -> bool {
    let refusal = match (&state.session, &state.connection) {
        (Session::Local(Local::Archive { .. }), _) => Some("toast-offline-delete"),
        (Session::Local(Local::File { .. }), _) => Some("toast-file-delete"),
        (Session::SigningIn(..) | Session::Refused(_), Connection::Offline { .. }) => Some("toast-lost-delete"),
        (Session::SigningIn(..) | Session::Refused(_) | Session::Out, _) => Some("toast-out-delete"),
        (Session::In(_), _) => None,
    };
    if let Some(refusal) = refusal {
        toast(state, refusal);
        return true;
    }
    let Some(account) = state.account().filter(|a| a.read_only) else { return false };
    let key = if account.on_behalf { "toast-read-only-as" } else { "toast-read-only" };
    let text = state.options.texts.tr(key, &[("user", account.user.as_str().into())]);
    toast_text(state, text);
    true
}

fn question(plans: Vec<DeletionPlan>, messages: Vec<Arc<Message>>, count: Count) -> Confirm {
    Confirm {
        plans,
        messages,
        oldest: None,
        count,
        unread: 0,
        must_type: None,
        typed: String::new(),
        painted: None,
        top: 0,
        counting: None,
        mistyped: false,
    }
}

fn messages(state: &State, owner: UserId) -> Result<Confirm, &'static str> {
    let history = state.history.as_ref().ok_or("toast-nothing-to-delete")?;
    let picked: Vec<Arc<Message>> = history.picked().into_iter().map(|e| e.message.clone()).collect();
    if picked.is_empty() {
        return Err("toast-nothing-to-delete");
    }
    if picked.iter().any(|m| m.id == MessageId(0)) {
        return Err("toast-no-usable-id");
    }
    let ids: Vec<MessageId> = picked.iter().map(|m| m.id).collect();
    let count = Count { messages: ids.len() as u64, at_least: false };
    let plan = DeletionPlan { owner, peer: history.peer.clone(), scope: Scope::Messages(ids) };
    let typed = (picked.len() > WITHOUT_TYPING).then_some(count.messages);
    Ok(Confirm { must_type: typed, ..question(vec![plan], picked, count) })
}

/// Everything older than the message under the cursor, which stays.
fn before(state: &State, owner: UserId) -> Result<Confirm, &'static str> {
    let history = state.history.as_ref().ok_or("toast-nothing-to-delete")?;
    let stays = history.current().ok_or("toast-nothing-to-delete")?;
    let (s, i) = history.timeline.find(stays.key).ok_or("toast-nothing-to-delete")?;
    let segment = &history.timeline.segments[s];
    let Some(newest) = i.checked_sub(1).and_then(|i| segment.rows.get(i)) else {
        return Err(if segment.older == Edge::Reached { "toast-nothing-older" } else { "toast-older-not-loaded" });
    };
    let wall = state.now.wall;
    let usable = |e: &Entry| e.message.id != MessageId(0) && e.message.time.is_valid_at(wall) && e.message.time <= wall;
    if !usable(newest) || !usable(stays) {
        return Err("toast-no-usable-time");
    }
    let cutoff = newest.message.time;
    // The server goes by time alone; a row whose time is not valid stands elsewhere.
    if cutoff >= stays.message.time
        || history.timeline.entries().any(|e| e.key > newest.key && e.message.time <= cutoff)
    {
        return Err("toast-same-millisecond");
    }
    let goes = |e: &&Entry| e.key <= newest.key && e.message.time <= cutoff;
    let going: Vec<Arc<Message>> = history.timeline.entries().filter(goes).map(|e| e.message.clone()).collect();
    let whole = s == 0 && segment.older == Edge::Reached;
    let count = Count { messages: going.len() as u64, at_least: !whole };
    let scope = Scope::Before { cutoff, newest: newest.message.id };
    let plan = DeletionPlan { owner, peer: history.peer.clone(), scope };
    Ok(Confirm { must_type: Some(count.messages), ..question(vec![plan], going, count) })
}

/// The marked conversations, or the current one.
fn conversations(state: &State, owner: &UserId, with_history: bool) -> Result<Confirm, &'static str> {
    let peers: Vec<Peer> = match (state.focus, &state.history) {
        (Focus::History, Some(history)) => vec![history.peer.clone()],
        _ if !state.list.marked.is_empty() => state.list.marked.iter().cloned().collect(),
        _ => state.list.selected.iter().cloned().collect(),
    };
    if peers.is_empty() {
        return Err("toast-nothing-to-delete");
    }
    if peers.iter().any(|peer| peer.chat_type == ChatType::Room) {
        return Err("toast-room-not-listed");
    }
    let known = |peer: &Peer| state.history.iter().chain(&state.recent).find(|h| h.peer == *peer);
    let mut loaded: Vec<Arc<Message>> =
        peers.iter().flat_map(|peer| known_messages(state, peer, known(peer))).collect();
    loaded.sort_by_key(|m| (m.time, m.id));
    let whole = |peer: &Peer| {
        let listed = state.list.get(peer).and_then(|c| c.last.as_ref()).map(|m| m.id);
        known(peer).is_some_and(|h| {
            let t = &h.timeline;
            let ends = t.segments.len() == 1 && t.has_oldest() && t.has_newest();
            // The list may have been read after the history.
            ends && listed.is_none_or(|id| t.by_id(id).is_some())
        })
    };
    let count = Count { messages: loaded.len() as u64, at_least: !peers.iter().all(whole) };
    let unread = peers.iter().filter_map(|p| state.list.get(p)).map(|c| c.unread).sum();
    let must_type = match (peers.len(), with_history) {
        (1, true) => Some(count.messages),
        (1, false) => None,
        (several, _) => Some(several as u64),
    };
    let plan = |peer| DeletionPlan { owner: owner.clone(), peer, scope: Scope::Conversation { with_history } };
    let plans = peers.into_iter().map(plan).collect();
    Ok(Confirm { unread, must_type, ..question(plans, loaded, count) })
}

/// Messages of a conversation that are known: the loaded ones, else the latest of the list.
fn known_messages(state: &State, peer: &Peer, history: Option<&History>) -> Vec<Arc<Message>> {
    match history.filter(|h| !h.timeline.is_empty()) {
        Some(history) => history.timeline.entries().map(|e| e.message.clone()).collect(),
        None => state.list.get(peer).and_then(|c| c.last.as_deref()).map(|m| Arc::new(m.clone())).into_iter().collect(),
    }
}

/// The screen as it is was written to the terminal at `elapsed`: from now on a question on it can have been read.
pub fn painted(state: &mut State, elapsed: Duration) {
    if let Some(Layer::Confirm(confirm)) = state.layers.last_mut() {
        confirm.painted.get_or_insert(elapsed);
    }
}

/// A key while the question is open.
pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    let (elapsed, size) = (state.now.elapsed, state.size);
    let Some(Layer::Confirm(confirm)) = state.layers.last_mut() else { return nothing() };
    let seen = confirm.painted.is_some_and(|at| elapsed.saturating_sub(at) >= ANSWER_AFTER);
    if !seen || key.ctrl || key.alt {
        return nothing();
    }
    match key.code {
        Code::Esc if confirm.counting.is_some() => stop_counting(state),
        Code::Enter | Code::Esc | Code::Char('y' | 'n' | 'q') => {
            let effects = stop_counting(state);
            state.layers.pop();
            effects
        }
        Code::Char('j') | Code::Down => {
            confirm.top = (confirm.top + 1).min(confirm.messages.len().saturating_sub(1));
            nothing()
        }
        Code::Char('k') | Code::Up => {
            confirm.top = confirm.top.saturating_sub(1);
            nothing()
        }
        Code::Char(digit @ '0'..='9') if confirm.must_type.is_some() && confirm.typed.len() < 20 => {
            confirm.typed.push(digit);
            confirm.mistyped = false;
            nothing()
        }
        Code::Backspace => {
            confirm.typed.pop();
            nothing()
        }
        Code::Char('#') => count(state),
        Code::Char('x') if size.0 < CONFIRM_MIN.0 || size.1 < CONFIRM_MIN.1 => nothing(),
        Code::Char('x') if !confirm.is_armed() => {
            confirm.mistyped = true;
            nothing()
        }
        Code::Char('x') => {
            let plans = VecDeque::from(confirm.plans.clone());
            state.layers.pop();
            send(state, plans, Vec::new())
        }
        _ => nothing(),
    }
}

/// `#`: counts by paging to the end, where the count is a lower bound.
fn count(state: &mut State) -> Vec<Effect> {
    let Some(Layer::Confirm(confirm)) = state.layers.last_mut() else { return nothing() };
    let Some(plan) = confirm.plans.first().filter(|_| confirm.can_count()) else { return nothing() };
    let before = match plan.scope {
        Scope::Before { cutoff, newest } => Some((cutoff, newest)),
        Scope::Messages(_) | Scope::Conversation { .. } => None,
    };
    let query = CountQuery { peer: plan.peer.clone(), before };
    let id = state.requests.issue(Purpose::Count);
    confirm.counting = Some(id);
    vec![Effect::Count(id, query)]
}

fn stop_counting(state: &mut State) -> Vec<Effect> {
    let Some(Layer::Confirm(confirm)) = state.layers.last_mut() else { return nothing() };
    match confirm.counting.take() {
        Some(id) if state.requests.forget(id) => vec![Effect::Cancel(vec![id])],
        _ => nothing(),
    }
}

/// Counting came to its end.
pub(super) fn counted(state: &mut State, id: RequestId, messages: u64, exact: bool, oldest: Option<Box<Message>>) {
    for layer in &mut state.layers {
        if let Layer::Confirm(confirm) = layer
            && confirm.counting == Some(id)
        {
            confirm.counting = None;
            confirm.oldest = oldest.filter(|_| exact).map(Arc::from);
            confirm.count = Count { messages: messages.max(confirm.count.messages), at_least: !exact };
            if confirm.plans.len() == 1 && confirm.must_type.is_some() {
                confirm.must_type = Some(confirm.count.messages);
                confirm.typed.clear();
            }
            return;
        }
    }
}

/// Counting failed; the lower bound stays.
pub(super) fn count_failed(state: &mut State, id: RequestId, failure: &Failure) {
    for layer in &mut state.layers {
        if let Layer::Confirm(confirm) = layer
            && confirm.counting == Some(id)
        {
            confirm.counting = None;
        }
    }
    let why = headline(state, failure);
    let text = state.options.texts.tr("toast-count-failed", &[("why", why.into())]);
    toast_text(state, text);
}

fn send(state: &mut State, mut plans: VecDeque<DeletionPlan>, reports: Vec<DeletionReport>) -> Vec<Effect> {
    let Some(plan) = plans.pop_front() else { return finish(state, reports, Vec::new()) };
    let request = state.requests.issue(Purpose::Delete(plan.clone()));
    state.running = Some(Running { request, plan: plan.clone(), waiting: plans, reports, done: (0, 0) });
    vec![Effect::Delete(request, plan)]
}

/// The server has answered a whole plan: what it confirmed goes from the screen, then the range is read again.
pub(super) fn deleted(state: &mut State, id: RequestId, report: DeletionReport) -> Vec<Effect> {
    let Some(running) = state.running.take_if(|r| r.request == id) else { return nothing() };
    apply(state, &report);
    let mut reports = running.reports;
    let (done, peer) = (report.is_done(), report.plan.peer.clone());
    let is_over = done && report.kept.is_none();
    reports.push(report);
    let mut effects =
        if done { send(state, running.waiting, reports) } else { finish(state, reports, running.waiting.into()) };
    if state.history.as_ref().is_some_and(|h| h.peer == peer) {
        effects.extend(paging::reread(state));
    }
    effects.extend(super::search::again(state));
    if state.leaving && state.running.is_none() {
        // A report that says more than "done" is read before the program goes.
        state.leaving = is_over;
        effects.extend(is_over.then_some(Effect::Quit));
    }
    effects
}

/// A plan was refused before it was sent: what was sent before it is reported all the same.
pub(super) fn not_sent(state: &mut State, id: RequestId, failure: &Failure) -> Vec<Effect> {
    let Some(running) = state.running.take_if(|r| r.request == id) else { return nothing() };
    let why = headline(state, failure);
    let text = state.options.texts.tr("toast-deletion-not-sent", &[("why", why.into())]);
    // The person stays to read it.
    state.leaving = false;
    if running.reports.is_empty() {
        toast_text(state, text);
        return nothing();
    }
    let not_sent = std::iter::once(running.plan).chain(running.waiting).collect();
    finish(state, running.reports, not_sent)
}

/// Takes what the server confirmed off the screen, and nothing else.
fn apply(state: &mut State, report: &DeletionReport) {
    let peer = &report.plan.peer;
    let ids: HashSet<MessageId> = report.ids(|o| *o == ChunkOutcome::Done).collect();
    let whole = report.is_done();
    state.bookmarks.forget(|bookmark| {
        bookmark.peer == *peer
            && match &report.plan.scope {
                Scope::Messages(_) => ids.contains(&bookmark.id),
                Scope::Before { cutoff, .. } => whole && bookmark.time <= *cutoff,
                Scope::Conversation { with_history } => whole && *with_history,
            }
    });
    let histories = state.history.iter_mut().chain(state.recent.iter_mut()).filter(|h| h.peer == *peer);
    for history in histories {
        match &report.plan.scope {
            Scope::Messages(_) => drop(history.timeline.remove(|e| ids.contains(&e.message.id))),
            Scope::Before { cutoff, .. } if whole => drop(history.timeline.remove(|e| e.message.time <= *cutoff)),
            Scope::Conversation { with_history: true } if whole => drop(history.timeline.remove(|_| true)),
            Scope::Before { .. } | Scope::Conversation { .. } => {}
        }
        history.heal();
    }
    if whole && matches!(report.plan.scope, Scope::Conversation { .. }) {
        state.list.remove(peer);
        list::arrange(state);
    }
}

/// Everything is answered: a line where all went well in one request, else the report.
fn finish(state: &mut State, reports: Vec<DeletionReport>, not_sent: Vec<DeletionPlan>) -> Vec<Effect> {
    let chunks: usize = reports.iter().map(|r| r.chunks.len()).sum();
    let is_plain = |report: &DeletionReport| report.is_done() && report.kept.is_none();
    if chunks == 1 && not_sent.is_empty() && reports.iter().all(is_plain) {
        let key = match reports.first().map(|r| &r.plan.scope) {
            Some(Scope::Messages(_)) => "toast-messages-deleted",
            Some(Scope::Before { .. }) => "toast-before-deleted",
            Some(Scope::Conversation { with_history: false }) => "toast-conversation-hidden",
            Some(Scope::Conversation { with_history: true }) | None => "toast-conversation-deleted",
        };
        let count: usize = reports.iter().flat_map(|r| &r.chunks).map(|c| c.ids.len()).sum();
        let text = state.options.texts.tr(key, &[("count", Arg::Number(count as i64))]);
        toast_text(state, text);
    } else {
        let view = ReportView { reports, not_sent, looked: None, at: state.now.wall, top: Scroll::default() };
        state.layers.push(Layer::Report(Box::new(view)));
    }
    nothing()
}

/// The history was read again while the report of a deletion is open: of those whose outcome was not known, says which
/// the server still has. `false` where there is no such report.
pub(super) fn looked(state: &mut State) -> bool {
    let (Some(Layer::Report(view)), Some(history)) = (state.layers.last_mut(), &state.history) else { return false };
    let reports = view.reports.iter().filter(|r| r.plan.peer == history.peer);
    let unknown: Vec<MessageId> =
        reports.flat_map(|r| r.ids(|o| matches!(o, ChunkOutcome::Unknown(_))).collect::<Vec<_>>()).collect();
    if unknown.is_empty() {
        return false;
    }
    let still = unknown.iter().filter(|id| history.timeline.by_id(**id).is_some()).count();
    view.looked = Some((unknown.len() - still, still));
    true
}

//! Exports: the question, the run behind, and what came of it. What there is to choose from stands in `export_choices`.

use strum::IntoEnumIterator;

use super::export_choices::choices;
use super::{nothing, search, toast, toast_text};
use crate::app::export::{Ended, Exported, Missing, Order, Outcome, Question, Refusal, Row, Running};
use crate::app::input::{Input, Typed};
use crate::app::layer::Scroll;
use crate::app::request::Purpose;
use crate::app::rows::when;
use crate::app::{Effect, Layer, Local, RequestId, Screen, State};
use crate::domain::{Failure, Format};
use crate::keymap::{Code, Key};

/// Opens the question, or says why there is none.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    if state.exports.running.is_some() {
        toast(state, "toast-export-running");
        return nothing();
    }
    if state.account().is_some_and(|account| !account.keeps) {
        let key =
            if state.account().is_some_and(|a| a.on_behalf) { "toast-sync-on-behalf" } else { "toast-no-archive" };
        toast(state, key);
        return nothing();
    }
    let choices = choices(state);
    if choices.is_empty() {
        toast(state, "toast-nothing-to-export");
        return nothing();
    }
    let format = state.exports.format.unwrap_or(Format::Html);
    let mut question = Question {
        choices,
        chosen: 0,
        format,
        file: Input::default(),
        row: Row::What,
        is_own: false,
        refusal: None,
        asks: None,
    };
    name(&mut question, &state.exports.folder);
    state.layers.push(Layer::Export(Box::new(question)));
    nothing()
}

/// A name made from what is chosen, unless the person has one.
fn name(question: &mut Question, folder: &str) {
    if let Some(choice) = question.choice().filter(|_| !question.is_own) {
        question.file = Input::new(&format!("{folder}{}.{}", choice.stem, question.format.extension()));
    }
}

/// The format a name ends with.
fn ending(name: &str) -> Option<Format> {
    let (stem, ending) = name.rsplit_once('.')?;
    let is_name = !stem.is_empty() && !stem.ends_with('/');
    ending.to_ascii_lowercase().parse().ok().filter(|_| is_name)
}

pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    let folder = state.exports.folder.clone();
    let Some(Layer::Export(question)) = state.layers.last_mut() else { return nothing() };
    if question.asks.is_some() {
        return if key.code == Code::Esc { leave(state) } else { nothing() };
    }
    if question.is_there() {
        match key.code {
            Code::Char('x') if !key.ctrl && !key.alt => return begin(state, true),
            // Whatever else is pressed, the file stays.
            Code::Enter | Code::Esc => (question.refusal, question.row) = (None, Row::File),
            _ => {}
        }
        return nothing();
    }
    match (key.code, key.shift, question.row) {
        (Code::Esc, ..) => return leave(state),
        (Code::Enter, ..) => return begin(state, false),
        (Code::Down, ..) | (Code::Tab, false, _) => question.row = below(question.row),
        (Code::Up, ..) | (Code::Tab, true, _) => question.row = above(question.row),
        (_, _, Row::File) => typed(question, key),
        _ if key.ctrl || key.alt => {}
        (Code::Char('j'), ..) => question.row = below(question.row),
        (Code::Char('k'), ..) => question.row = above(question.row),
        (Code::Char('l' | ' ') | Code::Right, ..) => change(question, &folder, true),
        (Code::Char('h') | Code::Left, ..) => change(question, &folder, false),
        (Code::Char('q'), ..) => return leave(state),
        _ => {}
    }
    nothing()
}

const fn below(row: Row) -> Row {
    match row {
        Row::What => Row::Format,
        Row::Format => Row::File,
        Row::File => Row::What,
    }
}

const fn above(row: Row) -> Row {
    below(below(row))
}

fn typed(question: &mut Question, key: Key) {
    if question.file.key(key) == Typed::Changed {
        renamed(question);
    }
}

/// The name is the person's now, and says the format.
fn renamed(question: &mut Question) {
    (question.is_own, question.refusal) = (true, None);
    question.format = ending(question.file.text()).unwrap_or(question.format);
}

/// The next or previous choice of the row.
fn change(question: &mut Question, folder: &str, forward: bool) {
    question.refusal = None;
    let step = |at: usize, of: usize| (at + if forward { 1 } else { of.saturating_sub(1) }) % of.max(1);
    if question.row == Row::What {
        question.chosen = step(question.chosen, question.choices.len());
    } else {
        let formats: Vec<Format> = Format::iter().collect();
        let at = formats.iter().position(|format| *format == question.format).unwrap_or(0);
        question.format = formats.get(step(at, formats.len())).copied().unwrap_or(question.format);
        let text = question.file.text().to_owned();
        if let Some((stem, _)) = text.rsplit_once('.').filter(|_| ending(&text).is_some()) {
            question.file = Input::new(&format!("{stem}.{}", question.format.extension()));
        }
    }
    name(question, folder);
}

pub(super) fn paste(question: &mut Question, text: &str) {
    if question.row == Row::File && question.asks.is_none() && !question.is_there() {
        question.file.paste(text);
        renamed(question);
    }
}

/// Leaves the question; a request that looks whether it can begin is stopped with it.
fn leave(state: &mut State) -> Vec<Effect> {
    let Some(Layer::Export(question)) = state.layers.pop() else { return nothing() };
    if question.asks.is_some() { stop(state) } else { nothing() }
}

/// Asks for it. The question stays until the file is made.
fn begin(state: &mut State, replaces: bool) -> Vec<Effect> {
    let shown = state.shown.clone().unwrap_or_else(|| state.tried.clone());
    let profile = state.options.profiles.iter().find(|p| p.target == shown).map(|p| p.name.clone());
    let goes_on = !matches!(state.local(), Some(Local::File { .. }));
    let Some(Layer::Export(question)) = state.layers.last_mut() else { return nothing() };
    let path = question.file.text().trim().to_owned();
    if path.is_empty() || path.ends_with('/') {
        (question.row, question.refusal) = (Row::File, Some(Refusal::NoFile));
        return nothing();
    }
    let Some(choice) = question.choice() else { return nothing() };
    let order = Order {
        subject: choice.subject.clone(),
        title: choice.title.clone(),
        format: question.format,
        path,
        replaces,
        goes_on,
        profile,
        at: state.now.wall,
    };
    let request = state.requests.issue(Purpose::Export);
    question.asks = Some(request);
    state.exports.running = Some(Running { request, order: order.clone(), written: None, of: 0, is_stopping: false });
    state.exports.is_warned = false;
    vec![Effect::Export(request, Box::new(order))]
}

/// The file is made, and so much is written.
pub(super) fn progress(state: &mut State, id: RequestId, written: u64, of: u64) {
    let Some(running) = state.exports.running.as_mut().filter(|run| run.request == id) else { return };
    if running.written.is_none() {
        let folder = running.order.path.rsplit_once('/');
        state.exports.folder = folder.map_or_else(String::new, |(folder, _)| format!("{folder}/"));
        state.exports.format = Some(running.order.format);
        state.layers.retain(|layer| !matches!(layer, Layer::Export(question) if question.asks == Some(id)));
    }
    (running.written, running.of) = (Some(written), of);
}

/// It ended. Where there is nothing but the file to tell of, a line does; else it is shown.
pub(super) fn ended(state: &mut State, id: RequestId, exported: Exported) {
    let Some(running) = state.exports.running.take_if(|run| run.request == id) else { return };
    let asks = |layer: &&mut Layer| matches!(layer, Layer::Export(question) if question.asks == Some(id));
    let question = state.layers.iter_mut().find(asks);
    match (&exported.outcome, question) {
        (Outcome::Refused(refusal), Some(Layer::Export(question))) => {
            (question.asks, question.refusal) = (None, Some(refusal.clone()));
        }
        // Whoever has left the question does not wait for an answer.
        (Outcome::Refused(_), _) if running.is_stopping => {}
        (Outcome::Done(Missing { parts: 0, nothing: 0 }), _) => {
            let n = exported.messages;
            let args =
                [("count", n.into()), ("n", when::thousands(n).into()), ("path", running.order.path.as_str().into())];
            let text = state.options.texts.tr("toast-exported", &args);
            toast_text(state, text);
        }
        (Outcome::Stopped, _) if exported.left.is_none() => toast(state, "toast-export-stopped"),
        _ => {
            let ended = Ended { order: running.order, exported, top: Scroll::default() };
            state.exports.untold = Some(Box::new(ended));
        }
    }
}

/// Nobody could be asked to write it.
pub(super) fn failed(state: &mut State, id: RequestId, failure: Failure) {
    let outcome = Outcome::Refused(Refusal::Failed(failure));
    ended(state, id, Exported { outcome, messages: 0, left: None });
}

/// What has to be told is shown as soon as nobody types or answers something else.
pub(super) fn settle(state: &mut State) {
    let is_busy = !state.layers.is_empty() || !state.pending.keys.is_empty() || search::is_typing(state);
    if let Some(ended) = state.exports.untold.take_if(|_| !is_busy && matches!(state.screen, Screen::Main)) {
        state.layers.push(Layer::Exported(ended));
    }
}

/// `C-c`: stops what is written; its answer tells what stays.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let Some(running) = state.exports.running.as_mut().filter(|run| !run.is_stopping) else { return nothing() };
    running.is_stopping = true;
    vec![Effect::Cancel(vec![running.request])]
}

/// Whether leaving has to wait for a second `q`: what is written would be stopped.
pub(super) fn holds(state: &mut State) -> bool {
    if state.exports.running.is_none() || state.exports.is_warned {
        return false;
    }
    state.exports.is_warned = true;
    toast(state, "toast-leaving-stops-export");
    true
}

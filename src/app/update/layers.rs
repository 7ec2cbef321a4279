//! Keys while something lies above the panes.

use super::{deletion, export, history, keys, list, nothing, search, sync, travel};
use crate::app::input::Typed;
use crate::app::layer::{Ask, Scroll};
use crate::app::{Effect, Focus, Layer, Screen, State};
use crate::keymap::{Code, Key};

pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    match state.layers.last_mut() {
        Some(Layer::Prompt(_)) => prompt(state, key),
        Some(Layer::Confirm(_)) => deletion::key(state, key),
        Some(Layer::Report(report)) => {
            if !scrolled(&mut report.top, key) && leaves(key) {
                state.layers.pop();
            }
            nothing()
        }
        Some(Layer::Detail { top }) => {
            if !scrolled(top, key) && (leaves(key) || matches!(key.code, Code::Char('i' | 'h') | Code::Left)) {
                state.layers.pop();
                state.detail &= key.code != Code::Char('i');
            }
            nothing()
        }
        Some(Layer::Help { .. }) => help(state, key),
        Some(Layer::Export(_)) => export::key(state, key),
        Some(Layer::Exported(ended)) => {
            if !scrolled(&mut ended.top, key) && leaves(key) {
                state.layers.pop();
            }
            nothing()
        }
        Some(Layer::Sync) => sync::key(state, key),
        None => nothing(),
    }
}

fn leaves(key: Key) -> bool {
    matches!(key.code, Code::Esc | Code::Enter | Code::Char('q'))
}

/// Moves the first visible line.
fn scrolled(top: &mut Scroll, key: Key) -> bool {
    match (key.code, key.ctrl) {
        (Code::Char('j') | Code::Down, false) => top.by(1),
        (Code::Char('k') | Code::Up, false) => top.by(-1),
        (Code::PageDown | Code::Char(' '), false) | (Code::Char('d'), true) => top.by(10),
        (Code::PageUp, _) | (Code::Char('u'), true) => top.by(-10),
        (Code::Home | Code::Char('g'), false) => top.to_start(),
        (Code::End | Code::Char('G'), false) => top.to_end(),
        _ => return false,
    }
    true
}

/// Letters narrow the help; `Home` and `End` move the caret only where it has letters to move over.
fn help(state: &mut State, key: Key) -> Vec<Effect> {
    let Some(Layer::Help { filter, top, .. }) = state.layers.last_mut() else { return nothing() };
    let blank = filter.text().is_empty();
    match key.code {
        Code::Down => top.by(1),
        Code::Up => top.by(-1),
        Code::PageDown => top.by(10),
        Code::PageUp => top.by(-10),
        Code::Home if blank => top.to_start(),
        Code::End if blank => top.to_end(),
        Code::F(1) | Code::Char('?') => drop(state.layers.pop()),
        Code::Char('q') if blank => drop(state.layers.pop()),
        _ => match filter.key(key) {
            Typed::Changed => top.to_start(),
            Typed::Leave if !blank => filter.clear(),
            Typed::Leave | Typed::Accept => drop(state.layers.pop()),
            Typed::Used | Typed::Other => {}
        },
    }
    nothing()
}

fn prompt(state: &mut State, key: Key) -> Vec<Effect> {
    let Some(Layer::Prompt(prompt)) = state.layers.last_mut() else { return nothing() };
    let typed = prompt.input.key(key);
    let (ask, text) = (prompt.ask, prompt.input.text().to_owned());
    match typed {
        Typed::Changed => {
            prompt.problem = None;
            preview(state, ask, &text);
            nothing()
        }
        Typed::Accept if matches!(ask, Ask::Peer | Ask::Time | Ask::Message) => {
            state.layers.pop();
            let taken = match ask {
                Ask::Time => travel::to_time(state, &text),
                Ask::Message => travel::to_message(state, &text),
                Ask::Peer | Ask::Find | Ask::Filter => keys::open_typed(state, &text),
            };
            match taken {
                Ok(effects) => effects,
                Err(problem) => {
                    let input = crate::app::input::Input::new(&text);
                    let again = crate::app::layer::Prompt { ask, input, problem: Some(problem) };
                    state.layers.push(Layer::Prompt(again));
                    nothing()
                }
            }
        }
        Typed::Accept => {
            state.layers.pop();
            if ask == Ask::Find {
                list::set_find(state, &text);
            }
            nothing()
        }
        Typed::Leave => {
            state.layers.pop();
            if ask == Ask::Filter {
                filter(state, "");
            }
            nothing()
        }
        Typed::Used | Typed::Other => nothing(),
    }
}

/// A filter acts as it is typed.
fn preview(state: &mut State, ask: Ask, text: &str) {
    if ask == Ask::Filter {
        filter(state, text);
    }
}

fn filter(state: &mut State, text: &str) {
    match state.focus {
        Focus::List => list::set_filter(state, text),
        Focus::History => history::set_filter(state, text),
    }
}

/// A paste goes into the field with the caret; everywhere else it means nothing, and never confirms.
pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    if state.layers.is_empty() && matches!(state.screen, Screen::Main) && search::is_typing(state) {
        return search::paste(state, text);
    }
    match (state.layers.last_mut(), &mut state.screen) {
        (Some(Layer::Prompt(prompt)), _) => {
            prompt.input.paste(text);
            let (ask, text) = (prompt.ask, prompt.input.text().to_owned());
            preview(state, ask, &text);
        }
        (Some(Layer::Help { filter, .. }), _) => filter.paste(text),
        (Some(Layer::Export(question)), _) => export::paste(question, text),
        (None, Screen::SignIn(form)) => form.fields[form.focus].paste(text),
        _ => {}
    }
    nothing()
}

/// `C-c`: a question that counts stops counting; prompts close.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    match state.layers.last_mut() {
        Some(Layer::Prompt(_) | Layer::Export(_)) => {
            state.layers.pop();
            nothing()
        }
        Some(Layer::Confirm(confirm)) => match confirm.counting.take() {
            Some(id) if state.requests.forget(id) => vec![Effect::Cancel(vec![id])],
            _ => {
                state.layers.pop();
                nothing()
            }
        },
        _ => nothing(),
    }
}

//! Keys while something lies above the panes.

use super::{deletion, history, keys, list, nothing};
use crate::app::input::Typed;
use crate::app::layer::Ask;
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
        None => nothing(),
    }
}

fn leaves(key: Key) -> bool {
    matches!(key.code, Code::Esc | Code::Enter | Code::Char('q'))
}

/// Moves the first visible line; drawing keeps it within the text.
fn scrolled(top: &mut usize, key: Key) -> bool {
    *top = match (key.code, key.ctrl) {
        (Code::Char('j') | Code::Down, false) => top.saturating_add(1),
        (Code::Char('k') | Code::Up, false) => top.saturating_sub(1),
        (Code::PageDown | Code::Char(' '), false) | (Code::Char('d'), true) => top.saturating_add(10),
        (Code::PageUp, _) | (Code::Char('u'), true) => top.saturating_sub(10),
        (Code::Home | Code::Char('g'), false) => 0,
        _ => return false,
    };
    true
}

fn help(state: &mut State, key: Key) -> Vec<Effect> {
    let Some(Layer::Help { filter, top, .. }) = state.layers.last_mut() else { return nothing() };
    match key.code {
        Code::Down => *top = top.saturating_add(1),
        Code::Up => *top = top.saturating_sub(1),
        Code::PageDown => *top = top.saturating_add(10),
        Code::PageUp => *top = top.saturating_sub(10),
        Code::F(1) | Code::Char('?') => drop(state.layers.pop()),
        Code::Char('q') if filter.text().is_empty() => drop(state.layers.pop()),
        _ => match filter.key(key) {
            Typed::Changed => *top = 0,
            Typed::Leave if !filter.text().is_empty() => filter.clear(),
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
        Typed::Accept if ask == Ask::Peer => {
            state.layers.pop();
            match keys::open_typed(state, &text) {
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
                find(state, &text);
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

fn find(state: &mut State, text: &str) {
    match state.focus {
        Focus::List => list::set_find(state, text),
        Focus::History => history::set_find(state, text),
    }
}

/// A paste goes into the field with the caret; everywhere else it means nothing, and never confirms.
pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    match (state.layers.last_mut(), &mut state.screen) {
        (Some(Layer::Prompt(prompt)), _) => {
            prompt.input.paste(text);
            let (ask, text) = (prompt.ask, prompt.input.text().to_owned());
            preview(state, ask, &text);
        }
        (Some(Layer::Help { filter, .. }), _) => filter.paste(text),
        (None, Screen::SignIn(form)) => form.fields[form.focus].paste(text),
        _ => {}
    }
    nothing()
}

/// `C-c`: a question that counts stops counting; prompts close.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    match state.layers.last_mut() {
        Some(Layer::Prompt(_)) => {
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

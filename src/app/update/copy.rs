//! `y`: what goes to the clipboard.

use super::{nothing, toast};
use crate::action::Action;
use crate::app::{Effect, Focus, State, words};
use crate::domain::{Message, Peer};

pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    let text = match state.focus {
        Focus::List if state.search.is_some() => of_hit(state, action),
        Focus::List => state.list.selected.clone().and_then(|peer| of_conversation(state, action, &peer)),
        Focus::History => of_messages(state, action),
    };
    if let Some(text) = text.filter(|t| !t.is_empty()) {
        vec![Effect::Copy(text)]
    } else {
        toast(state, "toast-nothing-to-copy");
        nothing()
    }
}

fn of_conversation(state: &State, action: Action, peer: &Peer) -> Option<String> {
    match action {
        Action::CopyId => Some(peer.id().to_owned()),
        Action::CopyName => Some(crate::app::list::shown_name(peer, &state.names)),
        Action::CopyJson => {
            let conversation = state.list.get(peer)?;
            Some(conversation.record().to_string())
        }
        _ => None,
    }
}

/// The marked messages, or the one under the cursor; one line each.
fn of_messages(state: &State, action: Action) -> Option<String> {
    let history = state.history.as_ref()?;
    let lines = history.picked().into_iter().filter_map(|entry| of_message(state, action, &entry.message));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

fn of_hit(state: &State, action: Action) -> Option<String> {
    of_message(state, action, &state.search.as_ref()?.hit()?.message)
}

fn of_message(state: &State, action: Action, message: &Message) -> Option<String> {
    match action {
        Action::CopyId => Some(message.id.to_string()),
        Action::CopyName => Some(state.names.nickname(&message.from).unwrap_or_else(|| message.from.clone())),
        Action::CopyLink => message.body.file().map(|f| f.url.clone()).filter(|url| !url.is_empty()),
        Action::CopyJson => Some(message.record().to_string()),
        _ => Some(words::content(message)),
    }
}

//! What can be exported from where the person is; the most likely first.

use crate::app::export::{Choice, Subject};
use crate::app::list::shown_name;
use crate::app::rows::when;
use crate::app::search::Search;
use crate::app::{Focus, History, State};
use crate::domain::{MessageId, Peer, ServerTime};
use crate::i18n::Arg;
use crate::text::{file_name, label};

/// Cells of a query or a name that a file is named after at most, in characters.
const STEM: usize = 60;

pub(super) fn choices(state: &State) -> Vec<Choice> {
    match (state.focus, state.search.as_deref(), state.history.as_ref()) {
        (Focus::List, Some(search), _) => hits(state, search),
        (Focus::List, None, _) => {
            let marked: Vec<Peer> =
                state.list.shown.iter().filter(|p| state.list.marked.contains(p)).cloned().collect();
            let marked = if marked.is_empty() { None } else { Some(conversations(state, marked, true)) };
            let current = state.list.selected.clone().map(|peer| conversations(state, vec![peer], false));
            marked.into_iter().chain(current).collect()
        }
        (Focus::History, _, Some(history)) => {
            let whole = conversations(state, vec![history.peer.clone()], false);
            [messages(state, history), Some(whole), day(state, history)].into_iter().flatten().collect()
        }
        (Focus::History, _, None) => Vec::new(),
    }
}

fn t(state: &State, key: &str, args: &[(&str, Arg<'_>)]) -> String {
    state.options.texts.tr(key, args)
}

/// Today, or the moment's own day.
fn date(state: &State, at: ServerTime) -> String {
    when::day(at, &state.options).map(|day| day.to_string()).unwrap_or_default()
}

/// A safe name of words and a day.
fn stem(words: &str, day: &str) -> String {
    let words: String = words.chars().map(|c| if matches!(c, '/' | '\\') { '_' } else { c }).take(STEM).collect();
    file_name(format!("{words}-{day}").trim_end_matches('-'))
}

fn conversations(state: &State, peers: Vec<Peer>, are_marked: bool) -> Choice {
    let today = date(state, state.now.wall);
    let n = peers.len();
    let (words, title, name) = if let [peer] = peers.as_slice() {
        let name = shown_name(peer, &state.names);
        let key = if are_marked { "export-marked-one" } else { "export-conversation" };
        (t(state, key, &[("name", name.as_str().into())]), peer.to_string(), name)
    } else {
        let all = t(state, "export-what", &[("n", n.into())]);
        (t(state, "export-marked-conversations", &[("n", n.into())]), all, state.options.texts.t("export-stem-many"))
    };
    Choice { words, subject: Subject::Conversations(peers), title, stem: stem(&name, &today) }
}

/// The marked messages; none where one of them came without an id, by which it would be found in the archive.
fn messages(state: &State, history: &History) -> Option<Choice> {
    let ids: Vec<MessageId> =
        history.marks.iter().filter_map(|key| history.timeline.get(*key)).map(|e| e.message.id).collect();
    if ids.is_empty() || ids.contains(&MessageId(0)) {
        return None;
    }
    let name = shown_name(&history.peer, &state.names);
    Some(Choice {
        words: t(state, "export-marked", &[("n", ids.len().into())]),
        title: t(state, "export-what-picked", &[("whose", history.peer.to_string().into())]),
        stem: stem(&name, &date(state, state.now.wall)),
        subject: Subject::Messages(history.peer.clone(), ids),
    })
}

/// The day of the message under the cursor.
fn day(state: &State, history: &History) -> Option<Choice> {
    let options = &state.options;
    let day = when::day(history.cursor?.time, options)?;
    let today = when::day(state.now.wall, options)?;
    let begins = |day: jiff::civil::Date| {
        let start = day.to_zoned(options.zone.clone()).ok()?;
        Some(ServerTime(start.timestamp().as_millisecond()))
    };
    let (from, until) = (begins(day)?, begins(day.tomorrow().ok()?)?);
    let said = when::date(day, today, &options.texts);
    let name = shown_name(&history.peer, &state.names);
    Some(Choice {
        words: t(state, "export-day", &[("day", said.as_str().into())]),
        title: format!("{}, {day}", history.peer),
        stem: stem(&name, &day.to_string()),
        subject: Subject::Between(history.peer.clone(), from, until),
    })
}

/// The marked hits, then all.
fn hits(state: &State, search: &Search) -> Vec<Choice> {
    if search.hits.is_empty() {
        return Vec::new();
    }
    let typed = label(&search.sought.typed).text;
    let whose = search.peer.as_ref().map_or_else(|| state.options.texts.t("export-everywhere"), Peer::to_string);
    let args = [("query", typed.as_str().into()), ("whose", whose.into())];
    let choice = |words, subject| Choice {
        words,
        title: t(state, "export-what-found", &args),
        stem: stem(&typed, &date(state, state.now.wall)),
        subject,
    };
    let marked = search.hits.iter().filter(|hit| search.marks.contains(&hit.key));
    let marked: Vec<_> = marked.map(|hit| (hit.peer.clone(), hit.key)).collect();
    let some = (!marked.is_empty())
        .then(|| choice(t(state, "export-marked-hits", &[("n", marked.len().into())]), Subject::Places(marked)));
    let n = when::thousands(search.hits.len() as u64);
    let all = format!("{n}{}", if search.more { "+" } else { "" });
    let words = t(state, "export-hits", &[("count", search.hits.len().into()), ("n", all.into())]);
    let all = choice(words, Subject::Hits(search.sought.query.clone(), search.peer.clone()));
    some.into_iter().chain([all]).collect()
}

//! Around the panes: title, hairlines, status line, footer, prompt, toast.

use std::time::Duration;

use super::Cx;
use super::paint::Canvas;
use super::theme::Ground;
use crate::action::Action;
use crate::app::export::Row as Line;
use crate::app::layer::{Ask, Prompt, hides};
use crate::app::list::ListState;
use crate::app::msg::Note;
use crate::app::rows::{Ink, when};
use crate::app::search::Search;
use crate::app::{Area, Connection, Focus, History, Layer, Layout, Local, Running, Session, State};
use crate::domain::FailureKind;
use crate::keymap::{Keymap, Place};
use crate::text;

/// Row 0 and the hairline below it; gives the caret where a field stands there.
pub(super) fn title(cx: &Cx<'_>, canvas: &mut Canvas<'_>, layout: &Layout) -> Option<(u16, u16)> {
    let row = layout.title?;
    if let Some(y) = layout.rule {
        canvas.rule(0, y, row.right(), "─", Ink::Line);
    }
    if let Some(search) = &cx.state.search {
        return super::search::title(cx, canvas, row, search).map(|x| (x, row.y));
    }
    let end = row.right().saturating_sub(1);
    let x = canvas.text(1, row.y, end, &cx.t("program"), Ink::AccentStrong);
    let (word, ink) = connection(cx);
    let start = canvas.words_right(x + 2, row.y, end, &word, ink);
    if let Some(local) = cx.state.local() {
        let room = start.saturating_sub(x + 5);
        canvas.words_right(x + 3, row.y, start.saturating_sub(2), &whose(local, room), Ink::Muted);
    }
    if let Some(account) = cx.state.account() {
        let who = format!("{}@{}", account.user, text::label(&account.place).text);
        canvas.words_right(x + 3, row.y, start.saturating_sub(2), &who, Ink::Muted);
        if account.on_behalf {
            let words = cx.tr("viewing-as", &[("user", account.user.as_str().into())]);
            canvas.words(x + 3, row.y, start.saturating_sub(4 + text::width(&who) as u16), &words, Ink::Wait);
        }
    }
    None
}

/// The account or the file that is shown without a server; of a name that is too long, both ends.
fn whose(local: &Local, room: u16) -> String {
    match local {
        Local::Archive { who, .. } => text::label(who).text,
        Local::File { name, .. } => text::fit_both(&text::label(name).text, usize::from(room)).into_owned(),
    }
}

fn connection(cx: &Cx<'_>) -> (String, Ink) {
    let state = cx.state;
    match (&state.session, &state.connection) {
        (Session::SigningIn(..), _) => (cx.t("signing-in"), Ink::Muted),
        (Session::Local(Local::Archive { .. }), _) => (cx.t("offline"), Ink::Wait),
        (Session::Local(Local::File { .. }), _) => (cx.t("local-file"), Ink::Muted),
        (Session::Refused(failure), _) if failure.kind.is_lost() => (cx.t("offline"), Ink::Wait),
        (Session::Out | Session::Refused(_), _) => (cx.t("signed-out"), Ink::Wait),
        (Session::In(_), _) if state.lost.is_some() => (cx.t("signed-out"), Ink::Wait),
        (Session::In(_), Connection::Online) => (cx.t("online"), Ink::Muted),
        (Session::In(_), Connection::Offline { .. }) => (cx.t("offline"), Ink::Wait),
        (Session::In(_), Connection::Waiting(..)) => (again(cx).unwrap_or_default(), Ink::Wait),
    }
}

/// Why the client waits and for how many seconds yet; `None` when it does not.
pub(super) fn again(cx: &Cx<'_>) -> Option<String> {
    let state = cx.state;
    let left = state.connection.again()?.saturating_sub(state.now.elapsed).as_secs_f64().ceil();
    let n = format!("{left:.0}");
    Some(match &state.connection {
        Connection::Waiting(_, FailureKind::RateLimited) => cx.tr("waiting-server", &[("n", n.into())]),
        Connection::Waiting(_, kind) => {
            cx.tr("waiting-why", &[("why", cx.t(&kind.text_key()).into()), ("n", n.into())])
        }
        Connection::Online | Connection::Offline { .. } => cx.tr("again-in", &[("n", n.into())]),
    })
}

/// Hairlines between panes; they meet the one below the title.
pub(super) fn separators(canvas: &mut Canvas<'_>, layout: &Layout) {
    let bottom = layout.notice.or(layout.status).map(|s| s.y).or(layout.list.map(Area::bottom));
    if let (Some(y), Some(list)) = (layout.split, layout.list) {
        canvas.rule(list.x, y, list.right(), "─", Ink::Line);
    }
    for x in [layout.separator, layout.detail_separator].into_iter().flatten() {
        if let Some(y) = layout.rule {
            canvas.mark(x, y, "┬", Ink::Line);
        }
        for y in layout.rule.map_or(0, |y| y + 1)..bottom.unwrap_or(0) {
            canvas.mark(x, y, "│", Ink::Line);
        }
    }
}

/// Status line and footer.
pub(super) fn foot(cx: &Cx<'_>, canvas: &mut Canvas<'_>, layout: &Layout) {
    let (Some(status), Some(footer)) = (layout.status, layout.footer) else { return };
    let toast = cx.state.toast.as_ref();
    canvas.clear(status, if toast.is_some() { Ground::Pop } else { Ground::Sunken });
    let end = status.right().saturating_sub(1);
    let mut x = 1;
    if cx.state.account().is_some_and(|a| a.read_only) {
        let chip = format!(" {} ", cx.t("read-only"));
        x = canvas.spans(0, status.y, end, &[text::wrap::Span { text: chip, style: Ink::Chip }]) + 1;
    }
    if let Some(Note::NotKept(failure)) = &cx.state.note {
        let why = cx.t(&failure.kind.text_key());
        x = canvas.words(x, status.y, end, &cx.tr("status-not-kept", &[("why", why.into())]), Ink::Wait);
        x = canvas.words(x, status.y, end, " · ", Ink::Muted);
    }
    let mut room = end;
    if let Some(running) = &cx.state.running {
        let words = deleting(cx, running);
        room = canvas.words_right(x, status.y, end, &words, Ink::Wait).saturating_sub(2);
    }
    if let Some(words) = super::export::status(cx) {
        room = canvas.words_right(x, status.y, room, &words, Ink::Accent).saturating_sub(2);
    }
    let space = usize::from(room.saturating_sub(x));
    let (words, ink) =
        toast.map_or_else(|| (super::lines::that_fit(facts(cx), space), Ink::Muted), |t| (t.text.clone(), Ink::Text));
    if toast.is_some() {
        // In the place of the facts, so that no row of a pane is covered; what runs stays at the right.
        canvas.mark(if x > 1 { x } else { 0 }, status.y, "▌", Ink::Accent);
        x += 2;
    }
    canvas.words(x, status.y, room, &text::fit(&words, usize::from(room.saturating_sub(x))), ink);
    keys(cx, canvas, footer);
}

/// Which of how many: conversations where several go, else requests.
fn deleting(cx: &Cx<'_>, running: &Running) -> String {
    let hides = hides(&running.plan);
    let plans = running.reports.len() + 1 + running.waiting.len();
    let (nth, of) = if plans > 1 { (running.reports.len(), plans) } else { running.done };
    if of <= 1 {
        return cx.t(if hides { "hiding" } else { "deleting" });
    }
    let nth = (nth + 1).min(of);
    cx.tr(
        if hides { "hiding-of" } else { "deleting-of" },
        &[("nth", nth.to_string().into()), ("of", of.to_string().into())],
    )
}

fn facts(cx: &Cx<'_>) -> Vec<String> {
    let state = cx.state;
    let mut out: Vec<String> = super::sync::status(cx).into_iter().collect();
    out.extend(matches!(state.note, Some(Note::ForNow)).then(|| cx.t("status-for-now")));
    out.extend(state.search.is_some().then(|| cx.t("search-changes-nothing")));
    if let Some(at) = state.list.synced {
        out.push(cx.tr("synced", &[("time", when::moment(at, state.now.wall, &state.options).into())]));
    }
    if let Some(Local::File { messages, .. }) = state.local() {
        out.push(cx.tr("status-messages", &[("count", (*messages).into()), ("n", when::thousands(*messages).into())]));
    }
    if !matches!(state.list.state, ListState::Unloaded | ListState::Loading(_)) {
        let count = when::thousands(state.list.len() as u64);
        let more = if state.list.incomplete { "+" } else { "" };
        out.push(cx.tr("status-conversations", &[("n", format!("{count}{more}").into())]));
    }
    if state.list.damaged > 0 {
        out.push(cx.tr("status-damaged", &[("n", state.list.damaged.to_string().into())]));
    }
    if let Some(search) = state.search.as_ref().filter(|s| !s.marks.is_empty() && state.focus == Focus::List) {
        out.push(cx.tr("marked", &[("n", search.marks.len().to_string().into())]));
    } else if !state.list.marked.is_empty() && state.focus == Focus::List {
        out.push(cx.tr("marked", &[("n", state.list.marked.len().to_string().into())]));
    }
    out
}

fn keys(cx: &Cx<'_>, canvas: &mut Canvas<'_>, row: Area) {
    let keys = footer_keys(cx);
    let taken = |(chord, words): &(String, String)| (text::width(chord) + 1 + text::width(words)) as u16;
    let end = row.right().saturating_sub(1);
    // Help is the last one and always there; the ones before it give way.
    let last = keys.last().map_or(0, |key| taken(key) + 3);
    let mut x = 1;
    for (i, key) in keys.iter().enumerate() {
        let is_last = i + 1 == keys.len();
        if !is_last && x + taken(key) + last > end {
            continue;
        }
        x = canvas.text(x, row.y, end, &key.0, Ink::Strong) + 1;
        x = canvas.text(x, row.y, end, &key.1, Ink::Muted) + 3;
    }
}

/// Five to eight keys of the context, as they are bound.
fn footer_keys(cx: &Cx<'_>) -> Vec<(String, String)> {
    let fixed = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, w)| ((*k).to_owned(), cx.t(w))).collect();
    match cx.state.layers.last() {
        Some(Layer::Confirm(_)) if !super::confirm::has_room(cx.state.size) => return fixed(&[("Esc", "key-keep")]),
        Some(Layer::Confirm(confirm)) => {
            let mut keys = Vec::new();
            keys.extend((confirm.messages.len() > 1).then_some(("j k", "key-scroll")));
            keys.extend(confirm.is_armed().then_some(("x", if confirm.hides() { "key-hide" } else { "key-delete" })));
            keys.extend(confirm.can_count().then_some(("#", "key-count")));
            keys.push(("Esc", "key-keep"));
            return fixed(&keys);
        }
        Some(Layer::Export(question)) if question.is_there() => {
            return fixed(&[("x", "key-replace"), ("Esc", "key-other-name")]);
        }
        Some(Layer::Export(question)) => {
            let mut keys = vec![("Enter", "key-export"), ("↑ ↓", "key-choose")];
            keys.extend((question.row != Line::File).then_some(("← →", "key-change")));
            keys.push(("Esc", "key-close"));
            return fixed(&keys);
        }
        Some(Layer::Report(_) | Layer::Exported(_) | Layer::Detail { .. }) => {
            return fixed(&[("j k", "key-scroll"), ("Esc", "key-close")]);
        }
        Some(Layer::Sync) => {
            let mut keys = vec![("j k", "key-scroll"), ("Enter", "foot-open")];
            let is_running = cx.state.sync.as_ref().is_some_and(|sync| sync.is_running());
            let goes_on = cx.state.sync.as_ref().is_some_and(|sync| sync.goes_on());
            keys.extend(is_running.then_some(("C-c", "key-stop")));
            keys.extend(goes_on.then_some(("r", "key-resume")));
            keys.push(("Esc", if is_running { "key-behind" } else { "key-close" }));
            return fixed(&keys);
        }
        Some(Layer::Help { .. }) => return fixed(&[("↑ ↓", "key-scroll"), ("Esc", "key-close")]),
        Some(Layer::Prompt(_)) | None => {}
    }
    if cx.state.focus == Focus::History && cx.state.history.as_ref().is_some_and(matches_nothing) {
        return fixed(&[("Esc", "key-show-all"), ("\\", "foot-filter"), ("h", "key-back"), ("?", "foot-help")]);
    }
    if cx.state.focus == Focus::History && cx.state.is_late_loading() && cx.state.history.is_some() {
        return fixed(&[("Esc", "key-stop"), ("h", "key-back"), ("?", "foot-help")]);
    }
    if let Some(keys) = super::notices::keys_here(cx) {
        return keys;
    }
    if let Some(search) = &cx.state.search {
        return search_keys(cx, search);
    }
    let (place, actions): (_, &[Action]) = match cx.state.focus {
        Focus::List => (Place::List, &LIST_KEYS),
        Focus::History => (Place::History, &HISTORY_KEYS),
    };
    let read_only = cx.state.local().is_some() || cx.state.account().is_some_and(|a| a.read_only);
    let shown =
        actions.iter().filter(|a| !(read_only && matches!(a, Action::DeleteMessages | Action::HideConversation)));
    shown.filter_map(|action| key_of(cx, *action, place)).collect()
}

/// Keys of a search: in its field, among its results, and at a hit.
fn search_keys(cx: &Cx<'_>, search: &Search) -> Vec<(String, String)> {
    let fixed = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, w)| ((*k).to_owned(), cx.t(w))).collect();
    match cx.state.focus {
        Focus::List if search.is_typing => {
            fixed(&[("Enter", "key-search-take"), ("↑ ↓", "key-search-choose"), ("Esc", "key-search-back")])
        }
        Focus::List => fixed(&[
            ("Enter", "key-search-open"),
            ("n N", "key-search-next"),
            ("/", "key-search-edit"),
            ("F", "key-search-scope"),
            ("$", "key-ask-server"),
            ("q", "key-search-stay"),
            ("Esc", "key-search-back"),
            ("?", "foot-help"),
        ]),
        Focus::History => {
            let mut keys: Vec<_> = fixed(&[("n N", "key-search-next"), ("Esc", "key-search-results")]);
            let own = [Action::Mark, Action::CopyText, Action::Detail, Action::Help];
            keys.extend(own.into_iter().filter_map(|action| key_of(cx, action, Place::History)));
            keys
        }
    }
}

/// Whether a filter hides every row there is.
fn matches_nothing(history: &History) -> bool {
    !history.filter.is_empty() && !history.timeline.is_empty() && history.first_shown().is_none()
}

const LIST_KEYS: [Action; 8] = [
    Action::Open,
    Action::Find,
    Action::Search,
    Action::Filter,
    Action::HideConversation,
    Action::NextAttention,
    Action::OpenPeer,
    Action::Help,
];

const HISTORY_KEYS: [Action; 8] = [
    Action::PaneOut,
    Action::Mark,
    Action::Find,
    Action::DeleteMessages,
    Action::CopyText,
    Action::Filter,
    Action::Detail,
    Action::Help,
];

/// Chord families stand as their first key.
fn key_of(cx: &Cx<'_>, action: Action, place: Place) -> Option<(String, String)> {
    let keymap: &Keymap = &cx.state.options.keymap;
    let chord = keymap.chord(action, place)?;
    let family = chord.split(' ').next().filter(|first| chord.contains(' ') && first.len() == 1);
    let name: &str = action.into();
    let closes = action == Action::Detail && cx.state.layout().detail.is_some();
    let words = if closes { cx.t("foot-close-detail") } else { cx.t(&format!("foot-{name}")) };
    Some((family.unwrap_or(chord).to_owned(), words))
}

/// A question on the footer's row; the caret stands in its answer.
pub(super) fn prompt(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, prompt: &Prompt) -> Option<(u16, u16)> {
    let y = whole.bottom().checked_sub(1)?;
    canvas.clear(Area { x: 0, y, width: whole.width, height: 1 }, Ground::Pane);
    let key = match prompt.ask {
        Ask::Find => "ask-find",
        Ask::Filter => "ask-filter",
        Ask::Peer => "ask-peer",
        Ask::Time => "ask-time",
        Ask::Message => "ask-message",
    };
    let end = whole.right().saturating_sub(1);
    let x = canvas.text(1, y, end, &cx.t(key), Ink::AccentStrong) + 2;
    let list = prompt.ask == Ask::Filter && cx.state.focus == Focus::List;
    let hint = if list { "ask-filter-list-hint".to_owned() } else { format!("{key}-hint") };
    let (hint, ink) = match prompt.problem {
        Some(problem) => (cx.t(problem), Ink::Hot),
        None => (matching(cx, prompt).unwrap_or_else(|| cx.t(&hint)), Ink::Muted),
    };
    let keys = [("Enter", format!("{key}-enter")), ("Esc", format!("{key}-esc"))].map(|(k, w)| (k, cx.t(&w)));
    let keys_taken = keys.iter().map(|(k, w)| (text::width(k) + 1 + text::width(w) + 3) as u16).sum::<u16>();
    let hint_taken = text::width(&hint) as u16 + 2;
    let mut field_end = end;
    // The keys give way first, then the hint; the answer never.
    if field_end > x + FIELD + hint_taken + keys_taken {
        let mut at = end - keys_taken + 3;
        field_end = at - 3;
        for (key, words) in keys {
            at = canvas.text(at, y, end, key, Ink::Strong) + 1;
            at = canvas.words(at, y, end, &words, Ink::Muted) + 3;
        }
    }
    if field_end > x + hint_taken + FIELD.min(12) {
        canvas.words_right(x, y, field_end, &hint, ink);
        field_end -= hint_taken;
    }
    let at = field(canvas, x, y, field_end, &prompt.input);
    Some((at, y))
}

/// Cells a prompt keeps for its answer before it shows the keys.
const FIELD: u16 = 16;

/// How many rows the filter that is being typed keeps.
fn matching(cx: &Cx<'_>, prompt: &Prompt) -> Option<String> {
    if prompt.ask != Ask::Filter || prompt.input.text().trim().is_empty() {
        return None;
    }
    let (shown, all) = match (cx.state.focus, &cx.state.history) {
        (Focus::History, Some(history)) => (history.shown().count(), history.timeline.len()),
        _ => (cx.state.list.shown.len(), cx.state.list.len()),
    };
    let [n, all] = [shown, all].map(|n| when::thousands(n as u64));
    Some(cx.tr("count-of", &[("n", n.into()), ("all", all.into())]))
}

/// A text field that scrolls so that its caret is seen; gives the caret's column.
pub(super) fn field(canvas: &mut Canvas<'_>, x: u16, y: u16, end: u16, input: &crate::app::input::Input) -> u16 {
    let shown = |text: &str| {
        if input.secret { "•".repeat(text.chars().count()) } else { text::label(text).text }
    };
    let (all, before) = (shown(input.text()), shown(input.before_caret()));
    let room = usize::from(end.saturating_sub(x).saturating_sub(1));
    let skip = text::width(&before).saturating_sub(room);
    let (mut skipped, mut start) = (0, 0);
    for (cluster, cells) in text::clusters(&all) {
        if skipped >= skip {
            break;
        }
        skipped += cells;
        start += cluster.len();
    }
    canvas.text(x, y, end, &all[start..], Ink::Strong);
    (x + (text::width(&before).saturating_sub(skipped)) as u16).min(end.saturating_sub(1).max(x))
}

/// Whether something that was asked for `since` is late enough to be said.
pub(super) fn is_late(state: &State, since: Duration) -> bool {
    state.now.elapsed >= since + Duration::from_millis(300)
}

//! Whole-screen and whole-pane words: an empty list, a failure, signing in, loading.

use super::Cx;
use super::dialog::{cells, field, key, paint, span};
use super::frame::{again, is_late};
use super::paint::Canvas;
use crate::app::list::ListState;
use crate::app::rows::Ink;
use crate::app::timeline::Edge;
use crate::app::{Area, Connection, Focus, History, Layout, Local, Screen, Session, SignIn};
use crate::domain::{Failure, FailureKind, UserId};
use crate::report::Report;
use crate::text::{
    self,
    wrap::{self, Row},
};

/// Words that stand in place of the panes; `false` when the panes have something to show.
pub(super) fn whole_screen(cx: &Cx<'_>, canvas: &mut Canvas<'_>, layout: &Layout) -> bool {
    let state = cx.state;
    let (w, h) = state.size;
    let (top, bottom) = layout.title.map_or((0, h), |_| (2, h.saturating_sub(2)));
    let area = Area { x: 0, y: top, width: w, height: bottom.saturating_sub(top) };
    let width = usize::from(area.width).saturating_sub(4).clamp(1, 64);
    let rows = match (&state.session, &state.list.state) {
        (Session::SigningIn(..), _) if !state.list.is_empty() || state.history.is_some() => return false,
        (Session::SigningIn(_, since), _) if !is_late(state, since.elapsed) => Vec::new(),
        (Session::SigningIn(..), _) => signing_in(cx, width),
        (Session::Refused(failure), _) if state.list.is_empty() && state.history.is_none() => {
            failed(cx, "sign-in-failed", failure, width)
        }
        (_, ListState::Failed(failure)) if state.list.is_empty() && state.history.is_none() => {
            failed(cx, "list-failed", failure, width)
        }
        (Session::Local(local), _) if state.list.is_empty() && state.history.is_none() => {
            nothing_here(cx, local, width)
        }
        (Session::In(account), ListState::Loaded) if state.list.is_empty() && state.history.is_none() => {
            empty(cx, &account.user, width)
        }
        _ => return false,
    };
    centred(canvas, area, width, &rows);
    true
}

fn signing_in(cx: &Cx<'_>, width: usize) -> Vec<Row<Ink>> {
    let mut rows = vec![vec![span(cx.t("signing-in"), Ink::Muted)]];
    if let Some(again) = again(cx) {
        let why = if let Connection::Offline { .. } = cx.state.connection {
            vec![span(format!("{}  ", cx.t(&FailureKind::Unreachable.text_key())), Ink::Wait), span(again, Ink::Muted)]
        } else {
            vec![span(again, Ink::Wait)]
        };
        rows.extend(wrap::wrap(&why, width));
    }
    rows
}

/// Words in place of a history's rows; `false` when it has rows.
pub(super) fn history(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, history: &History) -> bool {
    if !history.timeline.is_empty() {
        return false;
    }
    if let Some(failure) = failure(history) {
        let width = usize::from(area.width).saturating_sub(4).clamp(1, 64);
        centred(canvas, area, width, &failed(cx, "history-failed", failure, width));
        return true;
    }
    if history.is_loading() {
        if cx.state.loading_since.is_some_and(|since| is_late(cx.state, since)) {
            skeleton(cx, canvas, area);
        }
        return true;
    }
    false
}

/// The shape of rows to come.
fn skeleton(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area) {
    let columns = cx.rows.columns();
    let end = area.right().saturating_sub(1);
    canvas.words(area.x + columns.gutter as u16, area.y, end, &cx.t("history-loading"), Ink::Muted);
    let x = area.x + columns.first_word() as u16;
    for (i, length) in [26_u16, 13, 22, 31, 9, 18, 28].into_iter().enumerate() {
        let y = area.y + 2 + i as u16;
        if y < area.bottom() {
            canvas.mark(area.x + columns.gutter as u16, y, "▏", Ink::Line);
            canvas.rule(x, y, (x + length).min(end), "▄", Ink::Line);
        }
    }
}

fn centred(canvas: &mut Canvas<'_>, area: Area, width: usize, rows: &[Row<Ink>]) {
    let x = area.x + (area.width.saturating_sub(width as u16) / 2).min(10);
    let top = u16::from(area.height >= rows.len() as u16 + 4) * 2;
    let area = Area { x, y: area.y + top, width: width as u16, height: area.height.saturating_sub(top) };
    for (i, row) in rows.iter().take(usize::from(area.height)).enumerate() {
        paint(canvas, area, area.y + i as u16, row);
    }
}

/// What failed, why, what next, what the server said, which request.
fn failed(cx: &Cx<'_>, title: &str, failure: &Failure, width: usize) -> Vec<Row<Ink>> {
    let mut rows = vec![vec![span(cx.t(title), Ink::HotStrong)]];
    rows.extend(wrap::wrap(&[span(report(cx, failure).headline, Ink::Hot)], width));
    rows.push(Vec::new());
    rows.extend(cause(cx, failure, None, width));
    rows.push(Vec::new());
    let keys: Vec<_> = keys_here(cx).unwrap_or_default().iter().map(|(cap, words)| key(cap, words)).collect();
    rows.extend(key_rows(&keys, width));
    rows
}

pub(super) fn report(cx: &Cx<'_>, failure: &Failure) -> Report {
    let typed = match &cx.state.screen {
        Screen::SignIn(form) => form.fields[2].text().trim(),
        Screen::Welcome(_) | Screen::Main => cx.state.who(),
    };
    Report::new(failure, typed, &cx.state.options.texts)
}

/// Why, what next (`next` where it is another step than usual), what the server said, which request.
pub(super) fn cause(cx: &Cx<'_>, failure: &Failure, next: Option<String>, width: usize) -> Vec<Row<Ink>> {
    let report = report(cx, failure);
    let said = if report.is_from_server { "server-said" } else { "details" };
    let labels =
        2 + ["why", "what-next", said, "request"].map(|key| text::width(&cx.t(key))).into_iter().max().unwrap_or(0);
    let mut rows = Vec::new();
    let mut add = |label: &str, value: String, ink: Ink| {
        if !value.is_empty() {
            rows.extend(field(&cx.t(label), vec![span(value, ink)], labels, width));
        }
    };
    add("why", report.cause, Ink::Text);
    add("what-next", next.unwrap_or(report.next_step), Ink::Text);
    add(said, report.words.unwrap_or_default(), Ink::Muted);
    let asked = [&failure.request, &failure.request_id].map(|t| text::label(t).text);
    add("request", asked.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("  "), Ink::Muted);
    rows
}

/// The keys that mean something while words stand in place of rows.
pub(super) fn keys_here(cx: &Cx<'_>) -> Option<Vec<(String, String)>> {
    let (state, list) = (cx.state, &cx.state.list);
    let bare = list.is_empty() && state.history.is_none();
    // Where no server is asked there is nothing to read again.
    let holds = |key: &str| key != "R" || state.local().is_none();
    let keys = |pairs: &[(&str, &str)]| {
        let here = pairs.iter().filter(|(k, _)| holds(k));
        Some(here.map(|(k, w)| ((*k).to_owned(), cx.t(w))).collect::<Vec<_>>())
    };
    match (&state.session, &list.state, &state.history) {
        (Session::SigningIn(..), ..) => keys(&[("q", "key-leave")]),
        (Session::Refused(_), ..) if bare && state.sign_in == Some(SignIn::Demo) => {
            keys(&[("R", "key-retry"), ("Esc", "key-back"), ("q", "key-leave")])
        }
        (Session::Refused(_), ..) if bare => {
            keys(&[("R", "key-retry"), ("s", "key-sign-in"), ("Esc", "key-back"), ("q", "key-leave")])
        }
        (_, ListState::Failed(_), _) if bare => {
            keys(&[("R", "key-retry"), ("o", "key-open-peer"), ("?", "foot-help"), ("q", "key-leave")])
        }
        (Session::In(account), ListState::Loaded, _) if bare => {
            let mut out = keys(&[("o", "key-open-peer"), ("R", "key-retry"), ("?", "foot-help"), ("q", "key-leave")]);
            if let (Some(out), true) = (out.as_mut(), account.user.has_capitals()) {
                let lowered = account.user.lowered();
                let words = cx.tr("key-retry-lower", &[("lowered", lowered.as_str().into())]);
                out.insert(0, ("Enter".to_owned(), words));
            }
            out
        }
        (.., Some(history)) if state.focus == Focus::History && failure(history).is_some() && state.lost.is_some() => {
            keys(&[("s", "key-sign-in"), ("R", "key-retry"), ("h", "key-back"), ("?", "foot-help")])
        }
        (.., Some(history)) if state.focus == Focus::History && failure(history).is_some() => {
            keys(&[("R", "key-retry"), ("h", "key-back"), ("?", "foot-help")])
        }
        (.., Some(history)) if state.focus == Focus::History && history.cursor.is_none() => {
            keys(&[("h", "key-back"), ("R", "key-read-again"), ("o", "key-open-peer"), ("?", "foot-help")])
        }
        _ if state.focus == Focus::List && list.shown.is_empty() && !list.filter.is_empty() => {
            keys(&[("Esc", "key-show-all"), ("\\", "foot-filter"), ("?", "foot-help")])
        }
        _ => None,
    }
}

/// Why an empty history is empty.
fn failure(history: &History) -> Option<&Failure> {
    if !history.timeline.is_empty() {
        return None;
    }
    let edges = history.timeline.segments.iter().flat_map(|s| [&s.older, &s.newer]);
    edges.into_iter().find_map(|edge| match edge {
        Edge::Failed(failure, _) => Some(&**failure),
        Edge::Reached | Edge::More(_) | Edge::Loading(..) | Edge::Incomplete(_) => None,
    })
}

/// Nothing is kept of the account, or the file holds no message.
fn nothing_here(cx: &Cx<'_>, local: &Local, width: usize) -> Vec<Row<Ink>> {
    let (head, next) = match local {
        Local::Archive { .. } => ("local-archive-empty", "local-archive-empty-next"),
        Local::File { .. } => ("local-file-empty", "local-file-empty-next"),
    };
    let mut rows = wrap::wrap(&[span(cx.t(head), Ink::Strong)], width);
    rows.extend(wrap::wrap(&[span(cx.t(next), Ink::Muted)], width));
    rows
}

/// The hints for an empty list, most likely first.
fn empty(cx: &Cx<'_>, user: &UserId, width: usize) -> Vec<Row<Ink>> {
    let mut rows = vec![vec![span(cx.t("empty-title"), Ink::Strong)]];
    rows.extend(wrap::wrap(&[span(cx.t("empty-lead"), Ink::Muted)], width));
    rows.push(Vec::new());
    let mut hints = vec!["service", "period", "rest"];
    if user.has_capitals() {
        hints.insert(0, "capitals");
    }
    let low = cx.state.size.1 < 24;
    let lowered = user.lowered();
    for (i, hint) in hints.iter().enumerate() {
        let args = [("user", user.as_str().into()), ("lowered", lowered.as_str().into())];
        let head = vec![span(cx.t(&format!("empty-{hint}")), Ink::Text)];
        rows.extend(field(&(i + 1).to_string(), head, 3, width));
        let tail = vec![span(cx.tr(&format!("empty-{hint}-why"), &args), Ink::Muted)];
        rows.extend(field("", tail, 3, width));
        if !low {
            rows.push(Vec::new());
        }
    }
    let keys: Vec<_> = keys_here(cx).unwrap_or_default().iter().map(|(cap, words)| key(cap, words)).collect();
    rows.extend(key_rows(&keys, width));
    rows
}

/// Keys beside each other, in as many rows as they need.
fn key_rows(keys: &[Row<Ink>], width: usize) -> Vec<Row<Ink>> {
    let mut rows: Vec<Row<Ink>> = vec![Vec::new()];
    for key in keys {
        let used = rows.last().map_or(0, |row| cells(row));
        if used > 0 && used + 3 + cells(key) > width {
            rows.push(Vec::new());
        }
        if let Some(row) = rows.last_mut() {
            if !row.is_empty() {
                row.push(span("   ", Ink::Text));
            }
            row.extend(key.iter().cloned());
        }
    }
    rows
}

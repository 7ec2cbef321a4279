//! A search: its field in the place of the title, its results in the place of the list.

use super::Cx;
use super::frame::{field, is_late};
use super::paint::Canvas;
use super::theme::Ground;
use crate::action::Action;
use crate::app::list::shown_name;
use crate::app::rows::{Ink, kinds, when};
use crate::app::search::{Row, Search, foot_rows};
use crate::app::{Area, Focus};
use crate::domain::{Hit, Horizon, Peer};
use crate::i18n::Arg;
use crate::keymap::Place;
use crate::report::Report;
use crate::text::search::{Query, parts};
use crate::text::{self, wrap};

/// Columns below which a result says no sender.
const WITH_SENDER: u16 = 56;
/// Cells for senders.
const SENDER: usize = 10;

/// The field and where it looks; gives the caret's column where it has the keys.
pub(super) fn title(cx: &Cx<'_>, canvas: &mut Canvas<'_>, row: Area, search: &Search) -> Option<u16> {
    let end = row.right().saturating_sub(1);
    let mut x = canvas.text(1, row.y, end, &cx.t("search-title"), Ink::AccentStrong) + 3;
    let scope = match &search.peer {
        Some(peer) => cx.tr("search-in", &[("who", shown_name(peer, &cx.state.names).into())]),
        None => cx.tr("search-in-all", &[("who", cx.state.who().into())]),
    };
    let mut right = end;
    let key = cx.state.options.keymap.chord(Action::SearchScope, Place::Results);
    if let Some(key) = key.filter(|_| !search.is_typing && row.width >= 60) {
        let words = cx.t("search-scope-key");
        right = end.saturating_sub((text::width(key) + 1 + text::width(&words)) as u16);
        canvas.text(right, row.y, end, key, Ink::Strong);
        canvas.words(right + 1 + text::width(key) as u16, row.y, end, &words, Ink::Muted);
        right = right.saturating_sub(3);
    }
    let room = usize::from(right.saturating_sub(x)) / 2;
    right = canvas.words_right(x, row.y, right, &text::fit(&scope, room), Ink::Muted).saturating_sub(2);
    if search.request.is_some() && is_late(cx.state, search.since) {
        let words = cx.t("search-busy");
        if x + 20 + text::width(&words) as u16 <= right {
            right = canvas.words_right(x, row.y, right, &words, Ink::Wait).saturating_sub(2);
        }
    }
    x = x.min(right);
    let caret = field(canvas, x, row.y, right, &search.input);
    (search.is_typing && cx.state.focus == Focus::List).then_some(caret)
}

/// The pane of results with its head and, at its foot, how far the search looked.
pub(super) fn draw(cx: &Cx<'_>, canvas: &mut Canvas<'_>, pane: Area, search: &Search) {
    let layout = cx.state.layout();
    if layout.title.is_some() {
        head(cx, canvas, pane, search);
    }
    let area = layout.content(pane);
    let foot = foot_rows(layout.airy).min(area.height);
    let body = Area { height: area.height - foot, ..area };
    let rows = search.rows(layout.airy);
    if rows.is_empty() {
        nothing(cx, canvas, body, search);
    }
    let chosen = search.chosen_row(&rows);
    let last = search.top + usize::from(body.height);
    for (i, row) in rows.iter().enumerate().take(last).skip(search.top) {
        if i + 1 == last && i > search.top && matches!(row, Row::Head(..)) {
            // A name without a hit below it says nothing yet.
            break;
        }
        let area = Area { y: body.y + (i - search.top) as u16, height: 1, ..body };
        draw_row(cx, canvas, area, search, row, chosen == Some(i));
    }
    looked(cx, canvas, Area { y: body.bottom(), height: foot, ..area }, search);
}

fn head(cx: &Cx<'_>, canvas: &mut Canvas<'_>, pane: Area, search: &Search) {
    let (x, end) = (pane.x + 3, pane.right().saturating_sub(1));
    if search.hits.is_empty() {
        return;
    }
    let all = format!("{}{}", when::thousands(search.hits.len() as u64), if search.more { "+" } else { "" });
    let mut end = end;
    if let Some(nth) = search.nth() {
        let nth = when::thousands(nth as u64);
        let words = cx.tr("count-of", &[("n", nth.into()), ("all", all.as_str().into())]);
        end = canvas.words_right(x, pane.y, end, &words, Ink::Faint).saturating_sub(2);
    }
    let x = canvas.text(x, pane.y, end, &all, Ink::Strong);
    let words = match search.peer {
        Some(_) => cx.tr("search-hits-here", &[("n", Arg::Number(search.hits.len() as i64))]),
        None => cx.tr(
            "search-hits-in",
            &[("n", Arg::Number(search.hits.len() as i64)), ("c", Arg::Number(search.conversations() as i64))],
        ),
    };
    canvas.words(x + 1, pane.y, end, &text::fit(&words, usize::from(end.saturating_sub(x + 1))), Ink::Faint);
}

/// Why no result is shown.
fn nothing(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, search: &Search) {
    let query = &search.sought.query;
    let mut lines = Vec::new();
    if let Some(failure) = &search.failure {
        let report = Report::new(failure, cx.state.who(), &cx.state.options.texts);
        lines.push((report.headline, Ink::Hot));
    } else if let Some(problem) = query.problems().first() {
        let value = if problem.value.is_empty() { cx.t("search-problem-nothing") } else { problem.value.clone() };
        let words = cx.tr(&format!("search-problem-{}", problem.filter), &[("value", value.into())]);
        lines.push((words, Ink::Wait));
    } else if query.is_empty() {
        lines.push((cx.t("search-hint"), Ink::Text));
        lines.push((cx.t("search-hint-filters"), Ink::Muted));
    } else if search.request.is_none() {
        lines.push((cx.t("search-none"), Ink::Text));
        if search.horizon.is_some_and(|horizon| !horizon.whole) {
            let asks = !query.inquiry().is_whole() && search.inquired.is_none() && cx.state.local().is_none();
            lines.push((cx.t(if asks { "search-none-ask" } else { "search-none-more" }), Ink::Muted));
        }
    }
    let room = usize::from(area.width.saturating_sub(4));
    let mut y = area.y;
    for (words, ink) in lines {
        for row in wrap::wrap(&[wrap::Span { text: text::label(&words).text, style: ink }], room) {
            if y < area.bottom() {
                canvas.spans(area.x + 3, y, area.right().saturating_sub(1), &row);
            }
            y += 1;
        }
    }
}

fn draw_row(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, search: &Search, row: &Row, is_chosen: bool) {
    let focused = cx.state.focus == Focus::List;
    let (x, y, end) = (area.x + 3, area.y, area.right().saturating_sub(1));
    if is_chosen {
        canvas.ground(area, if focused { Ground::Raised } else { Ground::Rest });
    }
    match row {
        Row::Blank => {}
        Row::Head(peer, count) => of_peer(cx, canvas, area, peer, *count, search.more),
        Row::More(_, count) => {
            let words = cx.tr("search-more", &[("n", when::thousands(*count as u64).into())]);
            let from = x + words_at(cx, area.width) as u16;
            let at = canvas.words(from, y, end, &words, Ink::Muted) + 2;
            let at = canvas.text(at, y, end, "Enter", Ink::Strong) + 1;
            canvas.words(at, y, end, &cx.t("search-unfold"), Ink::Muted);
        }
        Row::Hit(i) => {
            if let Some(hit) = search.hits.get(*i) {
                if search.marks.contains(&hit.key) {
                    if !is_chosen {
                        canvas.ground(area, Ground::Mark);
                    }
                    canvas.mark(area.x + 1, y, "✓", Ink::Accent);
                }
                of_hit(cx, canvas, area, &search.sought.query, hit);
            }
        }
    }
    if is_chosen {
        if focused {
            canvas.cursor_over(area);
        }
        canvas.mark(area.x, y, "▌", if focused { Ink::Accent } else { Ink::Faint });
    }
}

fn of_peer(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, peer: &Peer, count: usize, more: bool) {
    let (x, end) = (area.x + 3, area.right().saturating_sub(1));
    let count = format!("{}{}", when::thousands(count as u64), if more { "+" } else { "" });
    let end = canvas.words_right(x, area.y, end, &count, Ink::Faint).saturating_sub(2);
    let name = shown_name(peer, &cx.state.names);
    let after = canvas.text(x, area.y, end, &text::fit(&name, usize::from(end.saturating_sub(x))), Ink::Strong);
    if name != peer.id() && usize::from(after) + 1 + text::width(peer.id()) <= usize::from(end) {
        canvas.text(after + 1, area.y, end, peer.id(), Ink::Muted);
    }
}

/// Cells before the words of a result.
fn words_at(cx: &Cx<'_>, width: u16) -> usize {
    let time = when::stamp_width(&cx.state.options) + 1;
    if width < WITH_SENDER { time + 1 } else { time + SENDER + 2 }
}

fn of_hit(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, query: &Query, hit: &Hit) {
    let (x, y, end) = (area.x + 3, area.y, area.right().saturating_sub(1));
    let options = &cx.state.options;
    let stamp = when::stamp(hit.message.time, cx.state.now.wall, options);
    let time = when::stamp_width(options);
    canvas.words_right(x, y, x + time as u16, &stamp, Ink::Muted);
    if area.width >= WITH_SENDER {
        let ink = if hit.message.from == cx.state.me() { Ink::Accent } else { Ink::Muted };
        let name = cx.rows.name_of(&hit.message.from);
        canvas.text(x + time as u16 + 1, y, end, &text::fit(&name, SENDER), ink);
    }
    let from = x + words_at(cx, area.width) as u16;
    canvas.spans(from, y, end, &snippet(cx, query, hit, usize::from(end.saturating_sub(from))));
}

/// The message in one row, cut so that the first place that was looked for is seen.
fn snippet(cx: &Cx<'_>, query: &Query, hit: &Hit, room: usize) -> Vec<wrap::Span<Ink>> {
    let mut words: String = kinds::summary(&cx.rows, &hit.message).into_iter().map(|span| span.text).collect();
    let mut places = query.highlights(&words);
    if places.is_empty() {
        // What was found stands where the summary does not say it: in an attribute, a second line, a translation.
        let mut others = Vec::new();
        parts(&hit.message, |part| others.push(text::label(part).text));
        if let Some(other) = others.into_iter().find(|part| !query.highlights(part).is_empty()) {
            words = format!("{} · {other}", text::fit(&words, room / 3));
            places = query.highlights(&words);
        }
    }
    let first = places.first().map_or(0, |place| place.start);
    let before = text::width(&words[..first]);
    let mut skip = 0;
    // The words before it give way until it stands in the first half.
    if before > room / 2 {
        // No more than what follows leaves empty.
        let wanted = (before - room / 4).min((text::width(&words) + 1).saturating_sub(room));
        let mut cells = 0;
        for (cluster, width) in text::clusters(&words) {
            if cells >= wanted {
                break;
            }
            cells += width;
            skip += cluster.len();
        }
    }
    let mut spans = Vec::new();
    if skip > 0 {
        spans.push(wrap::Span { text: "…".to_owned(), style: Ink::Muted });
    }
    let mut at = skip;
    for place in places.into_iter().filter(|place| place.start >= skip) {
        spans.push(wrap::Span { text: words[at..place.start].to_owned(), style: Ink::Text });
        at = place.end;
        spans.push(wrap::Span { text: words[place].to_owned(), style: Ink::Hit });
    }
    spans.push(wrap::Span { text: words[at..].to_owned(), style: Ink::Text });
    wrap::cut(&spans, room)
}

/// How far the search looked, and how far it did not.
fn looked(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, search: &Search) {
    let Some(horizon) = search.horizon.filter(|_| area.height > 0) else { return };
    let (x, end) = (area.x + 3, area.right().saturating_sub(1));
    let room = usize::from(end.saturating_sub(x));
    let (rest, ink) = server(cx, search, room).unwrap_or_else(|| (rest(cx, search, horizon.whole, room), Ink::Faint));
    let y = area.bottom() - 1;
    canvas.words(x, y, end, &text::fit(&rest, room), ink);
    if area.height > 1 {
        canvas.words(x, y - 1, end, &text::fit(&seen(cx, horizon, room), room), Ink::Muted);
    }
}

/// What was looked at.
fn seen(cx: &Cx<'_>, horizon: Horizon, room: usize) -> String {
    let day = |at| when::day(at, &cx.state.options);
    let days = horizon.oldest.and_then(day).zip(horizon.newest.and_then(day));
    let Some((from, to)) = days.filter(|_| horizon.messages > 0) else { return cx.t("search-looked-nothing") };
    let [from, to] = [from, to].map(|day| when::short_date(day, cx.state.now.wall, &cx.state.options));
    let key = if from == to { "search-looked-day" } else { "search-looked" };
    let n = when::thousands(horizon.messages);
    within(cx, room, key, &[("n", n.into()), ("from", from.into()), ("to", to.into())])
}

/// What was not.
fn rest(cx: &Cx<'_>, search: &Search, is_whole: bool, room: usize) -> String {
    match () {
        () if search.behind > 0 => within(cx, room, "search-behind", &[("n", when::thousands(search.behind).into())]),
        () if !is_whole => within(cx, room, "search-not-looked", &[]),
        () => cx.t("search-looked-all"),
    }
}

/// A sentence, or its short form where it has no room.
fn within(cx: &Cx<'_>, room: usize, key: &str, args: &[(&str, Arg<'_>)]) -> String {
    let long = cx.tr(key, args);
    if text::width(&long) <= room { long } else { cx.tr(&format!("{key}-short"), args) }
}

/// What is going on with the server, or came of it.
fn server(cx: &Cx<'_>, search: &Search, room: usize) -> Option<(String, Ink)> {
    if search.inquires.is_some() {
        return Some((within(cx, room, "search-asks", &[]), Ink::Wait));
    }
    if let Some(failure) = &search.trouble {
        return Some((cx.tr("search-not-asked", &[("why", cx.t(&failure.kind.text_key()).into())]), Ink::Hot));
    }
    let done = search.inquired?;
    let n = [("n", Arg::Number(done.messages as i64))];
    let words = if done.is_cut { within(cx, room, "search-asked-part", &n) } else { cx.tr("search-asked", &n) };
    Some((words, Ink::Muted))
}

//! The conversation list: two rows an entry, most urgent word at the right.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::Cx;
use super::cache::LayoutCache;
use super::frame::is_late;
use super::paint::Canvas;
use super::theme::Ground;
use crate::app::list::{ListState, shown_name};
use crate::app::rows::{Ink, kinds, when};
use crate::app::{Area, Focus};
use crate::domain::{ChatType, Conversation, Message, Peer, ServerTime, is_bot};
use crate::text::{self, fold, wrap};

/// Ages change with every minute.
const MINUTE_MS: i64 = 60_000;

/// Draws the list, from the cache where it looks as it did: most keys of a history change nothing here.
pub(super) fn kept(cx: &Cx<'_>, canvas: &mut Canvas<'_>, cache: &mut LayoutCache, pane: Area) {
    let (look, now) = (look(cx, pane, canvas.meaning()), cx.state.now.wall);
    if let Some(cells) = cache.list(look, now) {
        canvas.put(pane, cells);
        return;
    }
    draw(cx, canvas, pane);
    cache.keep_list(look, while_ages_last(cx, pane), canvas.copy(pane));
}

/// How long the ages of the list are said as they are now.
fn while_ages_last(cx: &Cx<'_>, pane: Area) -> Range<ServerTime> {
    let (state, now) = (cx.state, cx.state.now.wall);
    let mut lasts = now..now.plus_ms(MINUTE_MS);
    for peer in shown(cx, pane).map(|(_, peer)| peer) {
        let last = state.list.get(peer).and_then(|conversation| conversation.last.as_deref());
        let wait = state.list.wait(peer, state.me()).map(|wait| wait.since);
        for at in [wait, last.map(|last| last.time)].into_iter().flatten() {
            // Ages are said in minutes; what lies a day ahead, to the minute, is no time.
            let left = MINUTE_MS - now.since_ms(at).rem_euclid(MINUTE_MS);
            lasts.end = lasts.end.min(now.plus_ms(left));
        }
    }
    lasts
}

/// A number that changes with everything the pane is drawn from but the time of day.
fn look(cx: &Cx<'_>, pane: Area, meaning: u64) -> u64 {
    let (state, mut hasher) = (cx.state, DefaultHasher::new());
    (meaning, state.list.revision(), state.names.revision(), state.options.revision()).hash(&mut hasher);
    let layout = state.layout();
    (state.size, pane.x, pane.y, pane.width, pane.height, layout.airy, layout.title.is_some()).hash(&mut hasher);
    (state.focus, state.me(), cx.rows.columns().words).hash(&mut hasher);
    if let ListState::Loading(since) = &state.list.state {
        is_late(state, since.elapsed).hash(&mut hasher);
    }
    hasher.finish()
}

/// The entries that have room, each with its first row.
fn shown<'a>(cx: &Cx<'a>, pane: Area) -> impl Iterator<Item = (u16, &'a Peer)> {
    let layout = cx.state.layout();
    let (area, list) = (layout.content(pane), &cx.state.list);
    let step = if layout.airy { 3 } else { 2 };
    (area.y..area.bottom()).step_by(step).zip(list.shown.iter().skip(list.top))
}

/// Draws the list with its head.
fn draw(cx: &Cx<'_>, canvas: &mut Canvas<'_>, pane: Area) {
    let layout = cx.state.layout();
    if layout.title.is_some() {
        head(cx, canvas, pane);
    }
    let area = layout.content(pane);
    if cx.state.list.shown.is_empty() {
        nothing(cx, canvas, area);
        return;
    }
    for (y, peer) in shown(cx, pane) {
        let height = 2.min(area.bottom() - y);
        entry(cx, canvas, Area { x: area.x, y, width: area.width, height }, peer);
    }
}

fn head(cx: &Cx<'_>, canvas: &mut Canvas<'_>, pane: Area) {
    let list = &cx.state.list;
    let sort: &str = list.sort.into();
    let reversed = if list.reversed { "-reversed" } else { "" };
    let mut rule = cx.t(&format!("sort-{sort}{reversed}"));
    if !list.filter.is_empty() {
        rule = format!("\\ {}", list.filter);
    }
    let all = when::thousands(list.len() as u64);
    let shown = when::thousands(list.shown.len() as u64);
    let more = if list.incomplete { "+" } else { "" };
    let count = match list.cap {
        _ if !list.filter.is_empty() => {
            cx.tr("count-of", &[("n", shown.into()), ("all", format!("{all}{more}").into())])
        }
        Some(cap) => cx.tr("count-max", &[("n", all.into()), ("max", when::thousands(cap as u64).into())]),
        None => format!("{all}{more}"),
    };
    let end = pane.right().saturating_sub(1);
    let room = usize::from(end.saturating_sub(pane.x + 3));
    let fits = |count: &str| text::width(&rule) + 2 + text::width(count) <= room;
    let count = match list.cap.filter(|_| list.filter.is_empty() && !fits(&count)) {
        Some(cap) => {
            let all = when::thousands(list.len() as u64);
            let short = format!("{all}/{}", when::thousands(cap as u64));
            if fits(&short) { short } else { all }
        }
        None => count,
    };
    let start = canvas.words_right(pane.x + 3, pane.y, end, &count, Ink::Faint).saturating_sub(2);
    let room = usize::from(start.saturating_sub(pane.x + 3));
    canvas.words(pane.x + 3, pane.y, start, &text::fit(&rule, room), Ink::Faint);
}

fn nothing(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area) {
    let key = match &cx.state.list.state {
        ListState::Loading(since) if is_late(cx.state, since.elapsed) => "list-loading",
        ListState::Loading(_) | ListState::Unloaded => return,
        ListState::Loaded if !cx.state.list.filter.is_empty() => "list-none-match",
        ListState::Loaded | ListState::Failed(_) => "list-empty",
    };
    let end = area.right().saturating_sub(1);
    canvas.words(area.x + 3, area.y, end, &cx.t(key), Ink::Muted);
}

fn entry(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, peer: &Peer) {
    let list = &cx.state.list;
    let Some(conversation) = list.get(peer) else { return };
    let selected = list.selected.as_ref() == Some(peer);
    let focused = cx.state.focus == Focus::List;
    let marked = list.marked.contains(peer);
    match (selected, focused, marked) {
        (true, true, _) => canvas.ground(area, Ground::Raised),
        (true, false, _) => canvas.ground(area, Ground::Rest),
        (false, _, true) => canvas.ground(area, Ground::Mark),
        (false, _, false) => {}
    }
    first_row(cx, canvas, area, conversation);
    if area.height > 1 {
        second_row(cx, canvas, area, conversation);
    }
    if selected && focused {
        canvas.cursor_over(area);
    }
    if selected {
        for y in area.y..area.bottom() {
            canvas.mark(area.x, y, "▌", if focused { Ink::Accent } else { Ink::Faint });
        }
    }
    if marked {
        canvas.mark(area.x + 1, area.y, "✓", Ink::Accent);
    }
}

fn first_row(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, conversation: &Conversation) {
    let end = area.right().saturating_sub(1);
    let peer = &conversation.peer;
    let (words, ink) = urgency(cx, conversation);
    let start = canvas.words_right(area.x + 3, area.y, end, &words, ink).saturating_sub(1);
    let name = shown_name(peer, &cx.state.names);
    let mut behind = Vec::new();
    if name != peer.id() && peer.chat_type == ChatType::Single {
        behind.push(peer.id().to_owned());
    }
    match peer.chat_type {
        ChatType::Single if is_bot(peer.id()) => behind.push(cx.t("word-bot")),
        ChatType::Single => {}
        ChatType::Group => behind.push(cx.t("word-group")),
        ChatType::Room => behind.push(cx.t("word-room")),
    }
    if conversation.pinned {
        behind.push(cx.t("word-pinned"));
    }
    let room = usize::from(start.saturating_sub(area.x + 3));
    let ink = if conversation.unread > 0 { Ink::Strong } else { Ink::Text };
    let mut x = canvas.spans(area.x + 3, area.y, start, &kinds_hits(cx, &fitted(cx, peer, &name, room), ink));
    for word in behind {
        if x + 1 + text::width(&word) as u16 <= start {
            x = canvas.text(x + 1, area.y, start, &word, Ink::Muted);
        }
    }
}

/// The name cut to `room`; its end stays too where another name of the list begins alike.
fn fitted<'a>(cx: &Cx<'_>, peer: &Peer, name: &'a str, room: usize) -> Cow<'a, str> {
    let cut = text::fit(name, room);
    let Some(head) = cut.strip_suffix('…').filter(|_| cut != name) else { return cut };
    let names = &cx.state.names;
    let alike = cx.state.list.shown.iter().any(|other| other != peer && shown_name(other, names).starts_with(head));
    if alike { text::fit_both(name, room) } else { cut }
}

/// By rank: how long they wait, else how old the last message is.
fn urgency(cx: &Cx<'_>, conversation: &Conversation) -> (String, Ink) {
    let (state, texts) = (cx.state, &cx.state.options.texts);
    if let Some(wait) = state.list.wait(&conversation.peer, state.me())
        && wait.since.is_valid_at(state.now.wall)
    {
        return (when::waits(state.now.wall.since_ms(wait.since), wait.at_least, texts), Ink::Wait);
    }
    let Some(last) = conversation.last.as_deref().filter(|m| m.time.is_valid_at(state.now.wall)) else {
        return (String::new(), Ink::Muted);
    };
    (when::short_age(state.now.wall.since_ms(last.time), texts), Ink::Muted)
}

fn second_row(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, conversation: &Conversation) {
    let (y, mut end) = (area.y + 1, area.right().saturating_sub(1));
    if conversation.unread > 0 {
        let words = cx.tr("unread", &[("n", when::thousands(conversation.unread).into())]);
        end = canvas.words_right(area.x + 3, y, end, &words, Ink::AccentStrong).saturating_sub(2);
    }
    let Some(last) = conversation.last.as_deref() else {
        canvas.words(area.x + 3, y, end, &cx.t("list-no-message"), Ink::Muted);
        return;
    };
    let words = preview(cx, conversation, last);
    let ink = if conversation.unread > 0 { Ink::Text } else { Ink::Muted };
    let row = kinds_hits(cx, &words, ink);
    canvas.spans(area.x + 3, y, end, &wrap::cut(&row, usize::from(end.saturating_sub(area.x + 3))));
}

fn preview(cx: &Cx<'_>, conversation: &Conversation, last: &Message) -> String {
    let words: String = kinds::summary(&cx.rows, last).into_iter().map(|span| span.text).collect();
    let mine = last.from == cx.state.me();
    let words: String = words.chars().take(160).collect();
    if mine || conversation.peer.chat_type != ChatType::Single {
        return cx.tr("preview-from", &[("who", cx.rows.name_of(&last.from).into()), ("words", words.into())]);
    }
    words
}

/// Find and filter words stand out.
fn kinds_hits(cx: &Cx<'_>, words: &str, ink: Ink) -> Vec<wrap::Span<Ink>> {
    let list = &cx.state.list;
    let sought = if list.find.is_empty() { &list.filter } else { &list.find };
    let (mut out, mut at) = (Vec::new(), 0);
    for hit in fold::find(words, sought) {
        out.push(wrap::Span { text: words[at..hit.start].to_owned(), style: ink });
        at = hit.end;
        out.push(wrap::Span { text: words[hit].to_owned(), style: Ink::Hit });
    }
    out.push(wrap::Span { text: words[at..].to_owned(), style: ink });
    out
}

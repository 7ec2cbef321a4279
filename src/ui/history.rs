//! The open conversation: head, rows as laid out by `app::rows`, marks, cursor.

use super::Cx;
use super::cache::{LayoutCache, Shade, Strip};
use super::paint::Canvas;
use super::theme::Ground;
use crate::app::history::{Item, Walk};
use crate::app::list::shown_name;
use crate::app::rows::{Columns, Fill, Ink, Line, RowsCx, when};
use crate::app::timeline::Edge;
use crate::app::timeline::RowKey;
use crate::app::viewport::{Measure as _, Placed, place};
use crate::app::{Area, Focus, History};
use crate::domain::{ChatType, ServerTime};
use crate::text;

/// Draws the pane with its head.
pub(super) fn draw(cx: &Cx<'_>, canvas: &mut Canvas<'_>, cache: &mut LayoutCache, pane: Area) {
    let layout = cx.state.layout();
    let Some(history) = &cx.state.history else {
        let area = layout.content(pane);
        let end = area.right().saturating_sub(1);
        let words = cx.t("history-none-open");
        canvas.words(
            area.x + 2,
            area.y,
            end,
            &text::fit(&words, usize::from(area.width.saturating_sub(3))),
            Ink::Muted,
        );
        return;
    };
    let area = layout.content(pane);
    let all = place(history, &cx.rows, area.height);
    let rows = (&cx.rows, cx.rows.common_look(history));
    if layout.title.is_some() {
        let day = unsaid_day(cx, rows, cache, history, &all, area.height);
        head(cx, canvas, pane, history, day);
    }
    if super::notices::history(cx, canvas, area, history) {
        return;
    }
    for placed in all {
        item(cx, rows, canvas, cache, history, area, placed);
    }
}

/// Lays out and draws what one more screen up or down will show, where nothing of it is seen: when the key comes, it is there.
pub(super) fn ahead(cx: &Cx<'_>, canvas: &mut Canvas<'_>, cache: &mut LayoutCache) -> Option<()> {
    // While more is on its way there will be another frame, and another place.
    let is_still = |history: &&History| history.owed == 0 && !history.is_loading();
    let (layout, history) = (cx.state.layout(), cx.state.history.as_ref().filter(is_still)?);
    let area = layout.content(layout.history?);
    let rows = (&cx.rows, cx.rows.common_look(history));
    let all = place(history, &cx.rows, area.height);
    for (end, forward) in [(all.first()?, false), (all.last()?, true)] {
        let (mut at, mut left) = (end.item, i32::from(area.height));
        while left > 0 {
            let Some(next @ Item::Row(_)) = history.beside(at, forward) else { break };
            let placed = Placed { item: next, top: 0, height: cx.rows.height(history, next).into() };
            canvas.clear(Area { height: area.height.min(placed.height as u16), ..area }, Ground::Pane);
            item(cx, rows, canvas, cache, history, area, placed);
            (at, left) = (next, left - placed.height);
        }
    }
    Some(())
}

/// One item, as far as it is within the area.
fn item(
    cx: &Cx<'_>,
    rows: (&RowsCx<'_>, u64),
    canvas: &mut Canvas<'_>,
    cache: &mut LayoutCache,
    history: &History,
    area: Area,
    placed: Placed,
) {
    let (lines, look) = cache.lines(rows, history, placed.item);
    let (columns, shade) = (cx.rows.columns(), Shade::of(cx, history, placed.item));
    let first = lines.iter().position(|line| line.of_message);
    for (nth, line) in lines.iter().enumerate() {
        let y = placed.top + nth as i32;
        if y < 0 || y >= i32::from(area.height) {
            continue;
        }
        let row = Area { y: area.y + y as u16, height: 1, ..area };
        let shade = if line.of_message { shade } else { Shade::default() };
        let strip = look.map(|look| Strip { look, nth, shade, meaning: canvas.meaning() });
        if let Some(signs) = strip.and_then(|strip| cache.drawn(&strip)) {
            canvas.put(row, signs);
            continue;
        }
        draw_line(canvas, row, columns, line, shade, first == Some(nth));
        if let Some(strip) = strip {
            cache.keep_drawn(strip, canvas.copy(row));
        }
    }
}

impl Shade {
    fn of(cx: &Cx<'_>, history: &History, item: Item) -> Self {
        let Item::Row(key) = item else { return Self::default() };
        let focused = cx.state.focus == Focus::History;
        Self { cursor: history.cursor == Some(key), focused, marked: history.marks.contains(&key) }
    }
}

/// The topmost visible message, where no rule on the screen says its day.
fn unsaid_day(
    cx: &Cx<'_>,
    rows: (&RowsCx<'_>, u64),
    cache: &mut LayoutCache,
    history: &History,
    all: &[Placed],
    height: u16,
) -> Option<ServerTime> {
    let key = |placed: &Placed| if let Item::Row(key) = placed.item { Some(key) } else { None };
    let top = all.iter().find_map(key)?;
    let day = |key: RowKey| when::day_number(key.time, &cx.state.options);
    // A day has its rule above its first row, and again below a gap.
    let follows_edge = |n: usize| n == 0 || key(&all[n - 1]).is_none();
    let is_said = all.iter().enumerate().filter(|(n, _)| follows_edge(*n)).any(|(_, placed)| {
        let is_of_day = key(placed).is_some_and(|key| day(key) == day(top));
        let rule = is_of_day.then(|| cache.lines(rows, history, placed.item).0).and_then(|lines| {
            lines.iter().take_while(|line| !line.of_message).position(|line| line.fill == Fill::Rule)
        });
        rule.is_some_and(|rule| (0..i32::from(height)).contains(&(placed.top + rule as i32)))
    });
    let is_known = top.time.is_valid_at(cx.state.now.wall);
    if is_said || !is_known { None } else { Some(top.time) }
}

/// A day for the head: in words, else short where that leaves room for the facts. With one pane it is the first to give
/// way, with more the facts do.
fn day_that_fits(cx: &Cx<'_>, at: ServerTime, room: usize, named: usize, told: usize) -> Option<String> {
    let options = &cx.state.options;
    let (day, today) = (when::day(at, options)?, when::day(cx.state.now.wall, options)?);
    let long = when::day_name(day, today, &options.texts);
    let is_near = long != when::date(day, today, &options.texts);
    let short = if is_near { long.clone() } else { when::short_date(day, cx.state.now.wall, options) };
    let fits = |form: &str, beside: usize| beside + 2 + text::width(form) <= room;
    if fits(&long, told) {
        return Some(long);
    }
    let beside = if cx.state.layout().list.is_some() { named } else { told };
    fits(&short, beside).then_some(short)
}

fn head(cx: &Cx<'_>, canvas: &mut Canvas<'_>, pane: Area, history: &History, day: Option<ServerTime>) {
    let (peer, end, y) = (&history.peer, pane.right().saturating_sub(1), pane.y);
    let timeline = &history.timeline;
    let shown = if history.filter.is_empty() { timeline.len() } else { history.shown().count() };
    let whole = matches!(timeline.segments.as_slice(), [s] if s.older == Edge::Reached && s.newer == Edge::Reached);
    let all = format!("{}{}", when::thousands(timeline.len() as u64), if whole { "" } else { "+" });
    let count = if timeline.is_empty() && !whole {
        String::new()
    } else if whole && timeline.is_empty() {
        all
    } else {
        cx.tr("count-of", &[("n", when::thousands(shown as u64).into()), ("all", all.into())])
    };
    let mut x = pane.x + 2;
    if cx.state.layout().list.is_none() {
        canvas.mark(pane.x, y, "‹", Ink::Accent);
    }
    let mut start = canvas.words_right(x, y, end, &count, Ink::Faint).saturating_sub(2);
    let name = shown_name(peer, &cx.state.names);
    let facts = head_facts(cx, history);
    let id = if name == peer.id() { 0 } else { 1 + text::width(peer.id()) };
    let named = text::width(&name) + id;
    let told = named + facts.iter().map(|(fact, _)| 3 + text::width(fact)).sum::<usize>().saturating_sub(1);
    if let Some(day) = day.and_then(|at| day_that_fits(cx, at, usize::from(start.saturating_sub(x)), named, told)) {
        start = canvas.words_right(x, y, start, &day, Ink::Muted).saturating_sub(2);
    }
    x = canvas.text(x, y, start, &text::fit(&name, usize::from(start.saturating_sub(x))), Ink::Strong);
    if name != peer.id() {
        x = canvas.text(x + 1, y, start, peer.id(), Ink::Muted);
    }
    let mut separator = "  ";
    for (fact, ink) in facts {
        if usize::from(x) + 3 + text::width(&fact) > usize::from(start) {
            break;
        }
        x = canvas.words(x, y, start, separator, Ink::Faint);
        x = canvas.words(x, y, start, &fact, ink);
        separator = " · ";
    }
}

fn head_facts(cx: &Cx<'_>, history: &History) -> Vec<(String, Ink)> {
    let (state, peer) = (cx.state, &history.peer);
    let mut out = Vec::new();
    let kind = match peer.chat_type {
        ChatType::Single => "word-single",
        ChatType::Group => "word-group",
        ChatType::Room => "word-room",
    };
    out.push((cx.t(kind), Ink::Muted));
    if let Some(wait) = state.list.wait(peer, state.me()).filter(|w| w.since.is_valid_at(state.now.wall)) {
        let ms = state.now.wall.since_ms(wait.since);
        out.push((when::waits(ms, wait.at_least, &state.options.texts), Ink::Wait));
    }
    if let Some(members) = state.names.members(peer.id()).filter(|_| peer.chat_type == ChatType::Group) {
        out.push((cx.tr("members", &[("n", when::thousands(members).into())]), Ink::Muted));
    }
    if !history.filter.is_empty() {
        out.push((format!("\\ {}", text::label(&history.filter.typed).text), Ink::Accent));
    }
    if history.travels.is_some() || matches!(history.walks, Some(Walk::Unread(_))) {
        out.push((cx.t("travelling"), Ink::Muted));
    } else if history.is_loose {
        out.push((cx.t("history-loose"), Ink::Wait));
    }
    if history.reread.is_some() {
        out.push((cx.t("rereading"), Ink::Muted));
    } else if history.compares.is_some() {
        out.push((cx.t("comparing"), Ink::Muted));
    }
    out
}

fn draw_line(canvas: &mut Canvas<'_>, row: Area, columns: Columns, line: &Line, shade: Shade, marks_here: bool) {
    match (shade.cursor, shade.focused, shade.marked) {
        (true, true, _) => canvas.ground(row, Ground::Raised),
        (false, _, true) => canvas.ground(row, Ground::Mark),
        (true, false, _) => canvas.ground(row, Ground::Rest),
        (false, _, false) => {}
    }
    let (y, end) = (row.y, row.right().saturating_sub(1));
    let gutter_x = row.x + columns.gutter as u16;
    let words_x = row.x + columns.first_word() as u16;
    let name: usize = line.name.iter().map(|s| text::width(&s.text)).sum();
    let mut x = if line.of_message { words_x } else { gutter_x };
    if columns.names > 0 {
        let shown = name.min(columns.names + 1);
        canvas.spans(row.x + (2 + columns.names).saturating_sub(shown).max(1) as u16, y, gutter_x, &line.name);
    } else if !line.name.is_empty() {
        x = canvas.spans(row.x + 2, y, end, &line.name) + 1;
    }
    let (gutter, ink) = canvas.theme.gutter(line.gutter);
    if line.of_message {
        canvas.mark(gutter_x, y, gutter, ink);
    }
    let right: u16 = line.right.iter().map(|s| text::width(&s.text) as u16).sum();
    let right_x = end.saturating_sub(right).max(x);
    filled(canvas, line, x, y, if right == 0 { end } else { right_x });
    canvas.spans(right_x, y, end, &line.right);
    if shade.cursor && shade.focused {
        canvas.cursor_over(row);
    }
    if shade.cursor {
        canvas.mark(row.x, y, "▌", if shade.focused { Ink::Accent } else { Ink::Faint });
    }
    if shade.marked && marks_here {
        canvas.mark(row.x + 1, y, "✓", Ink::Accent);
    }
}

/// Words and what fills the row up to its right end.
fn filled(canvas: &mut Canvas<'_>, line: &Line, x: u16, y: u16, end: u16) {
    let gap = u16::from(!line.right.is_empty());
    match line.fill {
        Fill::Blank => drop(canvas.spans(x, y, end, &line.words)),
        Fill::Rule => {
            let after = canvas.spans(x, y, end, &line.words);
            canvas.rule(after, y, end.saturating_sub(gap), "─", Ink::Line);
        }
        Fill::Dashes => {
            canvas.rule(x, y, (x + 4).min(end), "╌", Ink::Line);
            let after = canvas.spans(x + 5, y, end, &line.words) + 1;
            canvas.rule(after, y, end.saturating_sub(gap), "╌", Ink::Line);
        }
    }
}

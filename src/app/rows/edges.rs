//! Rows for what lies beyond loaded messages: the server's end, a gap, loading, a failure.

use std::time::Duration;

use super::kinds::span;
use super::{Fill, Ink, Line, RowsCx, is_end, when};
use crate::app::State;
use crate::app::history::History;
use crate::app::timeline::{Dead, Edge, Segment, Side};
use crate::domain::{Failure, FailureKind};
use crate::text::{
    self,
    wrap::{self, Row},
};

/// Cells of the dashes before an edge's words, the blank behind them included.
const DASHES: usize = 5;
/// A faster answer shows no words.
const SAY_AFTER: Duration = Duration::from_millis(300);

pub(super) fn lines(cx: &RowsCx<'_>, history: &History, at: usize, side: Side) -> Vec<Line> {
    let segments = &history.timeline.segments;
    let Some(segment) = segments.get(at) else { return Vec::new() };
    let edge = segment.edge(side);
    let below = (side == Side::Newer).then(|| segments.get(at + 1)).flatten();
    if let Some(below) = below {
        return between(cx, segment, below);
    }
    let mut lines = one(cx, edge, side);
    if at == 0 && side == Side::Older {
        lines.extend(empty(cx, history));
    }
    lines
}

/// A history without a shown row says why.
fn empty(cx: &RowsCx<'_>, history: &History) -> Option<Line> {
    let timeline = &history.timeline;
    let ended = timeline.segments.iter().all(|s| is_end(&s.older) && is_end(&s.newer));
    let key = match () {
        () if timeline.is_empty() && ended => "history-empty",
        () if !timeline.is_empty() && history.shown().next().is_none() => "history-none-match",
        () => return None,
    };
    Some(Line { words: vec![span(cx.t(key), Ink::Muted)], ..Line::default() })
}

/// What stands between two loaded parts.
fn between(cx: &RowsCx<'_>, upper: &Segment, lower: &Segment) -> Vec<Line> {
    // Without a server nothing has failed here: it is a gap like any other.
    let is_busy = |e: &&Edge| match e {
        Edge::Failed(failure, _) => !failure.kind.is_without_server(),
        Edge::Loading(..) | Edge::Incomplete(_) => true,
        Edge::Reached | Edge::More(_) => false,
    };
    if let Some(edge) = [&upper.newer, &lower.older].into_iter().find(is_busy) {
        return one(cx, edge, Side::Newer);
    }
    let words = vec![span(gap_words(cx, upper, lower), Ink::Muted)];
    // Nobody is there to load it.
    let is_local = cx.state.local().is_some();
    vec![if is_local { named(cx, "gap", words) } else { with_key(cx, "gap", words, "gap-load") }]
}

/// How long the time is that is not loaded.
fn gap_words(cx: &RowsCx<'_>, upper: &Segment, lower: &Segment) -> String {
    let now = cx.state.now.wall;
    let times =
        [upper.rows.back(), lower.rows.front()].map(|row| row.map(|e| e.key.time).filter(|t| t.is_valid_at(now)));
    match times {
        [Some(from), Some(to)] if to > from => {
            let length = when::short_age(to.since_ms(from), &cx.state.options.texts);
            cx.tr("gap-length", &[("length", length.into())])
        }
        _ => cx.t("gap-words"),
    }
}

fn one(cx: &RowsCx<'_>, edge: &Edge, side: Side) -> Vec<Line> {
    let name = if side == Side::Older { "edge-older" } else { "edge-newer" };
    match edge {
        Edge::Reached | Edge::More(_) => Vec::new(),
        Edge::Loading(..) => {
            let since = cx.state.loading_since;
            let long = since.is_some_and(|since| cx.state.now.elapsed >= since + SAY_AFTER);
            // The row keeps its place from the start, so that words after 300 ms move nothing.
            let words = if long { vec![span(cx.t("edge-loading"), Ink::Muted)] } else { Vec::new() };
            vec![if long { named(cx, name, words) } else { Line::default() }]
        }
        Edge::Failed(failure, _) if failure.kind == FailureKind::Cancelled => {
            vec![with_key(cx, name, vec![span(cx.t("edge-stopped"), Ink::Muted)], "gap-load")]
        }
        Edge::Failed(failure, _) if failure.kind == FailureKind::NotHere && cx.state.local().is_some() => {
            vec![named(cx, name, vec![span(cx.t("edge-not-here"), Ink::Muted)])]
        }
        Edge::Failed(failure, _) => {
            let mut lines = vec![with_key(cx, name, vec![span(cx.t("edge-failed"), Ink::HotStrong)], "gap-retry")];
            let next = format!("{}-next", failure.kind.text_key());
            let next = cx.tr(&next, &[("user", text::label(cx.state.who()).text.into())]);
            lines.extend(told(cx, &headline(cx.state, failure), Ink::Text));
            lines.extend(told(cx, &next, Ink::Muted));
            lines
        }
        Edge::Incomplete(dead) => {
            let why = match dead {
                Dead::Repeats => "edge-repeats",
                Dead::Empty => "edge-empty-pages",
                Dead::Unusable => "edge-unusable",
            };
            let mut lines = vec![with_key(cx, name, vec![span(cx.t("edge-incomplete"), Ink::WaitStrong)], "gap-again")];
            lines.extend(told(cx, &cx.t(why), Ink::Muted));
            lines
        }
    }
}

/// A sentence below the row that names an edge, under its words.
fn told(cx: &RowsCx<'_>, words: &str, ink: Ink) -> Vec<Line> {
    let columns = cx.columns();
    let indent = if columns.names == 0 { 0 } else { DASHES };
    let rows = wrap::wrap(&[span(words, ink)], (columns.words + 2).saturating_sub(indent).max(1));
    let line = |mut words: Row<Ink>| {
        words.insert(0, span(" ".repeat(indent), ink));
        Line { words, ..Line::default() }
    };
    rows.into_iter().map(line).collect()
}

/// An edge's row with the key that does something about it.
fn with_key(cx: &RowsCx<'_>, name: &str, mut words: Row<Ink>, does: &str) -> Line {
    words.extend([span("  Enter", Ink::Strong), span(format!(" {}", cx.t(does)), Ink::Muted)]);
    named(cx, name, words)
}

fn named(cx: &RowsCx<'_>, name: &str, words: Row<Ink>) -> Line {
    Line { name: vec![span(cx.t(name), Ink::Muted)], words, fill: Fill::Dashes, ..Line::default() }
}

/// What happened, in one sentence, with the server's code behind it where it gave one.
#[must_use]
pub(crate) fn headline(state: &State, failure: &Failure) -> String {
    let words = state.options.texts.t(&failure.kind.text_key());
    let code = text::label(&failure.code).text;
    let code = if code.is_empty() { failure.status.map(|s| s.to_string()).unwrap_or_default() } else { code };
    if code.is_empty() {
        return words;
    }
    state.options.texts.tr("with-code", &[("words", words.into()), ("code", code.into())])
}

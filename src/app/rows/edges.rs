//! Rows for what lies beyond loaded messages: the server's end, a gap, loading, a failure.

use std::time::Duration;

use super::kinds::span;
use super::{Fill, Ink, Line, RowsCx, is_end};
use crate::app::State;
use crate::app::history::History;
use crate::app::timeline::{Edge, Side};
use crate::domain::Failure;
use crate::text::{self, wrap::Row};

/// A faster answer shows no words.
const SAY_AFTER: Duration = Duration::from_millis(300);

pub(super) fn lines(cx: &RowsCx<'_>, history: &History, at: usize, side: Side) -> Vec<Line> {
    let segments = &history.timeline.segments;
    let Some(segment) = segments.get(at) else { return Vec::new() };
    let edge = segment.edge(side);
    let below = (side == Side::Newer).then(|| segments.get(at + 1)).flatten();
    if let Some(below) = below {
        return vec![between(cx, edge, &below.older)];
    }
    match edge {
        Edge::Reached if side == Side::Older => empty(cx, history).into_iter().collect(),
        Edge::Reached => Vec::new(),
        edge => one(cx, edge, side).into_iter().collect(),
    }
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

/// The one row between two loaded parts.
fn between(cx: &RowsCx<'_>, upper: &Edge, lower: &Edge) -> Line {
    let busy =
        [upper, lower].into_iter().find(|e| matches!(e, Edge::Loading(..) | Edge::Failed(..) | Edge::Incomplete));
    busy.and_then(|edge| one(cx, edge, Side::Newer)).unwrap_or_else(|| {
        let mut words = vec![span(format!("{}  ", cx.t("gap-words")), Ink::Muted)];
        words.extend([span("Enter", Ink::Strong), span(format!(" {}", cx.t("gap-load")), Ink::Muted)]);
        named(cx, "gap", words)
    })
}

fn one(cx: &RowsCx<'_>, edge: &Edge, side: Side) -> Option<Line> {
    let name = if side == Side::Older { "edge-older" } else { "edge-newer" };
    match edge {
        Edge::Reached | Edge::More(_) => None,
        Edge::Loading(..) => {
            let since = cx.state.loading_since;
            let long = since.is_some_and(|since| cx.state.now.elapsed >= since + SAY_AFTER);
            // The row keeps its place from the start, so that words after 300 ms move nothing.
            let words = if long { vec![span(cx.t("edge-loading"), Ink::Muted)] } else { Vec::new() };
            Some(if long { named(cx, name, words) } else { Line::default() })
        }
        Edge::Failed(failure, _) => {
            let mut words = vec![
                span(cx.t("edge-failed"), Ink::HotStrong),
                span(format!("  {}", headline(cx.state, failure)), Ink::Text),
            ];
            words.extend([span("  Enter", Ink::Strong), span(format!(" {}", cx.t("gap-retry")), Ink::Muted)]);
            Some(named(cx, name, fit_keys(words, cx.columns().words)))
        }
        Edge::Incomplete => Some(named(cx, name, vec![span(cx.t("edge-incomplete"), Ink::Wait)])),
    }
}

/// Shortens the reason, never the keys behind it.
fn fit_keys(mut words: Row<Ink>, cells: usize) -> Row<Ink> {
    let all: usize = words.iter().map(|s| text::width(&s.text)).sum();
    if let Some(reason) = words.get_mut(1) {
        let keep = text::width(&reason.text).saturating_sub(all.saturating_sub(cells));
        reason.text = text::fit(&reason.text, keep).into_owned();
    }
    words
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
    if code.is_empty() { words } else { format!("{words} ({code})") }
}

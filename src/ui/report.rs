//! What came of a deletion, request by request; an unknown outcome is said plainly.

use super::Cx;
use super::dialog::{self, cells, field, hairline, key, span};
use super::paint::Canvas;
use crate::app::Area;
use crate::app::layer::ReportView;
use crate::app::list::shown_name;
use crate::app::rows::{Ink, when};
use crate::domain::{Chunk, ChunkOutcome, DeletionReport, Failure, FailureKind, Scope};
use crate::i18n::{Arg, Lang};
use crate::text::{
    self,
    wrap::{self, Row},
};

const WIDEST: u16 = 76;

/// Draws the report.
pub(super) fn draw(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, view: &ReportView) {
    let width = dialog::inner_width(whole, WIDEST);
    let mut rows = verdict(cx, view, width);
    for report in &view.reports {
        rows.push(vec![span(shown_name(&report.plan.peer, &cx.state.names), Ink::Strong)]);
        for (i, chunk) in report.chunks.iter().enumerate() {
            rows.extend(chunk_rows(cx, report, i, chunk, width));
        }
    }
    for plan in &view.not_sent {
        let name = shown_name(&plan.peer, &cx.state.names);
        rows.push(vec![span(name, Ink::Text), span(format!("  {}", cx.t("outcome-not-sent")), Ink::Muted)]);
    }
    if let Some(failure) = view.reports.iter().find_map(DeletionReport::failure) {
        // What an unknown outcome asks for is to look, not to send again; once that was done, nothing.
        let unknown = view.reports.iter().any(DeletionReport::has_unknown);
        let look = if view.looked.is_some() { String::new() } else { cx.t("report-unknown-next") };
        rows.extend(why(cx, failure, unknown.then_some(look), width));
    }
    if let Some(failure) = view.reports.iter().find_map(|report| report.kept.as_ref()) {
        let next = (failure.kind != FailureKind::PutAside).then(|| cx.t("report-kept-next"));
        rows.extend(why(cx, failure, next, width));
    }
    rows.push(Vec::new());
    let mut keys = key("Esc", &cx.t("key-close"));
    keys.insert(0, span(" ".repeat(width.saturating_sub(cells(&keys))), Ink::Text));
    rows.push(keys);
    let title = cx.t(if view.hides() { "report-title-hide" } else { "report-title" });
    let area = dialog::frame(canvas, whole, WIDEST, rows.len(), &title, false);
    dialog::scrolling(cx, canvas, area, &rows, &view.top);
}

fn verdict(cx: &Cx<'_>, view: &ReportView, width: usize) -> Vec<Row<Ink>> {
    let unknown = view.reports.iter().any(DeletionReport::has_unknown);
    let done = view.not_sent.is_empty() && view.reports.iter().all(DeletionReport::is_done);
    let (key, ink) = match (done, unknown) {
        (true, _) => ("report-done", Ink::AccentStrong),
        (false, true) => ("report-unknown", Ink::HotStrong),
        (false, false) => ("report-stopped", Ink::HotStrong),
    };
    let said = |key: &str| if view.hides() { cx.t(&format!("{key}-hide")) } else { cx.t(key) };
    let mut words = vec![span(said(key), ink)];
    let space = if cx.state.options.texts.lang() == Lang::ZhCn { "" } else { " " };
    let alone = view.reports.len() + view.not_sent.len() == 1;
    if let (false, Some((done, all))) = (done, counted(view).filter(|(n, _)| *n > 0 || !unknown)) {
        let args = [("done", when::thousands(done).into()), ("all", when::thousands(all).into())];
        let counted = span(format!("{}{space}", cx.tr("report-counted", &args)), Ink::Strong);
        if !unknown {
            let left = Arg::Number((all - done) as i64);
            words = vec![span(cx.tr("report-left", &[("left", left)]), ink)];
        }
        words.insert(0, counted);
    } else if !done && !unknown && alone && view.hides() {
        words = vec![span(cx.t("report-not-one"), ink)];
    } else if !done && !unknown {
        words.insert(0, span(format!("{}{space}", said("report-not-all")), Ink::Strong));
    }
    if let Some((gone, still)) = view.looked {
        let args = [("gone", gone.to_string().into()), ("still", still.to_string().into())];
        words.push(span(format!("{space}{}", cx.tr("report-looked", &args)), Ink::Strong));
    }
    let mut rows = wrap::wrap(&words, width.saturating_sub(8).max(1));
    let time = when::moment(view.at, cx.state.now.wall, &cx.state.options);
    if let Some(first) = rows.first_mut() {
        let room = width.saturating_sub(cells(first) + text::width(&time));
        first.push(span(format!("{}{time}", " ".repeat(room)), Ink::Muted));
    }
    rows.push(Vec::new());
    rows
}

/// Messages the server confirmed, of all that were picked by id.
fn counted(view: &ReportView) -> Option<(u64, u64)> {
    let [report] = view.reports.as_slice() else { return None };
    let Scope::Messages(_) = report.plan.scope else { return None };
    let count = |done: bool| report.ids(move |o| !done || *o == ChunkOutcome::Done).count() as u64;
    Some((count(true), count(false)))
}

fn chunk_rows(cx: &Cx<'_>, report: &DeletionReport, i: usize, chunk: &Chunk, width: usize) -> Vec<Row<Ink>> {
    let what = match &report.plan.scope {
        Scope::Messages(_) => {
            let args = [("i", (i + 1).to_string().into()), ("n", chunk.ids.len().into())];
            cx.tr("chunk-messages", &args)
        }
        Scope::Before { cutoff, .. } => {
            let time = when::moment(*cutoff, cx.state.now.wall, &cx.state.options);
            cx.tr("chunk-before", &[("time", time.into())])
        }
        Scope::Conversation { with_history: true } => cx.t("chunk-conversation"),
        Scope::Conversation { with_history: false } => cx.t("chunk-hide"),
    };
    let (mark, ink, word) = match &chunk.outcome {
        ChunkOutcome::Done => ("✓", Ink::Accent, cx.t("outcome-done")),
        ChunkOutcome::Refused(failure) => ("✗", Ink::Hot, refused(cx, failure)),
        ChunkOutcome::Unknown(_) => ("?", Ink::Hot, cx.t("outcome-unknown")),
        ChunkOutcome::NotSent => ("·", Ink::Muted, cx.t("outcome-not-sent")),
    };
    let mark = if cx.state.options.ascii {
        mark.replace('✓', "*").replace('✗', "x").replace('·', "-")
    } else {
        mark.to_owned()
    };
    let mut row = vec![span(format!("{mark} "), ink), span(format!("{what}  "), Ink::Text)];
    let room = width.saturating_sub(cells(&row));
    if text::width(&word) <= room {
        row.push(span(format!("{}{word}", " ".repeat(room - text::width(&word))), ink));
        return vec![row];
    }
    let mut rows = vec![row];
    rows.extend(field("", vec![span(word, ink)], 2, width));
    rows
}

fn refused(cx: &Cx<'_>, failure: &Failure) -> String {
    cx.tr("outcome-refused", &[("why", super::notices::report(cx, failure).headline.into())])
}

fn why(cx: &Cx<'_>, failure: &Failure, next: Option<String>, width: usize) -> Vec<Row<Ink>> {
    let mut rows = vec![Vec::new(), hairline(), Vec::new()];
    rows.extend(super::notices::cause(cx, failure, next, width));
    rows
}

//! Exports: the question before one, how far it is, and what came of it.

use super::Cx;
use super::dialog::{self, cells, hairline, key, span};
use super::frame::field;
use super::notices;
use super::paint::Canvas;
use super::theme::Ground;
use crate::app::Area;
use crate::app::export::{Ended, Outcome, Question, Refusal, Row as Line};
use crate::app::rows::{Ink, when};
use crate::text::{
    self,
    wrap::{self, Row},
};

const WIDEST: u16 = 74;
/// Before the value of a row: the chevron and a blank.
const BEFORE: u16 = 2;

/// Draws the question; the caret stands in the name of the file.
pub(super) fn draw(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, question: &Question) -> Option<(u16, u16)> {
    let width = dialog::inner_width(whole, WIDEST);
    let below = below(cx, question, width);
    let keys = keys(cx, question, width);
    let blank = u16::from(whole.height >= 20);
    let rows = 3 + below.len() + keys.len() + 2 * usize::from(blank);
    let area = dialog::frame(canvas, whole, WIDEST, rows, &cx.t("export-title"), question.is_there());
    let labels = ["export-row-what", "export-row-format", "export-row-file"].map(|key| cx.t(key));
    let start = area.x + labels.iter().map(|l| text::width(l)).max().unwrap_or(0) as u16 + 2;
    let what = question.choice().map(|choice| choice.words.clone()).unwrap_or_default();
    let title = question.format.title();
    let hint = cx.t(&format!("export-format-{}", question.format.extension()));
    let lines = [
        (Line::What, what, String::new()),
        (Line::Format, title.to_owned(), hint),
        (Line::File, String::new(), String::new()),
    ];
    let mut caret = None;
    for (i, ((line, value, hint), label)) in lines.into_iter().zip(&labels).enumerate() {
        let y = area.y + i as u16;
        if y >= area.bottom() {
            return None;
        }
        let focused = question.row == line && !question.is_there() && question.asks.is_none();
        if focused {
            canvas.ground(Area { x: area.x.saturating_sub(2), y, width: area.width + 4, height: 1 }, Ground::Raised);
            canvas.mark(area.x.saturating_sub(2), y, "▌", Ink::Accent);
        }
        canvas.words(area.x, y, start, label, if focused { Ink::Strong } else { Ink::Muted });
        if line == Line::File {
            let at = field(canvas, start + BEFORE, y, area.right(), &question.file);
            caret = focused.then_some((at, y));
            continue;
        }
        let several = line == Line::Format || question.choices.len() > 1;
        let x = start + BEFORE;
        let room = usize::from(area.right().saturating_sub(x + 2));
        let end = canvas.text(x, y, area.right(), &text::fit(&value, room), Ink::Strong);
        if focused && several {
            canvas.mark(start, y, "‹", Ink::Accent);
            canvas.mark(end + 1, y, "›", Ink::Accent);
        }
        let room = area.right().saturating_sub(end + 4);
        if usize::from(room) >= text::width(&hint) {
            canvas.words(end + 4, y, area.right(), &hint, Ink::Muted);
        }
    }
    let rest = Area { y: area.y + 3 + blank, height: area.height.saturating_sub(3 + blank), ..area };
    let between = (0..blank).map(|_| Row::new());
    let rows: Vec<_> = below.into_iter().chain(between).chain(keys).collect();
    dialog::scroll(canvas, rest, &rows, 0);
    caret
}

/// Where the export comes from, or why it was not begun.
fn below(cx: &Cx<'_>, question: &Question, width: usize) -> Vec<Row<Ink>> {
    let Some(refusal) = &question.refusal else {
        return wrap::wrap(&[span(cx.t("export-from-here"), Ink::Muted)], width);
    };
    let (words, next) = refused(cx, refusal);
    let mut rows = wrap::wrap(&[span(words, Ink::HotStrong)], width);
    rows.extend(wrap::wrap(&[span(next, Ink::Text)], width));
    rows
}

/// Why nothing was begun, and what to do.
fn refused(cx: &Cx<'_>, refusal: &Refusal) -> (String, String) {
    let of = |key: &str| (cx.t(&format!("export-{key}")), cx.t(&format!("export-{key}-next")));
    match refusal {
        Refusal::There => of("is-there"),
        Refusal::NoFile => of("no-file"),
        Refusal::NoFolder => of("no-folder"),
        Refusal::Nothing => of("not-here"),
        Refusal::NoMessage(id) => {
            (cx.tr("export-no-message", &[("id", id.to_string().into())]), cx.t("export-not-here-next"))
        }
        Refusal::Unwritable(why) => unwritable(cx, why),
        Refusal::Failed(failure) => {
            let report = notices::report(cx, failure);
            (report.headline, report.next_step)
        }
    }
}

fn unwritable(cx: &Cx<'_>, why: &str) -> (String, String) {
    let why = text::label(why).text;
    (cx.tr("export-unwritable", &[("why", why.into())]), cx.t("export-unwritable-next"))
}

fn keys(cx: &Cx<'_>, question: &Question, width: usize) -> Vec<Row<Ink>> {
    let there = question.is_there();
    let mut left = if there { key("x", &cx.t("key-replace")) } else { key("Enter", &cx.t("key-export")) };
    let mut right = key("Esc", &cx.t(if there { "key-other-name" } else { "key-close" }));
    if there {
        right.splice(0..0, [span(" Enter ", Ink::Cap), span(" ", Ink::Text)]);
    } else {
        let change = key("← →", &cx.t("key-change"));
        if question.row != Line::File && cells(&left) + cells(&change) + cells(&right) + 6 <= width {
            left.push(span("   ", Ink::Text));
            left.extend(change);
        }
    }
    let taken = cells(&left) + cells(&right);
    if taken + 2 > width {
        return vec![left, right];
    }
    left.push(span(" ".repeat(width - taken), Ink::Text));
    left.extend(right);
    vec![left]
}

/// What the status line says of one on its way.
pub(super) fn status(cx: &Cx<'_>) -> Option<String> {
    let running = cx.state.exports.running.as_ref()?;
    let written = running.written?;
    if running.is_stopping {
        return Some(cx.t("exporting-stops"));
    }
    let args = [("n", when::thousands(written).into()), ("of", when::thousands(running.of.max(written)).into())];
    Some(cx.tr("exporting", &args))
}

/// Draws what came of it.
pub(super) fn report(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, ended: &Ended) {
    let width = dialog::inner_width(whole, WIDEST);
    let exported = &ended.exported;
    let lines = |words: String, ink| wrap::wrap(&[span(words, ink)], width);
    let (verdict, ink) = match &exported.outcome {
        Outcome::Done(_) => (cx.t("exported-done"), Ink::AccentStrong),
        Outcome::Stopped => (cx.t("exported-stopped"), Ink::WaitStrong),
        Outcome::Refused(_) => (cx.t("exported-not"), Ink::HotStrong),
        Outcome::Unwritable(_) | Outcome::DiskFull | Outcome::Failed(_) => (cx.t("exported-broke"), Ink::HotStrong),
    };
    let mut rows = lines(verdict, ink);
    rows.push(Vec::new());
    let labels = 2 + ["export-row-file", "row-messages", "exported-missing", "exported-left", "why", "what-next"]
        .map(|key| text::width(&cx.t(key)))
        .into_iter()
        .max()
        .unwrap_or(0);
    let mut add = |label: &str, value: String| {
        if !value.is_empty() {
            let label = if label.is_empty() { String::new() } else { cx.t(label) };
            rows.extend(dialog::field(&label, vec![span(value, Ink::Text)], labels, width));
        }
    };
    add("export-row-file", text::label(&ended.order.path).text);
    add("row-messages", when::thousands(exported.messages));
    match &exported.outcome {
        Outcome::Done(missing) => {
            let mut words = Vec::new();
            words.extend((missing.parts > 0).then(|| cx.tr("exported-parts", &[("n", missing.parts.into())])));
            words.extend((missing.nothing > 0).then(|| cx.tr("exported-nothing", &[("n", missing.nothing.into())])));
            add("exported-missing", words.join(" · "));
            let is_local = cx.state.local().is_some();
            add("what-next", if is_local { String::new() } else { cx.t("exported-missing-next") });
        }
        Outcome::Refused(refusal) => {
            let (why, next) = refused(cx, refusal);
            add("why", why);
            add("what-next", next);
        }
        Outcome::Unwritable(why) => {
            let (why, next) = unwritable(cx, why);
            add("why", why);
            add("what-next", next);
        }
        Outcome::DiskFull => {
            add("why", cx.t("error-disk-full"));
            add("what-next", cx.t("export-unwritable-next"));
        }
        Outcome::Failed(failure) => {
            let report = notices::report(cx, failure);
            add("why", report.headline);
            add("what-next", report.next_step);
        }
        Outcome::Stopped => {}
    }
    if let Some(left) = &exported.left {
        add("exported-left", text::label(left).text);
        add("", cx.t("exported-left-next"));
    }
    rows.push(Vec::new());
    rows.push(hairline());
    let mut keys = key("Esc", &cx.t("key-close"));
    keys.insert(0, span(" ".repeat(width.saturating_sub(cells(&keys))), Ink::Text));
    rows.push(keys);
    let area = dialog::frame(canvas, whole, WIDEST, rows.len(), &cx.t("export-title"), false);
    dialog::scrolling(cx, canvas, area, &rows, &ended.top);
}

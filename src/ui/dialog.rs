//! The box of every dialog: a rounded hairline, a title in it, content that scrolls, keys last.

use super::Cx;
use super::paint::Canvas;
use super::theme::Ground;
use crate::app::Area;
use crate::app::layer::Scroll;
use crate::app::rows::Ink;
use crate::text::{
    self,
    wrap::{self, Row, Span},
};

/// Padding: columns left and right, the border included.
const SIDE: u16 = 3;

/// One stretch of text in a role.
pub(super) fn span(text: impl Into<String>, style: Ink) -> Span<Ink> {
    Span { text: text.into(), style }
}

/// Cells for content in a dialog that may be `widest` wide.
pub(super) fn inner_width(whole: Area, widest: u16) -> usize {
    usize::from(outer_width(whole, widest).saturating_sub(2 * SIDE).max(1))
}

fn outer_width(whole: Area, widest: u16) -> u16 {
    if whole.width < 80 { whole.width.saturating_sub(2) } else { widest.min(whole.width - 4) }
}

/// Rows left free below a dialog, above it, and its own empty rows above and below.
const fn margins(whole: Area) -> (u16, u16, u16) {
    let (foot, head) = (if whole.height >= 12 { 2 } else { 0 }, if whole.height >= 20 { 1 } else { 0 });
    (foot, head, if whole.height >= 26 { 1 } else { 0 })
}

/// Rows of content a dialog has room for.
pub(super) const fn room(whole: Area) -> u16 {
    let (foot, head, pad) = margins(whole);
    whole.height.saturating_sub(foot + head + 2 + 2 * pad)
}

/// Draws an empty box for `rows` of content in the middle; gives the content's area, which may be shorter.
pub(super) fn frame(canvas: &mut Canvas<'_>, whole: Area, widest: u16, rows: usize, title: &str, hot: bool) -> Area {
    let width = outer_width(whole, widest);
    let (foot, head, pad) = margins(whole);
    let height = (rows as u16).saturating_add(2 + 2 * pad).min(whole.height.saturating_sub(foot + head));
    let middle = whole.height.saturating_sub(foot).saturating_sub(height) / 2;
    let (x, y) = ((whole.width - width) / 2, middle.max(head));
    let area = Area { x, y, width, height };
    canvas.clear(area, Ground::Pop);
    border(canvas, area, title, hot);
    Area {
        x: x + SIDE,
        y: y + 1 + pad,
        width: width.saturating_sub(2 * SIDE),
        height: height.saturating_sub(2 + 2 * pad),
    }
}

fn border(canvas: &mut Canvas<'_>, area: Area, title: &str, hot: bool) {
    let (ink, heading) = if hot { (Ink::HotLine, Ink::HotStrong) } else { (Ink::Faint, Ink::Strong) };
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    canvas.rule(area.x, area.y, right, "─", ink);
    canvas.rule(area.x, bottom, right, "─", ink);
    for y in area.y..bottom {
        canvas.mark(area.x, y, "│", ink);
        canvas.mark(right, y, "│", ink);
    }
    for (x, y, corner) in [(area.x, area.y, "╭"), (right, area.y, "╮"), (area.x, bottom, "╰"), (right, bottom, "╯")]
    {
        canvas.mark(x, y, corner, ink);
    }
    if area.width > 8 {
        let title = text::fit(title, usize::from(area.width - 8)).into_owned();
        canvas.words(area.x + 3, area.y, right, &format!(" {title} "), heading);
    }
}

/// Rows of a dialog, and which part of them is seen.
pub(super) fn scroll(canvas: &mut Canvas<'_>, area: Area, rows: &[Row<Ink>], top: usize) {
    let height = usize::from(area.height);
    let top = top.min(rows.len().saturating_sub(height));
    for (offset, row) in rows.iter().skip(top).take(usize::from(area.height)).enumerate() {
        paint(canvas, area, area.y + offset as u16, row);
    }
}

/// Rows of a dialog that scrolls; on its lower border stands how many are below.
pub(super) fn scrolling(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, rows: &[Row<Ink>], at: &Scroll) {
    let height = usize::from(area.height);
    let top = at.top(rows.len(), height);
    scroll(canvas, area, rows, top);
    let (.., pad) = margins(Area { x: 0, y: 0, width: cx.state.size.0, height: cx.state.size.1 });
    let below = rows.len().saturating_sub(height + top);
    if below > 0 {
        let words = format!(" {} ", cx.tr("rows-below", &[("n", below.to_string().into())]));
        canvas.words_right(area.x, area.bottom() + pad, area.right(), &words, Ink::Muted);
    }
}

/// One row; a row of a single `─` is a hairline across.
pub(super) fn paint(canvas: &mut Canvas<'_>, area: Area, y: u16, row: &[Span<Ink>]) {
    if let [Span { text, style: Ink::Line }] = row {
        canvas.rule(area.x, y, area.right(), text, Ink::Line);
        return;
    }
    canvas.spans(area.x, y, area.right(), row);
}

/// A hairline between "what" and "what follows".
pub(super) fn hairline() -> Row<Ink> {
    vec![span("─", Ink::Line)]
}

/// `label   value`, the value wrapped under itself.
pub(super) fn field(label: &str, value: Vec<Span<Ink>>, label_width: usize, width: usize) -> Vec<Row<Ink>> {
    let rows = wrap::wrap(&value, width.saturating_sub(label_width).max(1));
    let head = |i: usize| text::pad(if i == 0 { label } else { "" }, label_width);
    let line = |(i, row): (usize, Row<Ink>)| {
        let mut out = vec![span(head(i), Ink::Muted)];
        out.extend(row);
        out
    };
    rows.into_iter().enumerate().map(line).collect()
}

/// ` x ` as a key cap with its words.
pub(super) fn key(cap: &str, words: &str) -> Row<Ink> {
    vec![span(format!(" {cap} "), Ink::Cap), span(format!(" {words}"), Ink::Text)]
}

/// Cells of a row.
pub(super) fn cells(row: &[Span<Ink>]) -> usize {
    row.iter().map(|s| text::width(&s.text)).sum()
}

//! Mirroring: how far it is, and each conversation that runs or has ended.

use super::Cx;
use super::paint::Canvas;
use super::theme::Ground;
use crate::app::list::shown_name;
use crate::app::rows::{Ink, when};
use crate::app::sync::{Mirror, MirrorRow, Mirroring, Run, Standing};
use crate::app::{Area, Connection};
use crate::domain::FailureKind;
use crate::text;

/// Columns from which the table says how far back each conversation reaches.
const WIDE: u16 = 70;
/// Cells of the bar at most.
const BAR: u16 = 60;

/// What the status line says of a run on its way.
pub(super) fn status(cx: &Cx<'_>) -> Option<String> {
    let sync = cx.state.sync.as_ref().filter(|sync| sync.is_running())?;
    Some(cx.tr("sync-status", &of(&sync.mirror)))
}

fn of(mirror: &Mirror) -> [(&'static str, crate::i18n::Arg<'static>); 2] {
    [("done", mirror.ended.to_string().into()), ("all", mirror.total.to_string().into())]
}

/// Draws the view between title and status line.
pub(super) fn draw(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area) {
    let Some(sync) = &cx.state.sync else { return };
    let layout = cx.state.layout();
    let top = layout.rule.map_or(0, |y| y + 1);
    let bottom = layout.status.map_or(whole.bottom(), |status| status.y);
    canvas.clear(Area { x: 0, y: top, width: whole.width, height: bottom.saturating_sub(top) }, Ground::Pane);
    super::frame::title(cx, canvas, &layout);
    let airy = u16::from(whole.height >= 30);
    let mut y = top + airy;
    y = head(
        cx,
        canvas,
        Area { x: 3, y, width: whole.width.saturating_sub(4), height: bottom.saturating_sub(y) },
        sync,
    );
    y += airy;
    if y + 2 < bottom {
        canvas.rule(0, y, whole.width, "─", Ink::Line);
        table(cx, canvas, Area { x: 0, y: y + 1, width: whole.width, height: bottom - y - 1 }, sync);
    }
}

/// The bar, the numbers, and what holds it up; gives the row after them.
fn head(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, sync: &Mirroring) -> u16 {
    let (mirror, end) = (&sync.mirror, area.right());
    let (word, ink) = match sync.run {
        Run::Running(_) => (cx.t("sync-running"), Ink::Accent),
        Run::Over if mirror.stopped.is_some() => (cx.t("sync-over-stopped"), Ink::Hot),
        Run::Over => (cx.t("sync-over"), Ink::Accent),
        Run::Stopped => (cx.t("sync-stopped-by-you"), Ink::Wait),
        Run::Failed(_) => (cx.t("sync-failed"), Ink::Hot),
    };
    let x = canvas.words(area.x, area.y, end, &word, ink) + 2;
    let words = cx.tr("sync-conversations", &of(mirror));
    let start = canvas.words_right(x, area.y, end, &words, Ink::Strong).saturating_sub(2);
    let room = start.saturating_sub(x).min(BAR);
    if room > 8 && mirror.total > 0 {
        let full = (usize::from(room) * mirror.ended / mirror.total) as u16;
        canvas.rule(x, area.y, x + room, "─", Ink::Line);
        canvas.rule(x, area.y, x + full, "━", Ink::Accent);
    }
    let mut facts = vec![
        cx.tr("sync-new", &[("n", when::thousands(mirror.new).into())]),
        cx.tr("sync-known", &[("n", when::thousands(mirror.known).into())]),
    ];
    facts.extend((mirror.changed > 0).then(|| cx.tr("sync-changed", &[("n", when::thousands(mirror.changed).into())])));
    facts.extend((mirror.gone > 0).then(|| cx.tr("sync-gone", &[("n", when::thousands(mirror.gone).into())])));
    if let Some(rate) = mirror.rate.filter(|_| sync.is_running()) {
        facts.push(cx.tr("sync-rate", &[("n", when::thousands(rate).into())]));
    }
    let room = usize::from(end.saturating_sub(area.x));
    canvas.words(area.x, area.y + 1, end, &text::fit(&facts.join(" · "), room), Ink::Text);
    let why = why(cx, sync);
    if let Some((why, ink)) = why {
        canvas.words(area.x, area.y + 2, end, &text::fit(&why, room), ink);
    }
    if !cx.state.list.incomplete {
        return area.y + 3;
    }
    canvas.words(area.x, area.y + 3, end, &text::fit(&cx.t("sync-list-part-here"), room), Ink::Wait);
    area.y + 4
}

/// Why it waits, or why it ended early.
fn why(cx: &Cx<'_>, sync: &Mirroring) -> Option<(String, Ink)> {
    let clock = |at| when::zoned(at, &cx.state.options.zone).map(|at| at.strftime("%H:%M:%S").to_string());
    match (sync.run, sync.mirror.held, sync.mirror.stopped) {
        (Run::Failed(kind), ..) | (Run::Over, _, Some(kind)) => Some((cx.t(&kind.text_key()), Ink::Hot)),
        (Run::Running(_), Some((waiting, until)), _) => {
            let args = [("n", waiting.to_string().into()), ("time", clock(until).unwrap_or_default().into())];
            Some((cx.tr("sync-held", &args), Ink::Wait))
        }
        (Run::Running(_), None, _) => {
            let kind = match &cx.state.connection {
                Connection::Online => return None,
                Connection::Waiting(_, kind) => *kind,
                Connection::Offline { .. } => FailureKind::Unreachable,
            };
            let why = cx.t(&kind.text_key());
            let Some(again) = cx.state.connection.again() else { return Some((why, Ink::Wait)) };
            let wait = again.saturating_sub(cx.state.now.elapsed).as_millis() as i64;
            let time = clock(cx.state.now.wall.plus_ms(wait)).unwrap_or_default();
            Some((cx.tr("sync-asks-again", &[("why", why.into()), ("time", time.into())]), Ink::Wait))
        }
        (Run::Over | Run::Stopped, ..) => None,
    }
}

fn table(cx: &Cx<'_>, canvas: &mut Canvas<'_>, area: Area, sync: &Mirroring) {
    let columns = Columns::of(area.width);
    let label =
        |canvas: &mut Canvas<'_>, x: u16, key: &str| canvas.words(x, area.y, area.right(), &cx.t(key), Ink::Faint);
    label(canvas, 3, "sync-head-conversation");
    canvas.words_right(3, area.y, columns.messages, &cx.t("sync-head-messages"), Ink::Faint);
    if let Some(x) = columns.reaches {
        label(canvas, x, "sync-head-reaches");
    }
    let rows = &sync.mirror.rows;
    let waiting = sync.mirror.total.saturating_sub(rows.len());
    let room = usize::from(area.height.saturating_sub(2));
    let first = sync.selected.saturating_sub(room.saturating_sub(1));
    let mut y = area.y + 1;
    for (i, row) in rows.iter().enumerate().skip(first).take(room) {
        let line = Area { x: 0, y, width: area.width, height: 1 };
        let selected = i == sync.selected;
        if selected {
            canvas.ground(line, Ground::Raised);
        }
        entry(cx, canvas, line, &columns, row);
        if selected {
            canvas.cursor_over(line);
            canvas.mark(0, y, "▌", Ink::Accent);
        }
        y += 1;
    }
    if waiting > 0 && sync.is_running() && y < area.bottom() {
        let words = cx.tr("sync-waiting", &[("n", waiting.to_string().into())]);
        canvas.words(3, y, area.right(), &words, Ink::Muted);
    }
}

/// Where the columns of the table stand.
struct Columns {
    /// The name ends before.
    name_end: u16,
    /// The number ends before.
    messages: u16,
    reaches: Option<u16>,
    standing: u16,
}

impl Columns {
    fn of(width: u16) -> Self {
        let name = (width / 3).clamp(12, 40);
        let messages = 3 + name + 11;
        let reaches = (width >= WIDE).then_some(messages + 3);
        Self { name_end: 3 + name, messages, reaches, standing: reaches.map_or(messages + 2, |x| x + 14) }
    }
}

fn entry(cx: &Cx<'_>, canvas: &mut Canvas<'_>, line: Area, columns: &Columns, row: &MirrorRow) {
    let name = shown_name(&row.peer, &cx.state.names);
    canvas.text(3, line.y, columns.name_end - 1, &text::fit(&name, usize::from(columns.name_end - 4)), Ink::Text);
    canvas.words_right(columns.name_end, line.y, columns.messages, &when::thousands(row.new), Ink::Muted);
    if let (Some(x), Some(at)) = (columns.reaches, row.back_to) {
        let days = [at, cx.state.now.wall].map(|at| when::day(at, &cx.state.options));
        if let [Some(day), Some(today)] = days {
            let reached = when::date(day, today, &cx.state.options.texts);
            canvas.words(x, line.y, columns.standing - 1, &text::fit(&reached, 13), Ink::Muted);
        }
    }
    let (mark, word, ink) = match row.standing {
        Standing::Running => ("▸", cx.t("sync-row-running"), Ink::Accent),
        Standing::Complete => ("✓", cx.t("sync-complete"), Ink::Muted),
        Standing::Stopped => ("-", cx.t("sync-row-stopped"), Ink::Wait),
        Standing::Incomplete => ("-", cx.t("sync-incomplete"), Ink::Wait),
        Standing::Failed(kind) => ("✗", cx.t(&kind.text_key()), Ink::Hot),
    };
    canvas.mark(1, line.y, mark, ink);
    let room = usize::from(line.right().saturating_sub(columns.standing + 1));
    canvas.words(columns.standing, line.y, line.right().saturating_sub(1), &text::fit(&word, room), ink);
}

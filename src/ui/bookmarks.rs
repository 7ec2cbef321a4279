//! The hint after `b` or `'`: what the next letter sets, or where the letters lead.

use super::Cx;
use super::help::popup;
use super::paint::Canvas;
use crate::action::Action;
use crate::app::Area;
use crate::app::list::shown_name;
use crate::app::rows::{Ink, when};
use crate::domain::{Bookmark, Peer, ServerTime};
use crate::text;

/// Cells before the words of a row.
const WORDS: u16 = 8;

/// One row: its key, its words, what stands at its right end.
type Row = (String, String, String);

/// Draws it.
pub(super) fn hint(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, action: Action) {
    let rows = if action == Action::SetBookmark { setting(cx) } else { going(cx) };
    let widest = rows.iter().map(|(_, words, right)| text::width(words) + text::width(right) + 2).max().unwrap_or(0);
    let area = popup(cx, canvas, whole, widest as u16, rows.len());
    let (room, end) = (usize::from(area.height.saturating_sub(1)), area.right().saturating_sub(2));
    let fits = rows.len() <= room;
    let shown = if fits { rows.len() } else { room.saturating_sub(1) };
    for (y, (key, words, right)) in (area.y + 1..).zip(rows.iter().take(shown)) {
        canvas.text(area.x + 3, y, end, key, Ink::AccentStrong);
        let right_x = canvas.words_right(area.x + WORDS, y, end, right, Ink::Muted);
        let gap = if right.is_empty() { 0 } else { 2 };
        let cells = right_x.saturating_sub(area.x + WORDS + gap);
        canvas.words(area.x + WORDS, y, right_x, &text::fit(words, usize::from(cells)), Ink::Text);
    }
    if !fits {
        let more = cx.tr("bookmark-more", &[("n", (rows.len() - shown).to_string().into())]);
        canvas.words(area.x + WORDS, area.y + 1 + shown as u16, end, &more, Ink::Muted);
    }
}

/// The message that would get the letter, and the letters that stand for others.
fn setting(cx: &Cx<'_>) -> Vec<Row> {
    let state = cx.state;
    let current = state.history.as_ref().and_then(|history| Some((&history.peer, history.current()?)));
    let message = current.map(|(peer, entry)| place(cx, peer, entry.message.time)).unwrap_or_default();
    let mut rows =
        vec![("a-z".to_owned(), cx.t("bookmark-sets"), String::new()), (String::new(), message.0, message.1)];
    let taken: Vec<String> = state.bookmarks.all().map(|bookmark| bookmark.letter.to_string()).collect();
    if !taken.is_empty() {
        let words = cx.tr("bookmark-taken", &[("letters", taken.join(" ").into())]);
        rows.push((String::new(), words, String::new()));
    }
    rows
}

/// The letters that are set, and where the last jump began.
fn going(cx: &Cx<'_>) -> Vec<Row> {
    let state = cx.state;
    let row = |bookmark: &Bookmark| {
        let (name, date) = place(cx, &bookmark.peer, bookmark.time);
        (bookmark.letter.to_string(), name, date)
    };
    let mut rows: Vec<Row> = state.bookmarks.all().map(row).collect();
    if rows.is_empty() {
        rows.push((String::new(), cx.t("bookmark-none"), String::new()));
    }
    if let (Some(back), Some(key)) = (&state.bookmarks.back, state.pending.keys.last()) {
        let (_, date) = place(cx, &back.peer, back.key.time);
        rows.push((
            key.to_string(),
            cx.tr("bookmark-back", &[("name", shown_name(&back.peer, &state.names).into())]),
            date,
        ));
    }
    rows
}

/// A conversation's name, and a date.
fn place(cx: &Cx<'_>, peer: &Peer, at: ServerTime) -> (String, String) {
    (shown_name(peer, &cx.state.names), when::stamp(at, cx.state.now.wall, &cx.state.options))
}

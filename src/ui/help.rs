//! Keys: the help of a pane, generated from the action table and the keymap, and the hints of an unfinished chord.

use super::Cx;
use super::dialog::{self, hairline, span};
use super::eye;
use super::frame::{field, is_late};
use super::paint::Canvas;
use crate::action::Action;
use crate::app::Area;
use crate::app::input::Input;
use crate::app::layer::Scroll;
use crate::app::rows::Ink;
use crate::keymap::{Code, Place, Resolved};
use crate::text::{self, fold, wrap::Row};

/// Wide enough for two columns of the longest texts.
const WIDEST: u16 = 116;
/// Cells for chords at most.
const KEYS: usize = 18;
/// Blank cells between two columns at least.
const GAP: usize = 2;

/// Draws the help; the caret stands in its filter.
pub(super) fn draw(
    cx: &Cx<'_>,
    canvas: &mut Canvas<'_>,
    whole: Area,
    place: Place,
    filter: &Input,
    top: &Scroll,
) -> Option<(u16, u16)> {
    let width = dialog::inner_width(whole, WIDEST);
    let mut rows = Vec::new();
    for place in [place, Place::Everywhere] {
        section(cx, &mut rows, place, filter.text(), width);
    }
    if rows.is_empty() {
        rows.push(vec![span(cx.t("help-none"), Ink::Muted)]);
    }
    let area = dialog::frame(canvas, whole, WIDEST, rows.len() + 3, &cx.t("help-title"), false);
    if area.height < 4 {
        return None;
    }
    let here: &str = place.into();
    let where_ = cx.tr("help-where", &[("place", cx.t(&format!("place-{here}")).into())]);
    let x = canvas.words(area.x, area.y, area.right(), &cx.t("help-narrow"), Ink::Muted) + 2;
    let mut end = area.right();
    if usize::from(area.right().saturating_sub(x)) > text::width(&where_) + 12 {
        end = canvas.words_right(x, area.y, area.right(), &where_, Ink::Muted).saturating_sub(2);
    }
    let caret = field(canvas, x, area.y, end, filter);
    dialog::paint(canvas, area, area.y + 1, &hairline());
    let body = Area { y: area.y + 3, height: area.height - 3, ..area };
    dialog::scrolling(cx, canvas, body, &rows, top);
    Some((caret, area.y))
}

fn section(cx: &Cx<'_>, rows: &mut Vec<Row<Ink>>, place: Place, filter: &str, width: usize) {
    let wanted = fold::fold(filter);
    let keymap = &cx.state.options.keymap;
    let entries: Vec<_> = keymap
        .actions(place)
        .into_iter()
        .map(|action| {
            let name: &str = action.into();
            (keymap.chords(action, place).join("  "), cx.t(&format!("action-{name}")))
        })
        .filter(|(keys, words)| fold::fold(words).contains(&wanted) || fold::fold(keys).contains(&wanted))
        .collect();
    if entries.is_empty() {
        return;
    }
    if !rows.is_empty() {
        rows.push(Vec::new());
    }
    let name: &str = place.into();
    rows.push(vec![span(cx.t(&format!("place-{name}")), Ink::AccentStrong)]);
    let widest = |of: fn(&(String, String)) -> &str| entries.iter().map(|e| text::width(of(e))).max().unwrap_or(0);
    let keys = widest(|e| &e.0).min(KEYS) + 2;
    let column = (keys + widest(|e| &e.1)).min(width);
    let row = |(chords, words): &(String, String)| {
        vec![span(text::pad(chords, keys), Ink::Strong), span(text::pad(words, column - keys), Ink::Text)]
    };
    if 2 * column + GAP > width {
        rows.extend(entries.iter().map(row));
        return;
    }
    let half = entries.len().div_ceil(2);
    for i in 0..half {
        let mut line = row(&entries[i]);
        if let Some(entry) = entries.get(i + half) {
            line.push(span(" ".repeat(width / 2 - column.min(width / 2) + GAP / 2), Ink::Text));
            line.extend(row(entry));
        }
        rows.push(line);
    }
}

/// The keys that may follow an unfinished chord, above the status line, or at the top where the cursor would be covered.
/// Those of `D` come at once.
pub(super) fn chord(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area) {
    let pending = &cx.state.pending;
    let at_once = pending.keys.first().is_some_and(|key| key.code == Code::Char('D'));
    if pending.keys.is_empty() || !(at_once || is_late(cx.state, pending.since)) {
        return;
    }
    if let Some(action) = pending.letter {
        return super::bookmarks::hint(cx, canvas, whole, action);
    }
    let Resolved::Pending(next) = cx.state.options.keymap.resolve(&pending.keys, cx.state.place()) else { return };
    let words = |action: Action| cx.t(&format!("action-{}", <&str>::from(action)));
    let widest = next.iter().map(|(_, action)| text::width(&words(*action)) as u16).max().unwrap_or(0);
    let area = popup(cx, canvas, whole, widest, next.len());
    for (i, (key, action)) in next.iter().enumerate() {
        let y = area.y + 1 + i as u16;
        if y >= area.bottom() {
            break;
        }
        let deletes = is_deletion(*action);
        let ink = if deletes { Ink::HotStrong } else { Ink::AccentStrong };
        canvas.text(area.x + 3, y, area.right(), &key.to_string(), ink);
        canvas.words(
            area.x + 8,
            y,
            area.right() - 1,
            &text::fit(&words(*action), usize::from(area.width) - 9),
            Ink::Text,
        );
    }
}

/// The ground of a hint for so many rows of words: in the corner above the status line, or at the top where the cursor
/// would be covered; the keys typed so far at its head.
pub(super) fn popup(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, widest: u16, rows: usize) -> Area {
    // Keys, words, and two blank columns, so that nothing behind it seems to begin in the middle.
    let width = (widest + 11).max(46);
    // What is left beside it would be cut words.
    let width = if whole.width < width + 8 { whole.width } else { width };
    let foot = if cx.state.layout().status.is_some() { 2 } else { 0 };
    let height = (rows as u16 + 2).min(whole.height.saturating_sub(foot));
    let low = whole.height.saturating_sub(height + foot);
    let covers = eye::rows(cx).is_some_and(|rows| rows.end > low);
    let y = if covers { eye::top(cx).min(low) } else { low };
    let area = Area { x: whole.width - width, y, width, height };
    canvas.clear(area, super::theme::Ground::Pop);
    canvas.rule(area.x, area.y, area.right(), "─", Ink::Faint);
    let typed = crate::keymap::chord_text(&cx.state.pending.keys);
    canvas.text(area.x + 2, area.y, area.right(), &format!(" {typed} "), Ink::Strong);
    area
}

const fn is_deletion(action: Action) -> bool {
    matches!(action, Action::DeleteMessages | Action::DeleteBefore | Action::DeleteConversation)
}

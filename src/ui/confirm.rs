//! The question before anything is deleted: what, how many, which; who keeps and who loses it; the keys.

use super::Cx;
use super::dialog::{self, cells, field, hairline, key, span};
use super::paint::Canvas;
use crate::app::layer::{CONFIRM_MIN, Confirm};
use crate::app::list::shown_name;
use crate::app::rows::{Ink, kinds, when};
use crate::app::{Area, Names};
use crate::domain::{ChatType, DeletionPlan, Message, Peer, Scope};
use crate::i18n::Arg;
use crate::text::{
    self,
    wrap::{self, Row},
};

const WIDEST: u16 = 74;

/// Draws the dialog; the caret stands in the typed count.
pub(super) fn draw(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, confirm: &Confirm) -> Option<(u16, u16)> {
    let title = title(cx, confirm, dialog::inner_width(whole, WIDEST).saturating_sub(2));
    if !has_room((whole.width, whole.height)) {
        let width = dialog::inner_width(whole, WIDEST);
        let rows = wrap::wrap(&[span(cx.t("confirm-too-small"), Ink::Text)], width);
        let area = dialog::frame(canvas, whole, WIDEST, rows.len(), &title, true);
        dialog::scroll(canvas, area, &rows, 0);
        return None;
    }
    let width = dialog::inner_width(whole, WIDEST);
    let (head, middle, tail) = fitted(cx, confirm, width, usize::from(dialog::room(whole)));
    let rows: Vec<_> = head.into_iter().chain(middle).chain(tail).collect();
    let area = dialog::frame(canvas, whole, WIDEST, rows.len(), &title, true);
    dialog::scroll(canvas, area, &rows, 0);
    let n = confirm.must_type?;
    let row = rows.iter().position(|row| row.iter().any(|s| s.style == Ink::Chip))?;
    let x = usize::from(area.x) + text::width(&asks(cx, confirm, n)) + 3 + confirm.typed.len();
    let y = usize::from(area.y) + row;
    let seen = x < usize::from(area.right()) && y < usize::from(area.bottom());
    seen.then_some((x as u16, y as u16))
}

/// Whether the question can be shown, and so be answered.
pub(super) const fn has_room(size: (u16, u16)) -> bool {
    size.0 >= CONFIRM_MIN.0 && size.1 >= CONFIRM_MIN.1
}

type Rows = Vec<Row<Ink>>;

/// The three parts of the dialog within `room` rows. Account, peer, count, the warning and the keys always show; first
/// the list of messages gives way and scrolls, then blank rows go, then everything between scrolls.
fn fitted(cx: &Cx<'_>, confirm: &Confirm, width: usize, room: usize) -> (Rows, Rows, Rows) {
    let (mut head, mut more) = subject(cx, confirm, width, false);
    let (listed, follows, mut tail) =
        (listed(cx, confirm, width), follows(cx, confirm, width), tail(cx, confirm, width));
    let others = head.len() + more.len() + follows.len() + tail.len();
    if others + listed.len().min(4) <= room {
        more.extend(scrolled(listed, confirm.top, room - others));
        more.extend(follows);
        return (head, more, tail);
    }
    more.extend(listed);
    more.extend(follows);
    for rows in [&mut head, &mut more, &mut tail] {
        rows.retain(|row| !row.is_empty());
    }
    if head.len() + tail.len() >= room {
        // Long names never push the keys away: cut above, whole in what scrolls.
        let whole = std::mem::take(&mut head);
        more.splice(0..0, whole);
        head = subject(cx, confirm, width, true).0;
    }
    let kept = room.saturating_sub(head.len() + tail.len());
    (head, scrolled(more, confirm.top, kept), tail)
}

fn scrolled(rows: Rows, top: usize, kept: usize) -> Rows {
    let top = top.min(rows.len().saturating_sub(kept));
    rows.into_iter().skip(top).take(kept).collect()
}

/// Within `room` cells: of a long name, what there is room for.
fn title(cx: &Cx<'_>, confirm: &Confirm, room: usize) -> String {
    let count = amount(cx, confirm);
    match confirm.plans.as_slice() {
        [DeletionPlan { scope: Scope::Messages(ids), .. }] => cx.tr("confirm-messages", &[("n", ids.len().into())]),
        [DeletionPlan { scope: Scope::Before { .. }, .. }] => cx.tr("confirm-before", &[("count", count.into())]),
        [plan @ DeletionPlan { scope: Scope::Conversation { with_history }, .. }] => {
            let key = if *with_history { "confirm-conversation" } else { "confirm-hide" };
            let others = text::width(&cx.tr(key, &[("name", "".into())]));
            let name = shown_name(&plan.peer, &cx.state.names);
            cx.tr(key, &[("name", text::fit(&name, room.saturating_sub(others)).as_ref().into())])
        }
        plans => {
            let key = if confirm.hides() { "confirm-hide-many" } else { "confirm-many" };
            cx.tr(key, &[("n", plans.len().into())])
        }
    }
}

/// `3`, or `at least 1,284`.
fn amount(cx: &Cx<'_>, confirm: &Confirm) -> String {
    let n = when::thousands(confirm.count.messages);
    if confirm.count.at_least { cx.tr("at-least", &[("n", n.into())]) } else { n }
}

/// Name, and the id beside it: names can be made to look alike.
fn whom(peer: &Peer, names: &Names) -> Row<Ink> {
    let name = shown_name(peer, names);
    let mut out = vec![span(name.clone(), Ink::Strong)];
    if name != peer.id() {
        out.push(span(format!("  {}", peer.id()), Ink::Muted));
    }
    out
}

fn label_width(cx: &Cx<'_>) -> usize {
    let widest = [
        "on-administrators",
        "on-devices",
        "on-this-disk",
        "row-account",
        "row-conversations",
        "row-last-loaded",
        "row-peer",
    ]
    .map(|k| text::width(&cx.t(k)));
    widest.into_iter().max().unwrap_or(0) + 2
}

/// Account, peer and count; then what else is known of it.
/// In tight places each takes one row.
fn subject(cx: &Cx<'_>, confirm: &Confirm, width: usize, tight: bool) -> (Rows, Rows) {
    let labels = label_width(cx);
    let row = |key: &str, value: Row<Ink>| {
        let value = if tight { wrap::cut(&value, width.saturating_sub(labels)) } else { value };
        field(&cx.t(key), value, labels, width)
    };
    let (mut head, mut more) = (Rows::new(), Rows::new());
    if let Some(plan) = confirm.plans.first() {
        let place = cx.state.account().map_or_else(String::new, |a| text::label(&a.place).text);
        let account = vec![span(plan.owner.as_str(), Ink::Text), span(format!("  {place}"), Ink::Muted)];
        head.extend(row("row-account", account));
    }
    match confirm.plans.as_slice() {
        [plan] => {
            let words = whom(&plan.peer, &cx.state.names);
            // A name of its own making must not hide the id behind it.
            let parts = if tight { words.chunks(1).collect() } else { vec![&*words] };
            parts.into_iter().for_each(|part| head.extend(row("row-peer", part.to_vec())));
        }
        plans => {
            let names: Vec<_> = plans.iter().map(|p| shown_name(&p.peer, &cx.state.names)).collect();
            let names = text::fit(&names.join(" · "), 3 * width.saturating_sub(labels)).into_owned();
            head.extend(row("row-peers", vec![span(names, Ink::Text)]));
        }
    }
    if !confirm.hides() {
        head.extend(row("row-messages", counted(cx, confirm)));
        if let Some(Scope::Before { cutoff, newest }) = confirm.plans.first().map(|p| &p.scope) {
            let time = when::moment(*cutoff, cx.state.now.wall, &cx.state.options);
            let words = cx.tr("until", &[("time", time.into()), ("id", newest.to_string().into())]);
            more.extend(row("row-until", vec![span(words, Ink::Text)]));
        }
        if confirm.unread > 0 {
            more.extend(row(
                "row-unread",
                vec![span(cx.tr("unread-lost", &[("n", confirm.unread.into())]), Ink::Text)],
            ));
        }
        for (label, message) in ends(confirm) {
            more.extend(row(label, end_of(cx, message)));
        }
    } else if confirm.plans.len() > 1 {
        head.extend(row("row-conversations", vec![span(confirm.plans.len().to_string(), Ink::Strong)]));
    }
    more.push(Vec::new());
    (head, more)
}

/// The outermost messages that go, as far as they are known: of a count beyond what is loaded nobody has seen the first.
fn ends(confirm: &Confirm) -> Vec<(&'static str, &Message)> {
    let unseen = confirm.count.messages > confirm.messages.len() as u64;
    let before = matches!(confirm.plans.as_slice(), [DeletionPlan { scope: Scope::Before { .. }, .. }]);
    let first = if confirm.count.at_least { "row-first-loaded" } else { "row-first" };
    let last = if (unseen || confirm.count.at_least) && !before { "row-last-loaded" } else { "row-last" };
    let seen = confirm.messages.first().filter(|_| !unseen).or(confirm.oldest.as_ref());
    let first = seen.map(|m| (first, &**m));
    first.into_iter().chain(confirm.messages.last().map(|m| (last, &**m))).collect()
}

fn counted(cx: &Cx<'_>, confirm: &Confirm) -> Row<Ink> {
    let loaded = when::thousands(confirm.messages.len() as u64);
    let mut out = vec![span(amount(cx, confirm), Ink::Strong)];
    if confirm.count.at_least {
        out.push(span(format!("  {}", cx.tr("n-loaded", &[("n", loaded.into())])), Ink::Muted));
    }
    if confirm.counting.is_some() {
        out.push(span(format!("  {}", cx.t("counting")), Ink::Wait));
    }
    out
}

fn end_of(cx: &Cx<'_>, message: &Message) -> Row<Ink> {
    let time = when::moment(message.time, cx.state.now.wall, &cx.state.options);
    vec![span(time, Ink::Text), span(format!("  {}", cx.rows.name_of(&message.from)), Ink::Muted)]
}

/// The messages themselves, where they are few enough to have been picked.
fn listed(cx: &Cx<'_>, confirm: &Confirm, width: usize) -> Vec<Row<Ink>> {
    let picked = matches!(confirm.plans.as_slice(), [DeletionPlan { scope: Scope::Messages(_), .. }]);
    if !picked {
        return Vec::new();
    }
    let mut rows: Vec<_> = confirm.messages.iter().map(|m| message_row(cx, m, width)).collect();
    rows.push(Vec::new());
    rows
}

/// `14:02  user_1029  words`.
pub(super) fn message_row(cx: &Cx<'_>, message: &Message, width: usize) -> Row<Ink> {
    let time = when::moment(message.time, cx.state.now.wall, &cx.state.options);
    let mut row = vec![span(format!("{time}  "), Ink::Muted)];
    row.push(span(format!("{}  ", text::fit(&cx.rows.name_of(&message.from), 20)), Ink::Text));
    row.extend(kinds::summary(&cx.rows, message));
    wrap::cut(&row, width)
}

fn follows(cx: &Cx<'_>, confirm: &Confirm, width: usize) -> Vec<Row<Ink>> {
    let labels = label_width(cx);
    let mut rows = vec![hairline(), Vec::new()];
    let user = cx.state.me().to_owned();
    let mut add = |label: String, value: String| {
        rows.extend(field(&text::fit(&label, labels - 2), vec![span(value, Ink::Text)], labels, width));
    };
    if confirm.hides() {
        add(cx.t("on-server"), cx.t("hide-keeps"));
        add(cx.t("on-devices"), cx.tr("hide-devices", &[("user", user.into())]));
    } else {
        let (who, what) = keepers(cx, confirm);
        add(who, what);
        add(cx.t("on-devices"), cx.tr("devices-lose", &[("user", user.into()), ("n", plural(confirm))]));
        if cx.state.account().is_some_and(|account| account.keeps) {
            add(cx.t("on-this-disk"), cx.tr("archive-loses", &[("n", plural(confirm))]));
        }
        add(cx.t("on-administrators"), cx.t("archive-holds"));
    }
    rows.push(Vec::new());
    rows
}

/// The warning, what must be typed, the keys.
fn tail(cx: &Cx<'_>, confirm: &Confirm, width: usize) -> Rows {
    let mut rows = Rows::new();
    if !confirm.hides() {
        let words = cx.tr("confirm-hot", &[("n", plural(confirm))]);
        rows.extend(wrap::wrap(&[span(words, Ink::HotStrong)], width));
        rows.push(Vec::new());
    }
    if let Some(n) = confirm.must_type {
        rows.push(typed(cx, confirm, n));
        rows.push(Vec::new());
    }
    rows.extend(keys(cx, confirm, width));
    rows
}

/// One message or several, for the words about them.
fn plural(confirm: &Confirm) -> Arg<'static> {
    Arg::Number(if confirm.count.at_least { 2 } else { confirm.count.messages.min(2) as i64 })
}

fn keepers(cx: &Cx<'_>, confirm: &Confirm) -> (String, String) {
    match confirm.plans.as_slice() {
        [plan] => {
            let name = shown_name(&plan.peer, &cx.state.names);
            match plan.peer.chat_type {
                ChatType::Single if confirm.count.at_least => (name, cx.t("peer-keeps-all")),
                ChatType::Single => {
                    let count = when::thousands(confirm.count.messages);
                    (name, cx.tr("peer-keeps", &[("n", plural(confirm)), ("count", count.into())]))
                }
                ChatType::Group | ChatType::Room => (cx.t("on-members"), cx.t("members-keep")),
            }
        }
        _ => (cx.t("on-others"), cx.t("members-keep")),
    }
}

fn asks(cx: &Cx<'_>, confirm: &Confirm, n: u64) -> String {
    cx.tr(if confirm.hides() { "type-count-hide" } else { "type-count" }, &[("n", n.to_string().into())])
}

fn typed(cx: &Cx<'_>, confirm: &Confirm, n: u64) -> Row<Ink> {
    let shown = text::pad(&confirm.typed, n.to_string().len().max(4) + 1);
    let mut row = vec![span(format!("{}  ", asks(cx, confirm, n)), Ink::Text), span(format!(" {shown} "), Ink::Chip)];
    if confirm.mistyped {
        row.push(span(format!("  {}", cx.t("type-count-first")), Ink::Hot));
    }
    row
}

fn keys(cx: &Cx<'_>, confirm: &Confirm, width: usize) -> Vec<Row<Ink>> {
    let mut left = key("x", &cx.t(if confirm.hides() { "key-hide-now" } else { "key-delete-now" }));
    if confirm.can_count() {
        left.push(span("   ", Ink::Text));
        left.extend(key("#", &cx.t("key-count")));
    }
    let mut right = vec![span(" Enter ", Ink::Cap), span(" ", Ink::Text)];
    right.extend(key("Esc", &cx.t("key-keep")));
    let taken = cells(&left) + cells(&right);
    if taken + 2 > width {
        return vec![left, right];
    }
    left.push(span(" ".repeat(width - taken), Ink::Text));
    left.extend(right);
    vec![left]
}

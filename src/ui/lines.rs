//! Lines at the foot of the panes: what holds until it is over, what is marked, what goes away by itself.

use super::paint::Canvas;
use super::theme::Ground;
use super::{Cx, frame};
use crate::app::layout::Layout;
use crate::app::notice::Notice;
use crate::app::rows::{Ink, when};
use crate::app::{Area, History, Screen, SignIn};
use crate::domain::ServerTime;
use crate::report::Report;
use crate::text;

/// The notice that holds, with the key that tries again.
pub(super) fn notice(cx: &Cx<'_>, canvas: &mut Canvas<'_>, layout: &Layout) {
    let (Some(row), Some(notice)) = (layout.notice, cx.state.notice()) else { return };
    canvas.clear(row, Ground::TintWait);
    canvas.mark(row.x, row.y, "▌", Ink::Wait);
    let again_with = if cx.state.sign_in == Some(SignIn::Demo) { "R" } else { "s" };
    let (head, more, cap, key) = match notice {
        Notice::Offline(since, synced) => {
            let here = synced.map(|at| cx.tr("offline-here", &[("time", moment(cx, at).into())]));
            (cx.tr("offline-since", &[("time", moment(cx, since).into())]), here.unwrap_or_default(), "R", "key-try")
        }
        Notice::SignedOut(failure) => {
            let report = Report::new(failure, cx.state.who(), &cx.state.options.texts);
            (cx.t("sign-in-failed"), report.headline, again_with, "key-sign-in-again")
        }
        Notice::ListFailed(failure) => {
            let report = Report::new(failure, cx.state.who(), &cx.state.options.texts);
            (cx.t("list-failed"), report.headline, "R", "key-try")
        }
        Notice::Stale(failure) => {
            let report = Report::new(failure, cx.state.who(), &cx.state.options.texts);
            (cx.t("reread-failed"), report.headline, "R", "key-try")
        }
    };
    let end = row.right().saturating_sub(1);
    let start = if let Some(again) = frame::again(cx) {
        canvas.words_right(3, row.y, end, &again, Ink::Text)
    } else if cx.state.local().is_some() {
        end
    } else {
        let key = cx.t(key);
        let start = end.saturating_sub(text::width(&key) as u16 + 2).max(3);
        canvas.text(start, row.y, end, cap, Ink::Strong);
        canvas.words(start + 2, row.y, end, &key, Ink::Text);
        start
    };
    let end = start.saturating_sub(2);
    let x = canvas.words(3, row.y, end, &text::fit(&head, usize::from(end.saturating_sub(3))), Ink::WaitStrong) + 2;
    let room = usize::from(end.saturating_sub(x));
    // Half a sentence says nothing.
    if room >= text::width(&more).min(24) {
        canvas.words(x, row.y, end, &text::fit(&more, room), Ink::Text);
    }
}

fn moment(cx: &Cx<'_>, at: ServerTime) -> String {
    when::moment(at, cx.state.now.wall, &cx.state.options)
}

/// How many are marked, from when to when, whose, and the keys that end it.
pub(super) fn marks(cx: &Cx<'_>, canvas: &mut Canvas<'_>, layout: &Layout, history: &History) {
    let Some(area) = layout.marks else { return };
    let (y, mut end) = (area.bottom() - 1, area.right().saturating_sub(1));
    if area.height > 1 {
        canvas.rule(area.x, area.y, area.right(), "─", Ink::Line);
    }
    let ranging = history.range_from.is_some();
    let keys = [ranging.then_some(("v", "key-end-range")), Some(("Esc", "key-clear"))];
    for (key, words) in keys.into_iter().flatten().rev() {
        let words = cx.t(words);
        let start = end.saturating_sub((text::width(key) + 1 + text::width(&words)) as u16);
        canvas.text(start, y, end, key, Ink::Strong);
        canvas.words(start + key.len() as u16 + 1, y, end, &words, Ink::Muted);
        end = start.saturating_sub(3);
    }
    canvas.mark(area.x + 2, y, "✓", Ink::Accent);
    let count = cx.tr("marked", &[("n", when::thousands(history.marks.len() as u64).into())]);
    let mut x = canvas.words(area.x + 4, y, end, &count, Ink::AccentStrong);
    let mut separator = "  ";
    for fact in marked_facts(cx, history) {
        if usize::from(x) + text::width(separator) + text::width(&fact) > usize::from(end) {
            continue;
        }
        x = canvas.words(x, y, end, &format!("{separator}{fact}"), Ink::Muted);
        separator = " · ";
    }
}

fn marked_facts(cx: &Cx<'_>, history: &History) -> Vec<String> {
    let (Some(first), Some(last)) = (history.marks.first(), history.marks.last()) else { return Vec::new() };
    let [from, to] = [first.time, last.time].map(|at| moment(cx, at));
    let options = &cx.state.options;
    let one_day = when::day(first.time, options) == when::day(last.time, options);
    // The day is not said twice.
    let short = if one_day { to.rsplit(' ').next().unwrap_or(&to).to_owned() } else { to.clone() };
    let time = if from == to { from } else { cx.tr("from-to", &[("from", from.into()), ("to", short.into())]) };
    let mut senders = history.marks.iter().filter_map(|key| history.timeline.get(*key)).map(|e| &e.message.from);
    let Some(sender) = senders.next() else { return vec![time] };
    let whose = if senders.all(|other| other == sender) {
        cx.tr("all-from", &[("who", cx.rows.name_of(sender).into())])
    } else {
        cx.t("from-several")
    };
    vec![time, whose]
}

/// A line for a few seconds where there is no status line that shows it: before signing in, or with few rows.
pub(super) fn toast(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area) {
    let Some(toast) = &cx.state.toast else { return };
    let status = cx.state.layout().status;
    if status.is_some() && matches!(cx.state.screen, Screen::Main) {
        return;
    }
    let Some(y) = status.map_or_else(|| whole.bottom().checked_sub(1), |status| Some(status.y)) else { return };
    let row = Area { x: 0, y, width: whole.width, height: 1 };
    canvas.clear(row, Ground::Pop);
    canvas.mark(0, y, "▌", Ink::Accent);
    let end = whole.right().saturating_sub(1);
    let room = usize::from(end.saturating_sub(3));
    canvas.words(3, y, end, &text::fit(&toast.text, room), Ink::Text);
}

/// Facts up to the first that has no room; the first one in any case.
pub(super) fn that_fit(facts: Vec<String>, room: usize) -> String {
    let mut facts = facts.into_iter();
    let first = facts.next().unwrap_or_default();
    let joined =
        |words: &String, fact: String| Some(format!("{words} · {fact}")).filter(|all| text::width(all) <= room);
    facts.try_fold(first, |words, fact| joined(&words, fact).ok_or(words)).unwrap_or_else(|words| words)
}

//! Before anybody is signed in: the welcome screen and the sign-in form.

use super::dialog::span;
use super::frame::field;
use super::paint::Canvas;
use super::theme::Ground;
use super::{Cx, mark, notices};
use crate::app::rows::Ink;
use crate::app::{Area, Session, SignInScreen};
use crate::text::{
    self,
    wrap::{self, Row},
};

const WIDTH: u16 = 66;
/// Profiles the height of the screen is planned for; more of them scroll.
const PROFILES: usize = 6;

/// The choices: demo, sign in, then the profiles.
pub(super) fn welcome(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, selected: usize) {
    let profiles = &cx.state.options.profiles;
    let width = WIDTH.min(whole.width);
    let listed = if profiles.is_empty() { 0 } else { 2 + profiles.len().min(PROFILES) as u16 };
    let step = if whole.height < 16 { 2 } else { 3 };
    let height = 4 + 2 * step + listed;
    let drawn = !canvas.ascii && whole.height >= height + mark::SIZE.1 + 5 && whole.width >= mark::SIZE.0 + 2;
    let above = if drawn { mark::SIZE.1 + 2 } else { 0 };
    let (x, mut y) = ((whole.width - width) / 2, whole.height.saturating_sub(height + above + 2) / 3);
    let right = x + width;
    let middle = |words: &str| x + width.saturating_sub(text::width(words) as u16) / 2;
    if drawn {
        mark::draw(canvas, (whole.width - mark::SIZE.0) / 2, y);
        y += above;
    }
    let (name, lead) = (cx.t("welcome-name"), cx.t("welcome-lead"));
    canvas.text(middle(&name), y, right, &name, Ink::Strong);
    for row in wrap::wrap(&[span(lead, Ink::Muted)], usize::from(width.saturating_sub(2))) {
        y += 1;
        let taken = row.iter().map(|s| text::width(&s.text) as u16).sum::<u16>();
        canvas.spans(x + width.saturating_sub(taken) / 2, y, right, &row);
    }
    y += 3;
    for (i, (cap, what)) in [("d", "demo"), ("s", "sign-in")].into_iter().enumerate() {
        let row = Area { x, y, width, height: 2.min(whole.height.saturating_sub(y)) };
        choose(canvas, row, i == selected, |canvas| {
            canvas.text(x + 3, y, right, cap, Ink::AccentStrong);
            canvas.words(x + 7, y, right, &cx.t(&format!("welcome-{what}")), Ink::Strong);
            canvas.words(x + 7, y + 1, right, &cx.t(&format!("welcome-{what}-why")), Ink::Muted);
        });
        y += step;
    }
    profile_rows(cx, canvas, whole, Area { x, y, width, height: 0 }, selected);
    foot(cx, canvas, whole, &[("j k", "key-move"), ("Enter", "key-choose"), ("q", "key-leave")]);
}

/// The kept profiles, from `at` down; those that have no room scroll with the selection.
fn profile_rows(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, at: Area, selected: usize) {
    let profiles = &cx.state.options.profiles;
    let room = usize::from(whole.height.saturating_sub(at.y + 4)).min(profiles.len());
    if room == 0 {
        return;
    }
    let (x, right, mut y) = (at.x, at.right(), at.y + 2);
    canvas.rule(x, at.y, right, "─", Ink::Line);
    canvas.words(x + 3, at.y + 1, right, &cx.t("welcome-profiles"), Ink::Faint);
    let top = (selected.saturating_sub(1)).saturating_sub(room);
    for (i, profile) in profiles.iter().enumerate().skip(top).take(room) {
        choose(canvas, Area { y, height: 1, ..at }, i + 2 == selected, |canvas| {
            if i < 9 {
                canvas.text(x + 3, y, right, &(i + 1).to_string(), Ink::AccentStrong);
            }
            let name = text::label(&profile.name).text;
            canvas.text(x + 7, y, right, &text::fit(&name, usize::from(at.width.saturating_sub(8))), Ink::Text);
        });
        y += 1;
    }
}

fn choose(canvas: &mut Canvas<'_>, row: Area, selected: bool, draw: impl FnOnce(&mut Canvas<'_>)) {
    if selected {
        canvas.ground(row, Ground::Raised);
    }
    draw(canvas);
    if selected {
        canvas.cursor_over(row);
        for y in row.y..row.bottom() {
            canvas.mark(row.x, y, "▌", Ink::Accent);
        }
    }
}

/// The form; the caret stands in the focused field.
pub(super) fn sign_in(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, form: &SignInScreen) -> Option<(u16, u16)> {
    let width = WIDTH.min(whole.width);
    let airy = whole.height >= 16;
    let (x, mut y) = ((whole.width - width) / 2, whole.height.saturating_sub(12) / 3);
    let right = (x + width).saturating_sub(1);
    canvas.words(x + 3, y, right, &cx.t("sign-in-title"), Ink::Strong);
    y += 2;
    let labels = ["sign-in-address", "sign-in-app-key", "sign-in-user", "sign-in-password"].map(|key| cx.t(key));
    let start = x + 5 + labels.iter().map(|l| text::width(l)).max().unwrap_or(0) as u16;
    let mut caret = None;
    for (i, (label, input)) in labels.iter().zip(&form.fields).enumerate() {
        let focused = i == form.focus;
        let row = Area { x, y, width, height: 1 };
        if focused {
            canvas.ground(row, Ground::Rest);
            canvas.mark(x, y, "▌", Ink::Accent);
        }
        canvas.words(x + 3, y, right, label, if focused { Ink::Strong } else { Ink::Muted });
        if input.text().is_empty() && !focused {
            canvas.words(start, y, right, &cx.t("sign-in-empty"), Ink::Faint);
        }
        let at = field(canvas, start, y, right, input);
        if focused && y < whole.height {
            caret = Some((at, y));
        }
        y += if airy { 2 } else { 1 };
    }
    let room = whole.height.saturating_sub(y + 1);
    for (row, words) in below(cx, form, usize::from(width.saturating_sub(4))).iter().take(usize::from(room)).enumerate()
    {
        canvas.spans(x + 3, y + row as u16, right, words);
    }
    let enter = if form.focus + 1 < form.fields.len() { "key-enter-next" } else { "key-sign-in" };
    foot(cx, canvas, whole, &[("Enter", enter), ("S-Tab", "key-previous-field"), ("Esc", "key-back")]);
    caret
}

/// Below the fields: what must be corrected, or what came of the last try and what to do.
fn below(cx: &Cx<'_>, form: &SignInScreen, width: usize) -> Vec<Row<Ink>> {
    let line = |words: String, ink| wrap::wrap(&[span(words, ink)], width);
    let refused = match (&cx.state.session, &cx.state.lost) {
        (Session::Refused(failure), _) | (_, Some(failure)) => Some(failure),
        _ => None,
    };
    match (form.problem, &cx.state.session, refused) {
        (Some(problem), ..) => line(cx.t(problem), Ink::Hot),
        (None, Session::SigningIn(..), _) => line(cx.t("signing-in"), Ink::Muted),
        (None, _, Some(failure)) => {
            let mut rows = line(notices::report(cx, failure).headline, Ink::HotStrong);
            rows.extend(notices::cause(cx, failure, None, width));
            rows
        }
        (None, _, None) => line(cx.t("sign-in-hint"), Ink::Muted),
    }
}

fn foot(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, keys: &[(&str, &str)]) {
    let Some(y) = whole.bottom().checked_sub(1) else { return };
    let mut x = 1;
    canvas.words_right(1, y, whole.right().saturating_sub(1), env!("CARGO_PKG_VERSION"), Ink::Faint);
    for (key, words) in keys {
        x = canvas.text(x, y, whole.right(), key, Ink::Strong) + 1;
        x = canvas.text(x, y, whole.right(), &cx.t(words), Ink::Muted) + 3;
    }
}

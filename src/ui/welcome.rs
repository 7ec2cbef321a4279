//! Before anybody is signed in: the welcome screen and the sign-in form.

use super::Cx;
use super::frame::field;
use super::paint::Canvas;
use super::theme::Ground;
use crate::app::rows::{Ink, edges};
use crate::app::{Area, Session, SignInScreen};
use crate::text;

const WIDTH: u16 = 66;

/// The choices: demo, sign in, then the profiles.
pub(super) fn welcome(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, selected: usize) {
    let profiles = &cx.state.options.profiles;
    let (width, low) = (WIDTH.min(whole.width), whole.height < 16);
    let step = if low { 2 } else { 3 };
    let height = 4 + 2 * step + if profiles.is_empty() { 0 } else { 2 + profiles.len() as u16 };
    let (x, mut y) = ((whole.width - width) / 2, whole.height.saturating_sub(height + 2) / 3);
    let right = x + width;
    let middle = |words: &str| x + width.saturating_sub(text::width(words) as u16) / 2;
    let (name, lead) = (cx.t("welcome-name"), cx.t("welcome-lead"));
    canvas.text(middle(&name), y, right, &name, Ink::AccentStrong);
    canvas.words(middle(&lead), y + 1, right, &lead, Ink::Muted);
    y += 4;
    for (i, (cap, what)) in [("d", "demo"), ("s", "sign-in")].into_iter().enumerate() {
        let row = Area { x, y, width, height: 2.min(whole.height.saturating_sub(y)) };
        choose(canvas, row, i == selected, |canvas| {
            canvas.text(x + 3, y, right, cap, Ink::AccentStrong);
            canvas.words(x + 7, y, right, &cx.t(&format!("welcome-{what}")), Ink::Strong);
            canvas.words(x + 7, y + 1, right, &cx.t(&format!("welcome-{what}-why")), Ink::Muted);
        });
        y += step;
    }
    if !profiles.is_empty() {
        canvas.rule(x, y, right, "─", Ink::Line);
        canvas.words(x + 3, y + 1, right, &cx.t("welcome-profiles"), Ink::Faint);
        y += 2;
    }
    for (i, profile) in profiles.iter().enumerate() {
        if y + 2 >= whole.height {
            break;
        }
        choose(canvas, Area { x, y, width, height: 1 }, i + 2 == selected, |canvas| {
            canvas.text(x + 7, y, right, &text::fit(&text::label(profile).text, usize::from(width - 8)), Ink::Text);
        });
        y += 1;
    }
    foot(cx, canvas, whole, &[("j k", "key-move"), ("Enter", "key-choose"), ("q", "key-leave")]);
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
    let (words, ink) = match (form.problem, &cx.state.session) {
        (Some(problem), _) => (cx.t(problem), Ink::Hot),
        (None, Session::SigningIn(..)) => (cx.t("signing-in"), Ink::Muted),
        (None, Session::Refused(failure)) => (edges::reason(failure), Ink::Hot),
        (None, Session::Out | Session::In(_)) => (cx.t("sign-in-hint"), Ink::Muted),
    };
    canvas.words(x + 3, y, right, &text::fit(&words, usize::from(width.saturating_sub(4))), ink);
    foot(cx, canvas, whole, &[("Tab", "key-next-field"), ("Enter", "key-sign-in"), ("Esc", "key-back")]);
    caret
}

fn foot(cx: &Cx<'_>, canvas: &mut Canvas<'_>, whole: Area, keys: &[(&str, &str)]) {
    let Some(y) = whole.bottom().checked_sub(1) else { return };
    let mut x = 1;
    for (key, words) in keys {
        x = canvas.text(x, y, whole.right(), key, Ink::Strong) + 1;
        x = canvas.text(x, y, whole.right(), &cx.t(words), Ink::Muted) + 3;
    }
}

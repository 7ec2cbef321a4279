//! A person who presses anything, on a server that answers anything, in a window of any size: the state can always be
//! drawn, and nothing is deleted that was not asked for by a dialog.

use std::collections::HashMap;

use manyou::app::msg::{Answer, Effect, Msg};
use manyou::app::{Session, State};
use manyou::cells::{Colors, Palette, Surface};
use manyou::domain::{Chunk, ChunkOutcome, DeletionReport, Failure, FailureKind, HistoryPage, HistoryQuery, Message};
use manyou::keymap::{Code, Key, parse_chord};
use manyou::ui::{LayoutCache, ahead, draw};

use crate::driver::{Driver, conversation, message, page_of, peer};
use crate::rng::Rng;

const CHORDS: &[&str] = &[
    "j",
    "k",
    "C-d",
    "C-u",
    "PageUp",
    "PageDown",
    "g g",
    "G",
    "C-e",
    "C-y",
    "{",
    "}",
    "Space",
    "v",
    "*",
    "Esc",
    "Enter",
    "R",
    "h",
    "l",
    "w",
    "n",
    "N",
    "]",
    "[",
    "i",
    "?",
    "/",
    "\\",
    "o",
    "T",
    "+",
    "_",
    ", w",
    ", u",
    ", ,",
    "D m",
    "D b",
    "D h",
    "D c",
    "x",
    "y y",
    "y i",
    "y l",
    "Tab",
    "S-Tab",
    "Backspace",
    "C-l",
];
const STEPS: usize = 150;

pub(crate) fn round(rng: &mut Rng) {
    let mut driver = Driver::signed_in("agent", rng.one_in(3));
    driver.answer_list(vec![conversation("alice", 300, 0), conversation("bob", 3, 1)]);
    let (mut cache, mut shown) = (LayoutCache::default(), blank(&driver.state));
    driver.press("Enter");
    for _ in 0..STEPS {
        step(rng, &mut driver);
        if rng.one_in(8) {
            draws(&driver.state, &mut cache, &mut shown);
        }
    }
}

fn step(rng: &mut Rng, driver: &mut Driver) {
    match rng.below(12) {
        0..6 => drop(driver.press(rng.pick::<&str>(CHORDS))),
        6 => driver.msg(Msg::Key(key(rng))),
        7 => driver.msg(Msg::Paste(rng.text(30))),
        8 => driver.msg(Msg::Resized(rng.below(260) as u16, rng.below(90) as u16)),
        9 => {
            driver.pass(rng.below(20_000) as u64);
            driver.msg(Msg::Tick);
        }
        _ => answer(rng, driver),
    }
}

fn key(rng: &mut Rng) -> Key {
    let typed = rng.text(1).chars().next().unwrap_or('1');
    let named = parse_chord(rng.pick::<&str>(CHORDS)).ok().and_then(|keys| keys.first().copied());
    let plain = if rng.one_in(2) { Key::plain(Code::Char(typed)) } else { named.unwrap_or(Key::char('2')) };
    Key { ctrl: rng.one_in(6), alt: rng.one_in(9), ..plain }
}

fn answer(rng: &mut Rng, driver: &mut Driver) {
    let Some(effect) = driver.effects.pop_front() else { return };
    if let Some(msg) = said(rng, effect, &driver.state) {
        driver.msg(msg);
    }
}

fn said(rng: &mut Rng, effect: Effect, state: &State) -> Option<Msg> {
    let failed = rng.one_in(5);
    let kinds = [FailureKind::Timeout, FailureKind::TokenExpired, FailureKind::RateLimited, FailureKind::BadAnswer];
    let failure = Failure::local(*rng.pick(&kinds), rng.text(30));
    match effect {
        Effect::LoadPage(id, _) | Effect::LoadList(id) | Effect::LoadNames(id, _) | Effect::Count(id, _) if failed => {
            Some(Msg::Failed(id, failure))
        }
        Effect::LoadPage(id, query) => {
            let is_kept = rng.one_in(2);
            let size = query.size.get().max(if is_kept { query.kept } else { 0 });
            let page = HistoryPage { is_kept, ..page_of(&history(rng, &query), &query, size) };
            Some(Msg::Done(id, Answer::Page(page)))
        }
        Effect::OpenLocal(id, _) => Some(Msg::Done(id, Answer::Local(None))),
        Effect::LoadNames(id, _) => Some(Msg::Done(id, Answer::Names(HashMap::default(), HashMap::default()))),
        Effect::Count(id, _) => {
            Some(Msg::Done(id, Answer::Counted { count: rng.next() >> 40, exact: rng.one_in(2), oldest: None }))
        }
        Effect::Delete(id, plan) => {
            let may = matches!(&state.session, Session::In(account) if !account.read_only);
            assert!(may, "a session that may only read deletes");
            let ids = Vec::new();
            let outcome = if failed { ChunkOutcome::Unknown(failure) } else { ChunkOutcome::Done };
            let chunks = vec![Chunk { ids, outcome }];
            Some(Msg::Done(id, Answer::Deleted(DeletionReport { plan, chunks, kept: None })))
        }
        Effect::Copy(_) => Some(Msg::Copied(failed)),
        _ => None,
    }
}

/// What the server has, with odd texts and some messages gone.
fn history(rng: &mut Rng, query: &HistoryQuery) -> Vec<Message> {
    let count = if query.peer == peer("alice") { 300 } else { 3 };
    let gone = rng.below(7) as i64;
    let mut all: Vec<Message> = (1..=count).filter(|n| n % 7 != gone).map(|n| message(&query.peer, n)).collect();
    for message in all.iter_mut().step_by(5) {
        let text = rng.text(120);
        message.raw = text.clone().into();
        message.body = manyou::domain::Body::Text { text, stream: None };
    }
    all
}

fn blank(state: &State) -> Surface {
    Surface::new(state.size.0, state.size.1, Palette { colors: Colors::True, utf8: true })
}

/// What was kept of earlier pictures shows in none.
fn draws(state: &State, cache: &mut LayoutCache, shown: &mut Surface) {
    shown.resize(state.size.0, state.size.1);
    let caret = draw(state, cache, shown);
    let (mut anew, mut cold) = (blank(state), state.clone());
    if let Some(history) = cold.history.as_mut() {
        (history.placement, history.heights) = Default::default();
    }
    assert_eq!(caret, draw(&cold, &mut LayoutCache::default(), &mut anew), "the caret");
    for (x, y) in (0..state.size.1).flat_map(|y| (0..state.size.0).map(move |x| (x, y))) {
        let [kept, new] = [&*shown, &anew].map(|surface| (surface.symbol(x, y), surface.style(x, y)));
        assert_eq!(kept, new, "column {x} of row {y}");
    }
    ahead(state, cache, shown);
}

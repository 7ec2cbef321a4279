//! The hints after `b` and `'`.

use manyou::action::Action;
use manyou::app::State;
use manyou::app::bookmarks::Place;
use manyou::app::timeline::RowKey;
use manyou::app::viewport::Anchor;
use manyou::domain::*;
use manyou::i18n::Lang;
use manyou::keymap::parse_chord;

use super::snapshots::check;
use super::{build, drawn, words};

/// Bookmarks with these letters, in turn in three conversations, each a day older than the one before.
pub(crate) fn set(state: &mut State, letters: &str) {
    let peers = ["user_1029", "lina88", "group:vip-07"];
    for (n, c) in letters.chars().enumerate() {
        let time = build::ago(20 + n as i64 * 24 * 60);
        let peer = peers[n % peers.len()].parse().expect("a peer");
        let letter = Letter::new(c).expect("a letter");
        drop(state.bookmarks.set(Bookmark { letter, peer, id: MessageId::at(time), time }));
    }
}

/// The keys are typed, and the hint is due.
pub(crate) fn pending(state: &mut State, keys: &str, action: Action) {
    state.pending.keys = parse_chord(keys).expect("a chord");
    state.pending.letter = Some(action);
}

#[test]
fn what_follows_b_and_the_quote() {
    check("bookmark_set", |lang, size| {
        let mut state = build::main(lang, size);
        set(&mut state, "ackz");
        pending(&mut state, "b", Action::SetBookmark);
        state
    });
    check("bookmark_go", |lang, size| {
        let mut state = build::main(lang, size);
        set(&mut state, "ackz");
        let time = build::ago(26 * 60);
        let key = RowKey { time, id: MessageId::at(time), nth: 0 };
        let peer = "lina88".parse().expect("a peer");
        state.bookmarks.back = Some(Place { peer, key, anchor: Anchor::Newest });
        pending(&mut state, "'", Action::GoToBookmark);
        state
    });
}

#[test]
fn more_letters_than_rows_are_counted_and_none_is_said() {
    let mut state = build::main(Lang::En, (80, 24));
    pending(&mut state, "'", Action::GoToBookmark);
    assert!(words(&drawn(&state)).contains("no bookmark is set"));
    set(&mut state, "abcdefghijklmnopqrstuvwxyz");
    let screen = words(&drawn(&state));
    assert!(screen.contains("   t   ") && !screen.contains("   u   ") && screen.contains("6 more"), "{screen}");
    // What is not late is not said.
    state.pending.since = state.now.elapsed;
    assert!(!words(&drawn(&state)).contains("6 more"));
}

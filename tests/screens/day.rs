//! The day in the head of a history.

use manyou::app::history::Item;
use manyou::app::viewport::Anchor;
use manyou::app::{Focus, State, TimeFormat};
use manyou::i18n::Lang;

use super::snapshots::check;
use super::{build, drawn, words};

/// A long day with `peer`, three days ago, scrolled to its end.
fn long_day(lang: Lang, size: (u16, u16), peer: &str, days_ago: i64) -> State {
    let mut state = build::main(lang, size);
    let at = |n: u64| build::ago(days_ago * 24 * 60 + 90 - n as i64);
    let said = (0..90).map(|n| build::message(n + 1, peer, at(n), build::text(&format!("words {n}")))).collect();
    build::open(&mut state, peer, said);
    state
}

#[test]
fn the_head_says_the_day_that_no_rule_says() {
    check("day_in_head", |lang, size| long_day(lang, size, "user_1029", 3));
    check("day_in_head_group", |lang, size| long_day(lang, size, "group:vip-07", 3));
}

/// The head of the history pane.
fn head(state: &State) -> String {
    let pane = state.layout().history.expect("a history");
    let row = words(&drawn(state)).lines().nth(usize::from(pane.y)).unwrap_or_default().to_owned();
    row.chars().skip(usize::from(pane.x)).collect()
}

#[test]
fn the_day_stands_there_only_while_its_rule_does_not() {
    let mut state = long_day(Lang::En, (120, 40), "user_0031", 3);
    assert!(head(&state).contains("Tue 30 Apr  90 of 90"), "{}", head(&state));
    let first = state.history.as_ref().and_then(|h| h.timeline.entries().next()).expect("a row").key;
    let mut at = |screen: i32| {
        let history = state.history.as_mut().expect("open");
        history.anchor = Anchor::At { item: Item::Row(first), screen };
        head(&state)
    };
    assert!(!at(0).contains("Apr"), "its rule is the first line");
    assert!(at(-1).contains("Tue 30 Apr"), "its rule has just left");
    for (format, days_ago, day) in
        [(TimeFormat::Local, 0, "Today"), (TimeFormat::Relative, 1, "Yesterday"), (TimeFormat::Utc, 130, "2023-12-25")]
    {
        let mut state = long_day(Lang::En, (120, 40), "user_0031", days_ago);
        state.options.time = format;
        assert!(head(&state).contains(&format!("{day}  90")), "{}", head(&state));
    }
    let mut state = long_day(Lang::En, (120, 40), "user_0031", 3);
    state.focus = Focus::List;
    assert!(head(&state).contains("Tue 30 Apr"));
}

#[test]
fn with_two_panes_the_facts_give_way_and_with_one_the_day_does() {
    let mut state = long_day(Lang::En, (80, 24), "group:vip-07", 3);
    *state.history.as_mut().expect("open").filter = manyou::app::filter::Filter::parse("words type:txt");
    assert!(
        head(&state).contains("30 Apr  90 of 90") && head(&state).contains("VIP-07 vip-07  group"),
        "{}",
        head(&state)
    );
    let mut state = long_day(Lang::En, (50, 24), "group:vip-07", 3);
    *state.history.as_mut().expect("open").filter = manyou::app::filter::Filter::parse("words type:txt");
    let narrow = head(&state);
    assert!(!narrow.contains("Apr") && narrow.contains("group · 41 members"), "{narrow}");
}

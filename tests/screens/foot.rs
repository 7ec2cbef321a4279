//! The footer names the keys that help here; the head of a history counts no more than there is.

use manyou::app::filter::Filter;
use manyou::app::timeline::Edge;
use manyou::app::{Focus, History};
use manyou::i18n::Lang;

use super::{build, drawn, words};

fn footer(screen: &str) -> &str {
    screen.lines().next_back().unwrap_or_default()
}

#[test]
fn a_filter_that_matches_nothing_is_left_with_esc() {
    let mut state = build::main(Lang::En, (80, 24));
    state.focus = Focus::History;
    if let Some(history) = state.history.as_mut() {
        *history.filter = Filter::parse("no such words");
        history.heal();
    }
    let screen = words(&drawn(&state));
    assert!(footer(&screen).starts_with(" Esc show all"), "{screen}");
}

#[test]
fn deleting_is_named_in_the_list_at_80_columns() {
    let mut state = build::main(Lang::En, (80, 24));
    state.focus = Focus::List;
    let screen = words(&drawn(&state));
    assert!(footer(&screen).contains("D delete"), "{screen}");
}

#[test]
fn an_empty_conversation_has_0_messages() {
    let mut state = build::main(Lang::En, (80, 24));
    let mut history = History::new("user_0555".parse().expect("a peer"), 0);
    history.timeline.segments[0].older = Edge::Reached;
    state.history = Some(history);
    let screen = words(&drawn(&state));
    assert!(!screen.contains("0+") && !screen.contains("0 of"), "{screen}");
}

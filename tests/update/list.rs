//! The conversation list.

use manyou::app::Focus;
use manyou::app::list::Sort;
use manyou::app::msg::Effect;

use crate::driver::{Driver, conversation, message, peer};

fn three() -> Driver {
    Driver::with_list(vec![conversation("alice", 11, 3), conversation("bob", 12, 0), conversation("group:7", 13, 1)])
}

fn shown(driver: &Driver) -> Vec<String> {
    driver.state.list.shown.iter().map(ToString::to_string).collect()
}

#[test]
fn newest_stands_first_and_pinned_before_it() {
    let mut driver = three();
    assert_eq!(shown(&driver), ["group:7", "bob", "alice"]);
    driver.press("R");
    let mut pinned = conversation("alice", 11, 3);
    pinned.pinned = true;
    driver.answer_list(vec![pinned, conversation("bob", 12, 0)]);
    assert_eq!(shown(&driver), ["alice", "bob"]);
}

#[test]
fn the_selection_stays_on_its_conversation_while_rows_move() {
    let mut driver = three();
    driver.press("j");
    assert_eq!(driver.state.list.selected, Some(peer("bob")));
    driver.press("R");
    driver.answer_list(vec![conversation("bob", 12, 0), conversation("alice", 99, 4)]);
    assert_eq!(driver.state.list.selected, Some(peer("bob")));
    driver.press("k");
    assert_eq!(driver.state.list.selected, Some(peer("alice")));
}

#[test]
fn those_who_wait_longest_come_first_and_a_group_never_waits() {
    let mut driver = three();
    driver.press(", w");
    assert_eq!(driver.state.list.sort, Sort::Waiting);
    // alice spoke last (11), bob was answered (12), the group does not count.
    assert_eq!(shown(&driver)[0], "alice");
    let wait = driver.state.list.wait(&peer("alice"), "agent").expect("alice waits");
    assert!(wait.at_least);
    assert_eq!(driver.state.list.wait(&peer("bob"), "agent"), None);
    assert_eq!(driver.state.list.wait(&peer("group:7"), "agent"), None);

    let driver = Driver::with_list(vec![conversation("order-bot", 11, 0)]);
    assert_eq!(driver.state.list.wait(&peer("order-bot"), "agent"), None, "a bot does not wait");
}

#[test]
fn an_opened_history_says_exactly_since_when_somebody_waits() {
    let mut driver = Driver::with_list(vec![conversation("alice", 13, 2)]);
    driver.press("Enter");
    driver.serve(&peer("alice"), [1, 2, 11, 13]);
    let wait = driver.state.list.wait(&peer("alice"), "agent").expect("alice waits");
    assert_eq!((wait.since, wait.at_least), (message(&peer("alice"), 11).time, false));
}

#[test]
fn a_filter_acts_as_it_is_typed_and_esc_takes_it_back() {
    let mut driver = three();
    driver.press("\\ b o");
    assert_eq!(shown(&driver), ["bob"]);
    driver.press("Enter");
    assert_eq!(shown(&driver), ["bob"]);
    driver.press("Esc");
    assert_eq!(shown(&driver).len(), 3);
}

#[test]
fn the_next_one_that_needs_attention_is_one_key_away() {
    let mut driver = three();
    driver.press("]");
    assert_eq!(driver.state.list.selected, Some(peer("alice")));
    driver.press("[");
    assert_eq!(driver.state.list.selected, Some(peer("group:7")));
}

#[test]
fn any_peer_can_be_opened_by_id() {
    let mut driver = three();
    driver.press("o r o o m : 9 Enter");
    assert_eq!(driver.state.focus, Focus::History);
    assert_eq!(driver.state.history.as_ref().map(|h| h.peer.clone()), Some(peer("room:9")));
    assert!(driver.state.toast.is_none());
    driver.press("o A l Enter");
    assert!(driver.state.toast.is_some(), "capitals are sent as typed, and said");
    driver.press("o r o o m : 9 Enter Tab o . . Enter");
    assert!(driver.state.layers.len() == 1, "the refused id is still there to be mended");
    assert_eq!(driver.state.history.as_ref().map(|h| h.peer.clone()), Some(peer("room:9")));
}

#[test]
fn the_list_is_asked_for_once_however_often_r_is_pressed() {
    let mut driver = three();
    driver.press("R R R");
    let asked = driver.effects.iter().filter(|e| matches!(e, Effect::LoadList(_))).count();
    assert_eq!(asked, 1);
}

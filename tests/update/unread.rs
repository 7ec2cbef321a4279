//! The first unread message by `g u`.

use manyou::app::msg::{Answer, Effect, Kept, Msg};
use manyou::domain::{Body, Failure, FailureKind, HistoryPage, Message, MessageId, PageEnd};
use manyou::keymap::{Code, Key};

use crate::driver::{Driver, conversation, message, page, peer};

/// A history of `count` messages with so many unread, as far as it is loaded when it opens.
fn opened(count: i64, unread: u64) -> Driver {
    let mut driver = Driver::with_list(vec![conversation("alice", count, unread)]);
    driver.press("Enter");
    answer(&mut driver, count);
    driver
}

/// Answers one page.
fn answer(driver: &mut Driver, count: i64) -> bool {
    answer_from(driver, &said(count))
}

fn answer_from(driver: &mut Driver, all: &[Message]) -> bool {
    let Some((id, query)) = driver.page_request() else { return false };
    driver.msg(Msg::Done(id, Answer::Page(page(all, &query))));
    true
}

fn said(count: i64) -> Vec<Message> {
    (1..=count).map(|n| message(&peer("alice"), n)).collect()
}

fn toast(driver: &Driver) -> &str {
    driver.state.toast.as_ref().map_or("", |toast| &toast.text)
}

fn walks(driver: &Driver) -> bool {
    driver.state.history.as_ref().is_some_and(|history| history.walks.is_some())
}

#[test]
fn only_what_others_wrote_counts_and_what_is_loaded_is_enough() {
    let mut driver = opened(101, 3);
    driver.press("g u");
    assert_eq!((driver.cursor(), toast(&driver)), (Some(97), ""), "every other message is the agent's");
    let damaged = Body::Damaged { reason: String::new() };
    let recalled = Body::Recalled { target: MessageId(0) };
    let command = Body::Command { action: "typing".to_owned(), params: Vec::new() };
    let mut all: Vec<Message> = (1..=30).map(|n| message(&peer("alice"), n)).collect();
    (all[28].body, all[26].body, all[24].body) = (damaged, recalled, command);
    let mut driver = Driver::with_list(vec![conversation("alice", 30, 2)]);
    driver.press("Enter");
    let (id, query) = driver.page_request().expect("a page");
    driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
    driver.press("g u");
    assert_eq!(driver.cursor(), Some(21), "29, 27 and 25 are nobody's words");
}

#[test]
fn it_pages_on_until_it_is_there_and_a_jump_leads_back() {
    let mut driver = opened(3_000, 400);
    let all = said(3_000);
    driver.press("g u");
    let mut pages = 0;
    while walks(&driver) {
        pages += 1;
        assert!(answer_from(&mut driver, &all) && pages < 40, "it gets there");
    }
    assert_eq!((driver.cursor(), toast(&driver)), (Some(2_201), ""));
    assert_eq!(driver.loaded().last(), Some(&3_000), "what is newer stays");
    driver.press("' '");
    assert_eq!(driver.cursor(), Some(3_000));
    driver.press("' '");
    assert_eq!(driver.cursor(), Some(2_201));
}

#[test]
fn esc_ends_the_walk_and_any_other_key_does_and_they_say_where_it_began() {
    for key in ["Esc", "j"] {
        let mut driver = opened(3_000, 900);
        driver.press("g u");
        answer(&mut driver, 3_000);
        assert!(walks(&driver));
        if key == "Esc" {
            // However soon it comes.
            driver.state.loading_since = Some(driver.state.now.elapsed);
            driver.msg(Msg::Key(Key::plain(Code::Esc)));
        } else {
            driver.press(key);
        }
        let at = driver.cursor();
        assert!(!walks(&driver) && at < Some(2_960));
        assert_eq!(driver.state.focus, manyou::app::Focus::History, "{key}");
        if key == "Esc" {
            assert!(driver.effects.iter().any(|e| matches!(e, Effect::Cancel(_))), "nothing more is asked for");
        }
        driver.serve(&peer("alice"), 1..=3_000);
        assert_eq!(driver.cursor(), at);
        driver.press("' '");
        assert_eq!(driver.cursor(), Some(3_000), "{key}");
    }
}

#[test]
fn it_says_where_nothing_is_unread_and_where_the_history_ends_before_it() {
    let mut driver = opened(60, 0);
    driver.press("g u");
    assert_eq!((driver.cursor(), toast(&driver)), (Some(60), "nothing is unread here"));
    let mut driver = opened(60, 31);
    driver.press("g u");
    while answer(&mut driver, 60) {}
    assert!(!walks(&driver) && toast(&driver).starts_with("the history ends before"), "{}", toast(&driver));
    assert_eq!(driver.cursor(), Some(1));
}

#[test]
fn it_does_not_look_further_than_it_says() {
    let count = 5_400;
    let all = said(count);
    let mut driver = opened(count, 4_000);
    driver.press("g u");
    let mut pages = 0;
    while walks(&driver) {
        pages += 1;
        assert!(answer_from(&mut driver, &all) && pages < 120, "it ends");
    }
    assert!(toast(&driver).contains("more than 5,000"), "{}", toast(&driver));
    assert_eq!(driver.cursor(), Some(count - 5_000 + 1));
}

#[test]
fn a_hole_in_what_is_kept_ends_it_and_is_told() {
    let mut driver = opened(2_000, 500);
    driver.press("k");
    driver.press("PageUp PageUp");
    driver.press("g u");
    let (id, _) = driver.page_request().expect("a page");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::NotHere, "")));
    assert!(!walks(&driver) && toast(&driver).starts_with("not all of it is here"), "{}", toast(&driver));
    assert_eq!(driver.cursor(), driver.loaded().first().copied());
}

#[test]
fn from_the_oldest_end_the_newest_messages_are_read_first() {
    let mut driver = opened(20_000, 4);
    driver.press("g g");
    driver.serve(&peer("alice"), 1..=20_000);
    let history = driver.state.history.as_mut().expect("open");
    history.timeline.segments.pop();
    assert!(!history.timeline.has_newest());
    driver.press("g u");
    assert!(walks(&driver));
    while walks(&driver) {
        assert!(answer(&mut driver, 20_000), "the newest page is asked for");
    }
    assert_eq!(driver.cursor(), Some(19_993));
    driver.press("' '");
    assert_eq!(driver.cursor(), Some(1));
}

#[test]
fn a_filter_that_hides_it_goes_and_that_is_said_and_another_stays() {
    let mut driver = opened(101, 3);
    let filter = |driver: &Driver| driver.state.history.as_ref().expect("open").filter.typed.clone();
    driver.press("\\ f r o m : a l i c e Enter");
    driver.press("g u");
    assert_eq!((driver.cursor(), filter(&driver).as_str(), toast(&driver)), (Some(97), "from:alice", ""));
    driver.press("Esc");
    driver.press("\\ f r o m : a g e n t Enter");
    driver.press("g u");
    assert_eq!((driver.cursor(), filter(&driver).as_str()), (Some(97), ""));
    assert!(toast(&driver).starts_with("filter off"), "{}", toast(&driver));
    // What is not loaded cannot be filtered.
    let mut driver = opened(400, 60);
    driver.press("\\ f r o m : a l i c e Enter");
    driver.press("g u");
    while answer(&mut driver, 400) {}
    assert_eq!((driver.cursor(), filter(&driver).as_str()), (Some(281), ""));
    assert!(toast(&driver).starts_with("filter off"), "{}", toast(&driver));
}

#[test]
fn what_an_archive_shows_first_is_read_again_before_it_is_counted() {
    let mut driver = Driver::with_list(vec![conversation("alice", 60, 2)]);
    driver.keeps_nothing = false;
    driver.press("Enter");
    driver.press("g u");
    let id = driver.take(|e| if let Effect::OpenLocal(id, _) = e { Some(*id) } else { None }).expect("a question");
    let old: Vec<Message> = (1..=50).rev().map(|n| message(&peer("alice"), n)).collect();
    let kept = Kept { page: HistoryPage::new(old, PageEnd::End), served_from: None };
    driver.msg(Msg::Done(id, Answer::Local(Some(kept))));
    assert!(walks(&driver), "the newest may be missing");
    driver.serve(&peer("alice"), 1..=60);
    assert_eq!((driver.cursor(), walks(&driver)), (Some(57), false));
}

#[test]
fn the_count_is_that_of_the_list_as_it_came_last() {
    let mut driver = opened(60, 1);
    driver.press("R");
    driver.answer_list(vec![conversation("alice", 64, 3)]);
    while answer(&mut driver, 64) {}
    driver.press("g u");
    assert_eq!(driver.cursor(), Some(59));
}

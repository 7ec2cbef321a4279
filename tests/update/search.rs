//! Looking for messages: as it is typed, across conversations, and back.

use manyou::app::export::Subject;
use manyou::app::msg::{Answer, Effect, Found, Look, Msg};
use manyou::app::search::{Choice, Row};
use manyou::app::{Focus, Layer, RequestId};
use manyou::domain::{
    Around, Cursor, Direction, Failure, FailureKind, HistoryQuery, Hit, Horizon, Inquired, Inquiry, Message, MessageId,
    MessageKind, Peer, Spot,
};
use manyou::keymap::Key;

use crate::driver::{Driver, conversation, message, page, peer};

/// The hits "message n" of these conversations, newest first; keys follow the numbers.
fn hits(numbers: &[(&str, i64)]) -> Vec<Hit> {
    let hit = |(who, n): &(&str, i64)| Hit { key: *n, peer: peer(who), message: message(&peer(who), *n) };
    numbers.iter().map(hit).collect()
}

/// The last question; those before it were cancelled.
fn asked(driver: &mut Driver) -> Option<(RequestId, Look)> {
    let mut next = || driver.take(|e| if let Effect::Search(id, look) = e { Some((*id, look.clone())) } else { None });
    std::iter::from_fn(&mut next).last()
}

fn answer(driver: &mut Driver, numbers: &[(&str, i64)], more: bool) -> Look {
    let (id, look) = asked(driver).expect("a question");
    let horizon = look.with_horizon.then(|| Horizon { messages: 40, ..Horizon::default() });
    let found = Found { hits: hits(numbers), more, behind: 0, horizon };
    driver.msg(Msg::Done(id, Answer::Found(Box::new(found))));
    look
}

/// Answers the question for what is kept around a hit; says which.
fn open_kept(driver: &mut Driver, count: i64) -> Option<(Peer, Spot)> {
    open_kept_as(driver, count, false)
}

fn open_kept_as(driver: &mut Driver, count: i64, is_loose: bool) -> Option<(Peer, Spot)> {
    let found = driver.take(|e| match e {
        Effect::LoadKept(id, peer, spot) => Some((*id, peer.clone(), *spot)),
        _ => None,
    });
    let (id, peer, spot) = found?;
    let all: Vec<Message> = (1..=count).map(|n| message(&peer, n)).collect();
    let Spot::Message(at) = spot else { panic!("a hit without an id") };
    let query = |id: u64, way| HistoryQuery::new(peer.clone(), Some(Cursor::from(MessageId(id))), way);
    let (older, newer) = (page(&all, &query(at.0, Direction::Up)), page(&all, &query(at.0 - 1, Direction::Down)));
    let around = Around { older, newer, is_kept: true, is_loose, served_from: None };
    driver.msg(Msg::Done(id, Answer::Around(Box::new(around))));
    Some((peer, spot))
}

fn type_in(driver: &mut Driver, text: &str) {
    text.chars().for_each(|c| driver.msg(Msg::Key(Key::char(c))));
}

fn open(driver: &Driver) -> Option<(String, i64)> {
    let history = driver.state.history.as_ref()?;
    Some((history.peer.id().to_owned(), driver.cursor()?))
}

#[test]
fn it_asks_as_it_is_typed_and_only_the_last_question_counts() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("S");
    assert!(answer(&mut driver, &[], false).with_horizon, "how much is there is asked once");
    type_in(&mut driver, "m");
    let first = asked(&mut driver).expect("a question");
    type_in(&mut driver, "e");
    let cancelled = driver.take(|e| if let Effect::Cancel(ids) = e { Some(ids.clone()) } else { None });
    assert_eq!(cancelled, Some(vec![first.0]));
    let found = Found { hits: hits(&[("alice", 1)]), more: false, behind: 0, horizon: None };
    driver.msg(Msg::Done(first.0, Answer::Found(Box::new(found))));
    let search = |d: &Driver| d.state.search.as_ref().map(|s| s.hits.len());
    assert_eq!(search(&driver), Some(0), "nobody waits for that answer any more");
    assert!(!answer(&mut driver, &[("alice", 7), ("alice", 3)], false).with_horizon);
    assert_eq!(search(&driver), Some(2));
}

#[test]
fn hits_of_all_conversations_are_walked_and_esc_leads_back() {
    let mut driver = Driver::with_history(300);
    driver.press("k k k");
    let before = driver.cursor();
    driver.press("S");
    type_in(&mut driver, "m");
    answer(&mut driver, &[("bob", 9), ("alice", 8), ("bob", 5)], false);
    // The context stands under the results, and is asked of nobody.
    assert_eq!(open_kept(&mut driver, 20).map(|(peer, _)| peer), Some(peer("bob")));
    assert_eq!(open(&driver), Some(("bob".to_owned(), 9)));
    assert_eq!(driver.page_request(), None);
    driver.press("Enter");
    assert_eq!(driver.state.focus, Focus::List, "the results have the keys");
    driver.press("n");
    open_kept(&mut driver, 20);
    assert_eq!(open(&driver), Some(("bob".to_owned(), 5)), "by conversation");
    driver.press("Enter n");
    open_kept(&mut driver, 300);
    assert_eq!(driver.state.focus, Focus::History);
    assert_eq!(open(&driver), Some(("alice".to_owned(), 8)));
    driver.press("n");
    assert!(driver.state.toast.is_some(), "there is none after the last");
    driver.press("N N");
    assert_eq!(open(&driver), Some(("bob".to_owned(), 9)));
    driver.press("Esc");
    assert!(driver.state.search.is_some() && driver.state.focus == Focus::List, "the list of hits stays");
    driver.press("Esc");
    assert!(driver.state.search.is_none());
    assert_eq!((driver.state.focus, open(&driver)), (Focus::History, before.map(|n| ("alice".to_owned(), n))));
}

#[test]
fn q_stays_at_the_hit() {
    let mut driver = Driver::with_history(30);
    driver.press("S");
    type_in(&mut driver, "m");
    answer(&mut driver, &[("bob", 9)], false);
    open_kept(&mut driver, 20);
    driver.press("Enter q");
    assert!(driver.state.search.is_none());
    assert_eq!((driver.state.focus, open(&driver)), (Focus::History, Some(("bob".to_owned(), 9))));
}

#[test]
fn within_a_conversation_the_walk_begins_at_the_cursor() {
    let mut driver = Driver::with_history(30);
    driver.press("k k k k k /");
    type_in(&mut driver, "2");
    // Enter before the answer counts when it comes.
    driver.press("Enter");
    let look = answer(&mut driver, &[("alice", 29), ("alice", 28), ("alice", 20), ("alice", 2)], false);
    assert_eq!(look.peer, Some(peer("alice")));
    assert_eq!((driver.state.focus, driver.cursor()), (Focus::History, Some(20)));
    driver.press("n");
    assert_eq!(driver.cursor(), Some(2));
    driver.press("N N");
    assert_eq!(driver.cursor(), Some(28));
}

#[test]
fn many_hits_of_one_conversation_fold_until_they_are_wanted() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("S");
    type_in(&mut driver, "m");
    let many: Vec<(&str, i64)> = (1..=9).rev().map(|n| ("alice", n)).chain([("bob", 0)]).collect();
    answer(&mut driver, &many, false);
    let rows = |d: &Driver| d.state.search.as_ref().expect("a search").rows(false);
    let more = Row::More(peer("alice"), 6);
    assert_eq!(
        rows(&driver)[..6],
        [Row::Head(peer("alice"), 9), Row::Hit(0), Row::Hit(1), Row::Hit(2), more, Row::Head(peer("bob"), 1)]
    );
    driver.press("Enter j j j Enter");
    assert_eq!(rows(&driver).len(), 12);
    let chosen = driver.state.search.as_ref().and_then(|s| s.chosen.clone());
    assert_eq!(chosen, Some(Choice::Hit(6)), "the first that was hidden");
}

#[test]
fn the_next_hits_are_asked_for_before_the_last_is_reached() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("S");
    type_in(&mut driver, "m");
    let first: Vec<(&str, i64)> = (201..=400).rev().map(|n| ("alice", n)).collect();
    answer(&mut driver, &first, true);
    assert_eq!(asked(&mut driver), None);
    driver.press("Enter F");
    answer(&mut driver, &first, true);
    driver.press("G");
    let next: Vec<(&str, i64)> = (1..=200).rev().map(|n| ("alice", n)).collect();
    assert_eq!(answer(&mut driver, &next, false).below, Some(201));
    let search = driver.state.search.as_ref().expect("a search");
    assert_eq!((search.hits.len(), search.nth(), search.more), (400, Some(200), false));
}

#[test]
fn no_key_of_the_results_deletes_and_no_failure_loses_them() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0), conversation("bob", 8, 0)]);
    driver.press("S");
    type_in(&mut driver, "m");
    answer(&mut driver, &[("bob", 9)], false);
    open_kept(&mut driver, 20);
    driver.press("Enter D c D * v Space");
    assert!(driver.state.layers.is_empty() && driver.state.list.marked.is_empty());
    driver.press("R");
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::Local, "busy")));
    let search = driver.state.search.as_ref().expect("a search");
    assert!(search.failure.is_some() && search.hits.len() == 1);
}

#[test]
fn a_filter_without_a_meaning_is_told_and_asks_nothing() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("S");
    answer(&mut driver, &[], false);
    type_in(&mut driver, "type:nose");
    let search = driver.state.search.as_ref().expect("a search");
    assert_eq!(search.sought.query.problems().first().map(|p| p.filter), Some("type"));
    assert_eq!(search.request, None);
}

#[test]
fn what_the_server_deleted_is_looked_for_anew() {
    let mut driver = Driver::with_history(30);
    driver.press("/");
    type_in(&mut driver, "2");
    driver.press("Enter");
    answer(&mut driver, &[("alice", 29), ("alice", 20)], false);
    driver.press("R");
    driver.serve(&peer("alice"), 1..=30);
    let compare = driver.take(|e| if let Effect::Compare(id, _) = e { Some(*id) } else { None });
    driver.msg(Msg::Done(compare.expect("a comparison"), Answer::Compared(vec![message(&peer("alice"), 20).id])));
    assert!(answer(&mut driver, &[("alice", 29)], false).with_horizon);
    assert_eq!(driver.state.search.as_ref().map(|s| s.hits.len()), Some(1));
}

fn inquiry(driver: &mut Driver) -> Option<(RequestId, Inquiry)> {
    driver.take(|e| if let Effect::Inquire(id, asked) = e { Some((*id, asked.clone())) } else { None })
}

#[test]
fn the_server_is_asked_for_what_it_can_filter_and_never_for_words() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0), conversation("bob", 8, 0)]);
    driver.press("S");
    type_in(&mut driver, "m");
    answer(&mut driver, &[("alice", 3)], false);
    driver.press("Enter $");
    assert!(driver.state.toast.is_some() && inquiry(&mut driver).is_none(), "it knows no words");
    driver.press("/");
    type_in(&mut driver, " type:img in:bob");
    answer(&mut driver, &[], false);
    driver.press("Enter $ $");
    let (id, asked) = inquiry(&mut driver).expect("asked");
    assert_eq!((asked.kinds, asked.peers), (vec![MessageKind::Image], vec![peer("bob")]));
    assert_eq!(inquiry(&mut driver), None, "once");
    let done = Inquired { messages: 7, is_cut: false };
    driver.msg(Msg::Done(id, Answer::Inquired(done)));
    assert!(answer(&mut driver, &[("bob", 5)], false).with_horizon, "what came may be a hit");
    assert_eq!(driver.state.search.as_ref().and_then(|s| s.inquired), Some(done));
    driver.press("/");
    type_in(&mut driver, "x");
    assert_eq!(driver.state.search.as_ref().and_then(|s| s.inquired), None, "another question");
}

#[test]
fn esc_stops_asking_the_server_and_keeps_the_results() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("S");
    type_in(&mut driver, "type:img");
    answer(&mut driver, &[], false);
    driver.press("Enter $");
    let (id, _) = inquiry(&mut driver).expect("asked");
    driver.press("Esc");
    let mut cancelled = || driver.take(|e| if let Effect::Cancel(ids) = e { Some(ids.clone()) } else { None });
    assert_eq!(std::iter::from_fn(&mut cancelled).last(), Some(vec![id]));
    assert!(driver.state.search.is_some());
    driver.press("$");
    let (id, _) = inquiry(&mut driver).expect("asked again");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::RateLimited, "later")));
    let search = driver.state.search.as_ref().expect("a search");
    assert!(search.trouble.is_some() && search.inquires.is_none());
}

#[test]
fn hits_are_exported_all_of_them_or_the_marked_ones() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0), conversation("bob", 9, 0)]);
    driver.press("S");
    type_in(&mut driver, "退款/x");
    let sought = answer(&mut driver, &[("alice", 9), ("bob", 4), ("alice", 2)], true).query;
    driver.press("Enter X");
    let question = |driver: &Driver| match driver.state.layers.last() {
        Some(Layer::Export(question)) => (**question).clone(),
        other => panic!("no question: {other:?}"),
    };
    let all = question(&driver);
    assert_eq!(all.choices.len(), 1);
    assert_eq!((&all.choices[0].subject, all.choices[0].words.as_str()), (&Subject::Hits(sought, None), "all 3+ hits"));
    assert_eq!(all.file.text(), "退款_x-2024-01-23.html");
    driver.press("Esc Space Space X");
    let marked = question(&driver).choices[0].subject.clone();
    assert_eq!(marked, Subject::Places(vec![(peer("alice"), 9), (peer("alice"), 2)]));
    driver.press("Esc Esc");
    assert!(driver.state.search.as_ref().is_some_and(|search| search.marks.is_empty()), "Esc clears marks first");
}

#[test]
fn going_into_a_hit_among_loose_messages_asks_the_server_for_what_lies_between() {
    let around = |driver: &mut Driver| {
        driver.take(|e| if let Effect::LoadAround(_, who, spot) = e { Some((who.clone(), *spot)) } else { None })
    };
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("S");
    type_in(&mut driver, "m");
    answer(&mut driver, &[("alice", 9), ("alice", 3)], false);
    let shown = open_kept_as(&mut driver, 9, true);
    assert_eq!(around(&mut driver), None, "looking asks no server");
    driver.press("Enter Enter");
    assert_eq!((around(&mut driver), driver.state.focus), (shown, Focus::History));
    assert!(driver.state.history.as_ref().is_some_and(|open| !open.is_loose && open.timeline.is_empty()));
}

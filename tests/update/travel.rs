//! Going to a time or a message by `g d` and `g i`.

use manyou::app::RequestId;
use manyou::app::msg::{Answer, Effect, Kept, Msg};
use manyou::domain::{
    Around, Cursor, Direction, Failure, FailureKind, HistoryQuery, Message, MessageId, ServerTime, Spot,
};

use crate::driver::{Driver, START, message, page, peer};

const MINUTE: i64 = 60_000;

fn asked(driver: &mut Driver) -> Option<(RequestId, Spot)> {
    driver.take(|e| if let Effect::LoadAround(id, _, spot) = e { Some((*id, *spot)) } else { None })
}

fn type_in(driver: &mut Driver, keys: &str, text: &str) {
    driver.press(keys);
    for c in text.chars() {
        driver.press(if c == ' ' { "Space".to_owned() } else { c.to_string() }.as_str());
    }
    driver.press("Enter");
}

/// What a server of `1..=count` has around message `n`.
fn around(count: i64, n: i64) -> Answer {
    let all: Vec<Message> = (1..=count).map(|n| message(&peer("alice"), n)).collect();
    let id = MessageId::at(ServerTime(START + n * MINUTE));
    let query = |cursor: MessageId, way| HistoryQuery::new(peer("alice"), Some(Cursor::from(cursor)), way);
    let older = page(&all, &query(id, Direction::Up));
    let newer = page(&all, &query(MessageId(id.0 - 1), Direction::Down));
    Answer::Around(Box::new(Around { older, newer, is_kept: false, is_loose: false, served_from: None }))
}

fn time_of(n: i64) -> String {
    (START + n * MINUTE).to_string()
}

#[test]
fn a_time_far_back_is_one_question_away_and_lies_between_gaps() {
    let mut driver = Driver::with_history(20_000);
    type_in(&mut driver, "g d", &time_of(9_000));
    let (id, spot) = asked(&mut driver).expect("a question");
    assert_eq!(spot, Spot::Time(ServerTime(START + 9_000 * MINUTE)));
    driver.msg(Msg::Done(id, around(20_000, 9_000)));
    assert_eq!(driver.cursor(), Some(9_000));
    assert!(driver.loaded().contains(&8_950) && driver.loaded().contains(&20_000));
    driver.serve(&peer("alice"), 1..=20_000);
    driver.press("k");
    assert_eq!(driver.cursor(), Some(8_999));
}

#[test]
fn what_is_loaded_is_gone_to_without_a_question() {
    let mut driver = Driver::with_history(200);
    driver.press("C-u C-u C-u C-u");
    driver.serve(&peer("alice"), 1..=200);
    type_in(&mut driver, "g d", &time_of(150));
    assert_eq!((driver.cursor(), asked(&mut driver)), (Some(150), None));
    type_in(&mut driver, "g i", &MessageId::at(ServerTime(START + 170 * MINUTE)).to_string());
    assert_eq!((driver.cursor(), asked(&mut driver)), (Some(170), None));
}

#[test]
fn a_place_within_what_is_loaded_joins_it() {
    let mut driver = Driver::with_history(500);
    driver.press("PageUp PageUp PageUp PageUp PageUp");
    driver.serve(&peer("alice"), 1..=500);
    let before = driver.loaded();
    assert!(before[0] < 395, "the place and what lies around it are loaded");
    type_in(&mut driver, "g i", &MessageId(MessageId::at(ServerTime(START + 445 * MINUTE)).0 + 5).to_string());
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Done(id, around(500, 445)));
    let history = driver.state.history.as_ref().expect("open");
    assert_eq!((history.timeline.segments.len(), history.timeline.has_newest()), (1, true));
    let loaded = driver.loaded();
    assert!(before.iter().all(|n| loaded.contains(n)) && loaded.windows(2).all(|w| w[0] < w[1]));
    assert!(driver.state.toast.as_ref().is_some_and(|t| t.text.contains("no message has this id")));
}

#[test]
fn what_is_no_time_stays_in_the_field_and_what_fails_stays_as_a_line() {
    let mut driver = Driver::with_history(200);
    type_in(&mut driver, "g d", "soon");
    assert!(asked(&mut driver).is_none() && driver.state.layers.len() == 1);
    driver.press("Esc");
    type_in(&mut driver, "g d", "-9d");
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::Server, "no")));
    let history = driver.state.history.as_ref().expect("open");
    assert!(history.travels.is_none() && history.stale.is_some());
    assert_eq!(driver.cursor(), Some(200));
}

#[test]
fn without_a_server_a_hole_is_a_row_with_what_is_kept_beyond_it() {
    let mut driver = Driver::with_history(2_000);
    while driver.page_request().is_some() {}
    driver.press("PageUp PageUp PageUp PageUp PageUp PageUp PageUp PageUp PageUp PageUp");
    let (id, _) = driver.page_request().expect("the next page");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::NotHere, "")));
    let beyond = driver.take(|e| if let Effect::LoadBeyond(id, _, m, way) = e { Some((*id, *m, *way)) } else { None });
    let (id, from, way) = beyond.expect("a question to the archive");
    let oldest = driver.loaded()[0];
    assert_eq!((from, way), (MessageId::at(ServerTime(START + oldest * MINUTE)), Direction::Up));
    let all: Vec<Message> = (1..=40).map(|n| message(&peer("alice"), n)).collect();
    let page = page(&all, &HistoryQuery::new(peer("alice"), None, Direction::Up));
    driver.msg(Msg::Done(id, Answer::Local(Some(Kept { page, served_from: None }))));
    let loaded = driver.loaded();
    assert_eq!((loaded[0], loaded[39], loaded[40]), (1, 40, oldest));
    // Nobody is asked again until the person wants it.
    driver.press("k k k k");
    assert!(driver.page_request().is_none());
    driver.press("g g");
    assert_eq!(driver.cursor(), Some(1));
}

#[test]
fn an_interrupt_ends_a_journey_and_leaving_the_conversation_too() {
    let mut driver = Driver::with_history(2_000);
    type_in(&mut driver, "g d", "-9d");
    let (id, _) = asked(&mut driver).expect("a question");
    driver.press("C-c");
    let cancelled = driver.take(|e| if let Effect::Cancel(ids) = e { Some(ids.clone()) } else { None });
    assert!(cancelled.expect("a cancel").contains(&id));
    driver.msg(Msg::Done(id, around(2_000, 900)));
    assert_eq!(driver.cursor(), Some(2_000), "an answer that is late moves nothing");
    type_in(&mut driver, "g d", "-9d");
    driver.press("q");
    driver.press("Enter");
    assert!(driver.state.history.as_ref().is_some_and(|h| h.travels.is_none()));
}

/// What is said, the filter, and where the cursor stands.
fn told(driver: &Driver) -> (&str, &str, Option<i64>) {
    let history = driver.state.history.as_ref().expect("open");
    (driver.state.toast.as_ref().map_or("", |t| &t.text), &history.filter.typed, driver.cursor())
}

#[test]
fn a_filter_stays_where_it_shows_something_from_the_place_on_and_else_goes_aloud() {
    let mut driver = Driver::with_history(2_000);
    driver.press("C-u C-u C-u C-u");
    driver.serve(&peer("alice"), 1..=2_000);
    // Loaded: the agent's message at the time is hidden, alice's next one is not.
    type_in(&mut driver, "\\", "from:alice");
    type_in(&mut driver, "g d", &time_of(1_950));
    assert_eq!(told(&driver), ("", "from:alice", Some(1_951)));
    // That very message is asked for.
    type_in(&mut driver, "g i", &MessageId::at(ServerTime(START + 1_960 * MINUTE)).to_string());
    assert_eq!(told(&driver), ("filter off: it hid this place", "", Some(1_960)));
    // Asked for: the same.
    type_in(&mut driver, "\\", "from:alice");
    type_in(&mut driver, "g d", &time_of(900));
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Done(id, around(2_000, 900)));
    assert_eq!(told(&driver), ("", "from:alice", Some(901)));
    type_in(&mut driver, "\\", "message 300 nobody");
    type_in(&mut driver, "g d", &time_of(500));
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Done(id, around(2_000, 500)));
    assert_eq!(told(&driver), ("filter off: it hid this place", "", Some(500)));
    // At the very end the last one that is shown will do.
    type_in(&mut driver, "\\", "from:alice");
    type_in(&mut driver, "g d", "-1m");
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Done(id, around(2_000, 2_001)));
    assert_eq!(told(&driver), ("nothing is later; this is the newest message", "from:alice", Some(1_999)));
}

#[test]
fn what_is_still_to_come_is_the_newest_message_and_a_bare_time_is_the_last_one() {
    let mut driver = Driver::with_history(200);
    driver.press("g g");
    driver.serve(&peer("alice"), 1..=200);
    type_in(&mut driver, "g d", "tomorrow");
    assert_eq!(told(&driver), ("that is still to come; this is the newest message", "", Some(200)));
    assert!(asked(&mut driver).is_none());
    driver.press("' '");
    assert_eq!(driver.cursor(), Some(1));
    type_in(&mut driver, "g d", "00:00");
    let (_, spot) = asked(&mut driver).expect("a question");
    let now = driver.state.now.wall.ms();
    assert_eq!(spot, Spot::Time(ServerTime(now - now.rem_euclid(86_400_000))));
    // A later wish ends the journey.
    type_in(&mut driver, "g d", "2099-01-01");
    assert!(driver.take(|e| if let Effect::Cancel(_) = e { Some(()) } else { None }).is_some());
    assert_eq!(driver.cursor(), Some(200));
}

#[test]
fn of_messages_of_one_moment_the_one_that_was_asked_for_is_gone_to() {
    let mut driver = Driver::with_history(2_000);
    let mut found = around(2_000, 900);
    let Answer::Around(place) = &mut found else { panic!("around") };
    // A server that is asked by time alone gives its neighbour first.
    let wanted = place.newer.messages[1].id;
    type_in(&mut driver, "g i", &wanted.to_string());
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Done(id, found));
    assert_eq!(told(&driver), ("", "", Some(901)));
}

//! Exports on the screen: what can be chosen, the name of the file, one run behind, and what came of it.

use std::collections::HashMap;

use manyou::app::export::{Exported, Missing, Order, Outcome, Question, Refusal, Row, Subject};
use manyou::app::{Answer, Effect, Focus, Layer, Local, Msg, RequestId, Session};
use manyou::domain::{Format, Profile, ServerTime};

use crate::driver::{Driver, conversation, message, peer};

fn question(driver: &Driver) -> &Question {
    match driver.state.layers.last() {
        Some(Layer::Export(question)) => question,
        other => panic!("no question is open: {other:?}; {:?}", driver.state.toast),
    }
}

fn order(driver: &mut Driver) -> Option<(RequestId, Order)> {
    driver.take(|e| if let Effect::Export(id, order) = e { Some((*id, (**order).clone())) } else { None })
}

fn ended(driver: &mut Driver, id: RequestId, outcome: Outcome) {
    let exported = Exported { outcome, messages: 3, left: None };
    driver.msg(Msg::Done(id, Answer::Exported(Box::new(exported))));
}

fn toast(driver: &Driver) -> &str {
    driver.state.toast.as_ref().map_or("", |t| &t.text)
}

/// With a conversation of five messages open, and an export of it asked for.
fn begun() -> (Driver, RequestId, Order) {
    let mut driver = Driver::with_history(5);
    driver.press("X Enter");
    let (id, order) = order(&mut driver).expect("it is asked for");
    (driver, id, order)
}

#[test]
fn marked_messages_come_first_then_the_conversation_then_the_day() {
    let mut driver = Driver::with_history(5);
    driver.press("Space k Space X");
    let subjects: Vec<_> = question(&driver).choices.iter().map(|choice| choice.subject.clone()).collect();
    let alice = peer("alice");
    let ids = vec![message(&alice, 4).id, message(&alice, 5).id];
    // Messages lie on 14 November 2023, in UTC.
    let day = ServerTime(1_699_920_000_000);
    assert_eq!(
        subjects,
        [
            Subject::Messages(alice.clone(), ids),
            Subject::Conversations(vec![alice.clone()]),
            Subject::Between(alice, day, day.plus_ms(86_400_000)),
        ]
    );
    assert_eq!(question(&driver).file.text(), "alice-2024-01-23.html");
    driver.press("l l");
    assert_eq!(question(&driver).file.text(), "alice-2023-11-14.html", "a day's file is named after it");
    driver.press("l");
    assert_eq!(question(&driver).chosen, 0, "after the last comes the first");
}

#[test]
fn in_the_list_the_marked_conversations_or_the_one_under_the_cursor() {
    let mut driver = Driver::with_list(vec![conversation("bob", 2, 0), conversation("carol", 1, 0)]);
    driver.press("X");
    assert_eq!(question(&driver).choice().map(|c| &c.subject), Some(&Subject::Conversations(vec![peer("bob")])));
    driver.press("Esc Space Space X");
    let all = Subject::Conversations(vec![peer("bob"), peer("carol")]);
    assert_eq!(question(&driver).choice().map(|c| &c.subject), Some(&all));
    assert_eq!(question(&driver).file.text(), "conversations-2024-01-23.html");
}

#[test]
fn a_name_cannot_leave_the_folder() {
    let mut driver = Driver::with_list(vec![conversation("bob", 2, 0)]);
    let named = Profile { nickname: "../../etc/\u{202e}x".to_owned() };
    driver.state.names.learn([("bob".to_owned(), named)].into(), HashMap::default());
    driver.press("X");
    assert_eq!(question(&driver).file.text(), "__.._etc__U+202E_x-2024-01-23.html");
}

#[test]
fn ending_and_format_follow_each_other() {
    let mut driver = Driver::with_history(1);
    driver.press("X j l");
    assert_eq!((question(&driver).format, question(&driver).file.text()), (Format::Ndjson, "alice-2024-01-23.ndjson"));
    driver.press("j C-u a . c s v");
    assert_eq!((question(&driver).format, question(&driver).file.text()), (Format::Csv, "a.csv"));
    driver.press("Up h h");
    assert_eq!(question(&driver).file.text(), "a.ndjson", "a name of one's own keeps all but its ending");
    driver.press("Up l");
    assert_eq!(question(&driver).file.text(), "a.ndjson", "whatever is written");
    driver.press("Up C-u a . b l u e Up l Enter");
    let (_, order) = order(&mut driver).expect("it is asked for");
    assert_eq!((order.path.as_str(), order.format), ("a.blue", Format::Json), "other endings are the person's");
}

#[test]
fn a_file_that_is_there_stays_unless_x_says_so() {
    let (mut driver, id, first) = begun();
    assert!(!first.replaces && first.goes_on);
    ended(&mut driver, id, Outcome::Refused(Refusal::There));
    assert!(question(&driver).is_there());
    for key in ["y", "Space", "X"] {
        driver.press(key);
        assert!(question(&driver).is_there() && order(&mut driver).is_none());
    }
    driver.press("Enter");
    assert!(order(&mut driver).is_none(), "Enter never replaces");
    assert_eq!((question(&driver).row, question(&driver).is_there()), (Row::File, false));
    driver.press("Enter");
    let (id, again) = order(&mut driver).expect("it is asked again");
    assert!(!again.replaces);
    ended(&mut driver, id, Outcome::Refused(Refusal::There));
    driver.msg(Msg::Paste("x".to_owned()));
    assert!(order(&mut driver).is_none(), "a paste replaces nothing");
    driver.press("x");
    assert!(order(&mut driver).expect("it is asked to").1.replaces);
}

#[test]
fn the_question_stays_until_the_file_is_made_and_says_why_it_is_not() {
    let (mut driver, id, _) = begun();
    ended(&mut driver, id, Outcome::Refused(Refusal::NoFolder));
    assert_eq!(question(&driver).refusal, Some(Refusal::NoFolder));
    driver.press("Down Down C-u ~ / o u t / x . t x t Enter");
    let (id, order) = order(&mut driver).expect("another place");
    assert_eq!(order.path, "~/out/x.txt");
    driver.msg(Msg::Exporting(id, 0, 5));
    assert!(driver.state.layers.is_empty());
    ended(&mut driver, id, Outcome::Done(Missing::default()));
    assert_eq!(toast(&driver), "3 messages in ~/out/x.txt");
    driver.press("X");
    assert_eq!(question(&driver).file.text(), "~/out/alice-2024-01-23.txt", "the next one begins where this one was");
}

#[test]
fn one_export_at_a_time_and_stopping_is_answered() {
    let (mut driver, id, _) = begun();
    driver.msg(Msg::Exporting(id, 0, 5));
    driver.press("X");
    assert!(driver.state.layers.is_empty() && toast(&driver).contains("on its way"));
    driver.press("C-c");
    let cancelled = driver.take(|e| if let Effect::Cancel(ids) = e { Some(ids.clone()) } else { None });
    assert_eq!(cancelled, Some(vec![id]));
    ended(&mut driver, id, Outcome::Stopped);
    assert!(driver.state.exports.running.is_none() && toast(&driver).contains("stopped"));
}

#[test]
fn leaving_asks_once_while_one_is_written() {
    let (mut driver, id, _) = begun();
    driver.msg(Msg::Exporting(id, 0, 5));
    driver.state.focus = Focus::List;
    driver.press("q");
    assert!(driver.take(|e| matches!(e, Effect::Quit).then_some(())).is_none(), "{:?}", driver.effects);
    assert!(toast(&driver).contains("q again"));
    driver.press("q");
    assert!(driver.take(|e| matches!(e, Effect::Quit).then_some(())).is_some());
}

#[test]
fn what_is_missing_is_shown_once_nothing_else_is_open() {
    let (mut driver, id, _) = begun();
    driver.msg(Msg::Exporting(id, 0, 5));
    driver.press("?");
    ended(&mut driver, id, Outcome::Done(Missing { parts: 1, nothing: 0 }));
    assert!(matches!(driver.state.layers.as_slice(), [Layer::Help { .. }]));
    driver.press("Esc");
    assert!(matches!(driver.state.layers.as_slice(), [Layer::Exported(_)]));
    driver.press("Esc");
    assert!(driver.state.layers.is_empty());
}

#[test]
fn esc_while_it_looks_stops_it() {
    let (mut driver, id, _) = begun();
    driver.press("x j Enter");
    assert!(order(&mut driver).is_none(), "keys mean nothing meanwhile");
    driver.press("Esc");
    assert!(driver.state.layers.is_empty());
    assert!(driver.take(|e| matches!(e, Effect::Cancel(ids) if *ids == [id]).then_some(())).is_some());
    ended(&mut driver, id, Outcome::Refused(Refusal::NoFolder));
    assert!(driver.state.exports.running.is_none() && driver.state.layers.is_empty());
}

#[test]
fn a_session_on_behalf_has_nothing_to_export() {
    let mut driver = Driver::signed_in("alice", true);
    driver.answer_list(vec![conversation("bob", 2, 0)]);
    driver.press("X");
    assert!(driver.state.layers.is_empty());
    assert_eq!(toast(&driver), "nothing is kept of a session on behalf of somebody");
}

#[test]
fn of_a_file_that_is_looked_at_nothing_stays_to_go_on_with() {
    let mut driver = Driver::with_history(1);
    let local = Local::File { name: "a.ndjson".to_owned(), messages: 1 };
    driver.state.session = Session::Local(local);
    driver.press("X Enter");
    assert!(!order(&mut driver).expect("it is asked for").1.goes_on);
}

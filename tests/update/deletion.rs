//! Deletion: the plan is fixed when it is shown, and nothing leaves the screen before the server has answered.

use manyou::app::layer::Confirm;
use manyou::app::msg::{Answer, Effect, Msg};
use manyou::app::{Layer, Session};
use manyou::domain::{Chunk, ChunkOutcome, DeletionPlan, DeletionReport, Failure, FailureKind, MessageId, Scope};

use crate::driver::{Driver, conversation, message, peer};

fn confirm(driver: &Driver) -> &Confirm {
    match driver.state.layers.last() {
        Some(Layer::Confirm(confirm)) => confirm,
        other => panic!("no question is open: {other:?}; {:?}", driver.state.toast),
    }
}

fn sent(driver: &mut Driver) -> Option<(manyou::app::RequestId, DeletionPlan)> {
    driver.take(|e| if let Effect::Delete(id, plan) = e { Some((*id, plan.clone())) } else { None })
}

fn ids(plan: &DeletionPlan) -> Vec<MessageId> {
    match &plan.scope {
        Scope::Messages(ids) => ids.clone(),
        other => panic!("not by ids: {other:?}"),
    }
}

fn answer(driver: &mut Driver, id: manyou::app::RequestId, plan: DeletionPlan, outcome: ChunkOutcome) {
    let ids = if let Scope::Messages(ids) = &plan.scope { ids.clone() } else { Vec::new() };
    let report = DeletionReport { plan, chunks: vec![Chunk { ids, outcome }], kept: None };
    driver.msg(Msg::Done(id, Answer::Deleted(report)));
}

fn toast(driver: &Driver) -> &str {
    driver.state.toast.as_ref().map_or("", |t| &t.text)
}

#[test]
fn a_chat_room_has_no_conversation_to_hide_or_delete() {
    let mut driver = Driver::with_list(Vec::new());
    driver.press("o r o o m : 7 7 Enter");
    driver.serve(&peer("room:77"), 1..=3);
    for keys in ["D h", "D c"] {
        driver.press(keys);
        assert!(driver.state.layers.is_empty(), "{keys} asks nothing");
        assert_eq!(toast(&driver), "a chat room is never in the list; D m and D b work");
    }
    driver.press("D m");
    assert_eq!(confirm(&driver).messages.len(), 1);
}

#[test]
fn exactly_the_shown_messages_are_sent_whatever_happens_meanwhile() {
    let mut driver = Driver::with_history(30);
    driver.press("Space Space D m");
    let shown: Vec<MessageId> = confirm(&driver).messages.iter().map(|m| m.id).collect();
    let wanted: Vec<MessageId> = [29, 30].map(|n| message(&peer("alice"), n).id).to_vec();
    // The cursor stays at the end, so the second Space unmarks 30 again unless the mark moved on.
    assert!(shown.iter().all(|id| wanted.contains(id)));
    driver.press("x");
    let (_, plan) = sent(&mut driver).expect("sent");
    assert_eq!(ids(&plan), shown);
    assert_eq!(driver.loaded().len(), 30, "nothing goes before the answer");
}

#[test]
fn after_the_answer_the_rows_go_and_the_range_is_read_again() {
    let mut driver = Driver::with_history(30);
    driver.press("k k D m x");
    let (id, plan) = sent(&mut driver).expect("sent");
    assert_eq!(ids(&plan), [message(&peer("alice"), 28).id]);
    answer(&mut driver, id, plan, ChunkOutcome::Done);
    assert!(!driver.loaded().contains(&28));
    assert_eq!(driver.cursor(), Some(27), "the next older row");
    assert!(driver.effects.iter().any(|e| matches!(e, Effect::LoadPage(..))), "the range is read again");
    driver.serve(&peer("alice"), (1..=30).filter(|n| *n != 28));
    assert_eq!(driver.loaded().len(), 29);
    assert!(driver.state.layers.is_empty() && driver.state.toast.is_some());
}

#[test]
fn the_hands_that_run_ahead_do_not_confirm() {
    let mut driver = Driver::with_history(30);
    driver.press("D m");
    driver.msg(Msg::Key(manyou::keymap::Key::char('x')));
    assert!(sent(&mut driver).is_none() && driver.state.layers.len() == 1, "x within 400 ms is ignored");
    for key in ["Enter", "Esc", "y", "n"] {
        driver.press(key);
        assert!(driver.state.layers.is_empty(), "{key} keeps the messages");
        driver.press("D m");
    }
    driver.msg(Msg::Paste("x\n".to_owned()));
    driver.pass(500);
    driver.msg(Msg::Paste("x".to_owned()));
    assert!(sent(&mut driver).is_none() && driver.state.layers.len() == 1);
}

#[test]
fn a_question_the_terminal_has_not_shown_yet_cannot_be_answered() {
    let mut driver = Driver::with_history(30);
    driver.press("D");
    driver.unpainted(Msg::Key(manyou::keymap::Key::char('m')));
    driver.pass(5000);
    driver.unpainted(Msg::Key(manyou::keymap::Key::char('x')));
    driver.msg(Msg::Key(manyou::keymap::Key::char('x')));
    driver.pass(399);
    driver.msg(Msg::Key(manyou::keymap::Key::char('x')));
    assert!(sent(&mut driver).is_none(), "typed before it could be read");
    driver.pass(1);
    driver.msg(Msg::Key(manyou::keymap::Key::char('x')));
    assert!(sent(&mut driver).is_some());
}

#[test]
fn more_than_fifty_must_be_counted() {
    let mut driver = Driver::with_history(60);
    for _ in 0..60 {
        driver.press("C-u");
        driver.serve(&peer("alice"), 1..=60);
    }
    driver.press("* D m");
    assert_eq!(confirm(&driver).must_type, Some(60));
    driver.press("x");
    assert!(confirm(&driver).mistyped);
    driver.press("6 0 x");
    let (_, plan) = sent(&mut driver).expect("sent");
    assert_eq!(ids(&plan).len(), 60);
}

#[test]
fn before_cuts_at_the_next_older_message_and_this_one_stays() {
    let mut driver = Driver::with_history(30);
    driver.press("k k k D b");
    let newest = message(&peer("alice"), 26);
    let plan = confirm(&driver).plans[0].clone();
    assert_eq!(plan.scope, Scope::Before { cutoff: newest.time, newest: newest.id });
    assert_eq!(confirm(&driver).must_type, Some(26));
    driver.press("2 6 x");
    let (id, plan) = sent(&mut driver).expect("sent");
    answer(&mut driver, id, plan, ChunkOutcome::Done);
    assert_eq!(driver.loaded(), [27, 28, 29, 30]);
}

#[test]
fn before_the_first_message_there_is_nothing_and_a_shared_millisecond_is_refused() {
    let mut driver = Driver::with_history(3);
    driver.press("g g D b");
    assert!(driver.state.layers.is_empty() && driver.state.toast.is_some());

    let mut driver = Driver::with_list(vec![conversation("alice", 3, 0)]);
    driver.press("Enter");
    let (id, _) = driver.page_request().expect("a page");
    let mut twin = message(&peer("alice"), 3);
    twin.id = MessageId(twin.id.0 + 1);
    let messages = vec![twin, message(&peer("alice"), 3), message(&peer("alice"), 2)];
    let page = manyou::domain::HistoryPage::new(messages, manyou::domain::PageEnd::End);
    driver.msg(Msg::Done(id, Answer::Page(page)));
    driver.press("D b");
    assert!(driver.state.layers.is_empty() && driver.state.toast.is_some());
}

#[test]
fn hiding_and_deleting_a_conversation_are_two_things() {
    let mut driver = Driver::with_list(vec![conversation("alice", 3, 2), conversation("bob", 2, 0)]);
    driver.press("D h");
    assert_eq!(confirm(&driver).must_type, None);
    driver.press("x");
    let (id, plan) = sent(&mut driver).expect("sent");
    assert_eq!(plan.scope, Scope::Conversation { with_history: false });
    answer(&mut driver, id, plan, ChunkOutcome::Done);
    assert!(driver.state.list.get(&peer("alice")).is_none());
    assert_eq!(driver.state.list.selected, Some(peer("bob")));

    driver.press("D c");
    assert!(confirm(&driver).count.at_least, "only the latest message is known");
    let (count, typed) = (confirm(&driver).must_type, confirm(&driver).count.messages);
    assert_eq!(count, Some(typed));
    driver.press("#");
    let counting = driver.take(|e| if let Effect::Count(id, _) = e { Some(*id) } else { None }).expect("counts");
    driver.msg(Msg::Done(counting, Answer::Counted { count: 12, exact: true, oldest: None }));
    assert_eq!(confirm(&driver).must_type, Some(12));
    driver.press("1 2 x");
    assert_eq!(sent(&mut driver).map(|(_, p)| p.scope), Some(Scope::Conversation { with_history: true }));
}

#[test]
fn several_conversations_go_one_after_another_and_the_first_refusal_stops() {
    let list = vec![conversation("alice", 3, 0), conversation("bob", 2, 0), conversation("carol", 1, 0)];
    let mut driver = Driver::with_list(list);
    driver.press("* D c");
    assert_eq!(confirm(&driver).must_type, Some(3));
    driver.press("3 x");
    let (first, plan) = sent(&mut driver).expect("the first");
    assert!(sent(&mut driver).is_none(), "the second waits for the first");
    answer(&mut driver, first, plan, ChunkOutcome::Done);
    let (second, plan) = sent(&mut driver).expect("the second");
    answer(&mut driver, second, plan, ChunkOutcome::Refused(Failure::local(FailureKind::Forbidden, "no")));
    assert!(sent(&mut driver).is_none(), "the third is not sent");
    match driver.state.layers.last() {
        Some(Layer::Report(report)) => assert_eq!((report.reports.len(), report.not_sent.len()), (2, 1)),
        other => panic!("no report: {other:?}"),
    }
}

#[test]
fn an_outcome_that_is_not_known_is_said_and_takes_nothing_away() {
    let mut driver = Driver::with_history(30);
    driver.press("D m x");
    let (id, plan) = sent(&mut driver).expect("sent");
    answer(&mut driver, id, plan, ChunkOutcome::Unknown(Failure::local(FailureKind::Timeout, "no answer")));
    assert_eq!(driver.loaded().len(), 30);
    assert!(matches!(driver.state.layers.last(), Some(Layer::Report(_))));
}

#[test]
fn a_read_only_session_asks_nothing_and_sends_nothing() {
    let mut driver = Driver::signed_in("alice", true);
    driver.answer_list(vec![conversation("bob", 3, 0)]);
    driver.press("D");
    assert!(driver.state.pending.keys.is_empty(), "no menu of what would be refused");
    assert_eq!(toast(&driver), "read only: viewing as alice");
    driver.press("c");
    assert!(driver.state.layers.is_empty() && sent(&mut driver).is_none());
    if let Session::In(account) = &mut driver.state.session {
        account.on_behalf = false;
    }
    driver.press("D");
    assert_eq!(toast(&driver), "read only: opened with --read-only");
}

#[test]
fn a_dialog_that_does_not_fit_cannot_be_confirmed() {
    let mut driver = Driver::with_history(30);
    driver.press("D m");
    driver.msg(Msg::Resized(39, 24));
    driver.press("x");
    assert!(sent(&mut driver).is_none() && driver.state.layers.len() == 1);
}

#[test]
fn leaving_stays_to_say_that_the_outcome_is_unknown() {
    let mut driver = Driver::with_history(30);
    driver.press("D m x");
    let (id, plan) = sent(&mut driver).expect("sent");
    driver.press("q q");
    answer(&mut driver, id, plan, ChunkOutcome::Unknown(Failure::local(FailureKind::Timeout, "no answer")));
    assert!(!driver.effects.contains(&Effect::Quit), "nobody would have read it");
    assert!(matches!(driver.state.layers.last(), Some(Layer::Report(_))));
    driver.press("Esc q q");
    assert!(driver.effects.contains(&Effect::Quit));
}

#[test]
fn what_was_deleted_before_a_plan_that_could_not_be_sent_is_reported() {
    let mut driver = Driver::with_list(vec![conversation("alice", 3, 0), conversation("bob", 2, 0)]);
    driver.press("* D c 2 x");
    let (first, plan) = sent(&mut driver).expect("the first");
    answer(&mut driver, first, plan, ChunkOutcome::Done);
    let (second, _) = sent(&mut driver).expect("the second");
    driver.msg(Msg::Failed(second, Failure::local(FailureKind::IdentityChanged, "another user")));
    assert!(driver.state.running.is_none());
    match driver.state.layers.last() {
        Some(Layer::Report(report)) => assert_eq!((report.reports.len(), report.not_sent.len()), (1, 1)),
        other => panic!("no report: {other:?}"),
    }
}

#[test]
fn a_cut_off_that_would_take_a_row_shown_below_it_is_refused() {
    let mut driver = Driver::with_list(vec![conversation("alice", 3, 0)]);
    driver.press("Enter");
    let (id, _) = driver.page_request().expect("a page");
    let mut odd = message(&peer("alice"), 3);
    odd.time = manyou::domain::ServerTime(0);
    let messages = vec![odd, message(&peer("alice"), 2), message(&peer("alice"), 1)];
    let page = manyou::domain::HistoryPage::new(messages, manyou::domain::PageEnd::End);
    driver.msg(Msg::Done(id, Answer::Page(page)));
    driver.press("k D b");
    assert!(driver.state.layers.is_empty() && driver.state.toast.is_some(), "time 0 is before any cut-off");
}

#[test]
fn a_list_read_after_the_history_makes_its_count_a_lower_bound() {
    let mut driver = Driver::with_history(3);
    driver.press("D c");
    assert!(!confirm(&driver).count.at_least);
    driver.press("Esc");
    driver.state.list.put(conversation("alice", 4, 1));
    driver.press("D c");
    assert!(confirm(&driver).count.at_least, "number 4 is not among the three");
}

#[test]
fn leaving_waits_for_the_answer_of_what_was_sent() {
    let mut driver = Driver::with_history(30);
    driver.press("D m x");
    let (id, plan) = sent(&mut driver).expect("sent");
    driver.press("q q");
    assert!(!driver.effects.contains(&Effect::Quit));
    answer(&mut driver, id, plan, ChunkOutcome::Done);
    assert!(driver.effects.contains(&Effect::Quit));
}

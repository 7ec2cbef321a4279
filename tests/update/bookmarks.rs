//! Bookmarks by `b` and `'`, and back by `''`.

use manyou::app::RequestId;
use manyou::app::msg::{Answer, Effect, Kept, Msg};
use manyou::domain::{
    Around, Bookmark, Chunk, ChunkOutcome, Cursor, DeletionReport, Direction, Failure, FailureKind, HistoryPage,
    HistoryQuery, Letter, Message, PageEnd, Spot,
};

use crate::driver::{Driver, conversation, message, page, peer};

fn letter(c: char) -> Letter {
    Letter::new(c).expect("a letter")
}

fn toast(driver: &Driver) -> &str {
    driver.state.toast.as_ref().map_or("", |toast| &toast.text)
}

fn kept(driver: &mut Driver) -> Option<(RequestId, Letter, Option<Bookmark>)> {
    driver.take(|e| if let Effect::KeepBookmark(id, c, b) = e { Some((*id, *c, b.clone())) } else { None })
}

fn asked(driver: &mut Driver) -> Option<(RequestId, Spot)> {
    driver.take(|e| if let Effect::LoadAround(id, _, spot) = e { Some((*id, *spot)) } else { None })
}

fn open(driver: &Driver) -> String {
    driver.state.history.as_ref().map(|h| h.peer.to_string()).unwrap_or_default()
}

/// What a server of these messages with `who` has around message `n`.
fn around(who: &str, numbers: impl IntoIterator<Item = i64>, n: i64) -> Around {
    let all: Vec<Message> = numbers.into_iter().map(|n| message(&peer(who), n)).collect();
    let id = message(&peer(who), n).id;
    let query = |cursor, way| HistoryQuery::new(peer(who), Some(cursor), way);
    let newer = Cursor::from(manyou::domain::MessageId(id.0 - 1));
    let (older, newer) = (page(&all, &query(id.into(), Direction::Up)), page(&all, &query(newer, Direction::Down)));
    Around { older, newer, is_kept: false, is_loose: false, served_from: None }
}

/// Alice's conversation with 100 messages is open, and bob's with 100 can be.
fn two() -> Driver {
    let mut driver = Driver::with_list(vec![conversation("alice", 100, 0), conversation("bob", 100, 0)]);
    driver.press("Enter");
    driver.serve(&peer("alice"), 1..=100);
    driver
}

#[test]
fn a_letter_is_set_kept_and_gone_to() {
    let mut driver = two();
    driver.press("k k k b a");
    let (id, c, bookmark) = kept(&mut driver).expect("the archive keeps it");
    let wanted = message(&peer("alice"), 97);
    let whole = Bookmark { letter: letter('a'), peer: peer("alice"), id: wanted.id, time: wanted.time };
    assert_eq!((c, bookmark), (letter('a'), Some(whole)));
    driver.msg(Msg::Done(id, Answer::BookmarkKept(true)));
    assert_eq!(toast(&driver), "bookmark a set");
    driver.press("G ' a");
    assert_eq!((driver.cursor(), asked(&mut driver)), (Some(97), None));
    // Set anew it says what it was.
    driver.press("G b a");
    assert!(toast(&driver).contains("it was alice, "), "{}", toast(&driver));
    driver.press("' z");
    assert_eq!(toast(&driver), "no bookmark z is set");
}

#[test]
fn nothing_but_a_small_letter_is_one_and_esc_takes_the_key_back() {
    let mut driver = two();
    for keys in ["b A", "b C-a", "b 1", "b Down", "' %"] {
        driver.press(keys);
        assert_eq!(toast(&driver), "a bookmark is a letter from a to z", "{keys}");
        assert_eq!((driver.cursor(), driver.state.bookmarks.all().len()), (Some(100), 0), "{keys}");
    }
    driver.press("b Esc j k");
    assert_eq!((driver.state.bookmarks.all().len(), driver.cursor()), (0, Some(99)));
    driver.press("b");
    driver.press("C-c");
    driver.press("a");
    assert_eq!(driver.state.bookmarks.all().len(), 0);
}

#[test]
fn one_in_another_conversation_opens_it_and_is_travelled_to() {
    let mut driver = two();
    driver.press("g g");
    driver.serve(&peer("alice"), 1..=100);
    driver.press("b a h j Enter");
    assert_eq!(open(&driver), "bob");
    driver.serve(&peer("bob"), 1..=100);
    // Not opened before in this run: nothing of it is in memory.
    driver.state.recent.clear();
    driver.press("' a");
    assert_eq!(open(&driver), "alice");
    let (id, spot) = asked(&mut driver).expect("a question");
    assert_eq!(spot, Spot::Message(message(&peer("alice"), 1).id));
    driver.msg(Msg::Done(id, Answer::Around(Box::new(around("alice", 1..=100, 1)))));
    assert_eq!(driver.cursor(), Some(1));
    // And back, to where the jump began.
    driver.press("' '");
    assert_eq!((open(&driver).as_str(), driver.cursor()), ("bob", Some(100)));
    driver.press("' '");
    assert_eq!((open(&driver).as_str(), driver.cursor()), ("alice", Some(1)));
}

#[test]
fn what_the_archive_has_first_does_not_stand_in_the_way_of_the_journey() {
    for archive_first in [true, false] {
        let mut driver = two();
        driver.press("h j Enter");
        driver.serve(&peer("bob"), 1..=100);
        driver.press("b b h k Enter");
        driver.state.recent.clear();
        driver.keeps_nothing = false;
        driver.effects.clear();
        driver.press("' b");
        let (id, _) = asked(&mut driver).expect("a question");
        let local =
            driver.take(|e| if let Effect::OpenLocal(id, _) = e { Some(*id) } else { None }).expect("a question");
        let newest: Vec<Message> = (151..=200).rev().map(|n| message(&peer("bob"), n)).collect();
        let end = PageEnd::More(Cursor::from(message(&peer("bob"), 151).id));
        let kept =
            Msg::Done(local, Answer::Local(Some(Kept { page: HistoryPage::new(newest, end), served_from: None })));
        let came = Msg::Done(id, Answer::Around(Box::new(around("bob", 1..=200, 100))));
        let order = if archive_first { [kept, came] } else { [came, kept] };
        for msg in order {
            driver.msg(msg);
        }
        assert_eq!(driver.cursor(), Some(100), "{archive_first}");
        driver.serve(&peer("bob"), 1..=200);
        assert_eq!(driver.cursor(), Some(100), "{archive_first}");
    }
}

#[test]
fn one_whose_message_is_gone_says_so_and_goes_and_the_archive_hears_of_it() {
    let mut driver = two();
    driver.press("b a b c");
    while kept(&mut driver).is_some() {}
    let history = driver.state.history.as_mut().expect("open");
    let last = message(&peer("alice"), 100).id;
    history.timeline.remove(|entry| entry.message.id == last);
    history.heal();
    driver.press("' a");
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Done(id, Answer::Around(Box::new(around("alice", 1..=99, 100)))));
    assert!(toast(&driver).contains("bookmark a is gone"), "{}", toast(&driver));
    assert_eq!(driver.cursor(), Some(99), "where it would stand");
    let told = [kept(&mut driver).expect("told"), kept(&mut driver).expect("told")].map(|(_, c, b)| (c, b));
    assert_eq!(told, [(letter('a'), None), (letter('c'), None)]);
    driver.press("' a");
    assert_eq!(toast(&driver), "no bookmark a is set");
}

#[test]
fn what_only_an_archive_says_and_what_fails_takes_no_bookmark() {
    let mut driver = two();
    driver.press("b a");
    let history = driver.state.history.as_mut().expect("open");
    let last = message(&peer("alice"), 100).id;
    history.timeline.remove(|entry| entry.message.id == last);
    history.heal();
    driver.press("' a");
    let (id, _) = asked(&mut driver).expect("a question");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::Unreachable, "no")));
    let mut unsound = around("alice", 1..=99, 100);
    unsound.older.is_sound = false;
    for found in [unsound, Around { is_kept: true, ..around("alice", 1..=99, 100) }] {
        driver.press("' a");
        let (id, _) = asked(&mut driver).expect("a question");
        driver.msg(Msg::Done(id, Answer::Around(Box::new(found))));
        assert!(toast(&driver).starts_with("no message has this id"), "{}", toast(&driver));
    }
    assert_eq!(driver.state.bookmarks.all().len(), 1);
}

#[test]
fn a_deletion_takes_the_bookmarks_of_what_went() {
    let mut driver = two();
    driver.press("b a k b c");
    while kept(&mut driver).is_some() {}
    driver.press("D m");
    driver.pass(1000);
    driver.press("x");
    let (id, plan) = driver
        .take(|e| if let Effect::Delete(id, plan) = e { Some((*id, plan.clone())) } else { None })
        .expect("a deletion");
    let ids = vec![message(&peer("alice"), 99).id];
    let report = DeletionReport { plan, chunks: vec![Chunk { ids, outcome: ChunkOutcome::Done }], kept: None };
    driver.msg(Msg::Done(id, Answer::Deleted(report)));
    let left: Vec<char> = driver.state.bookmarks.all().map(|b| b.letter.get()).collect();
    assert_eq!((left, kept(&mut driver)), (vec!['a'], None), "the archive knows by itself");
}

#[test]
fn without_an_archive_it_is_said_how_long_one_holds() {
    let mut driver = two();
    driver.press("b a");
    let (id, ..) = kept(&mut driver).expect("a question");
    driver.msg(Msg::Done(id, Answer::BookmarkKept(false)));
    assert!(toast(&driver).contains("until the program ends"), "{}", toast(&driver));
    driver.press("b b");
    let (id, ..) = kept(&mut driver).expect("a question");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::DiskFull, "")));
    assert!(toast(&driver).contains("bookmark b holds until the program ends: "), "{}", toast(&driver));
    driver.press("' a");
    assert_eq!(driver.state.bookmarks.all().len(), 2);
    driver.state.note = Some(manyou::app::msg::Note::ForNow);
    driver.press("b c");
    let (id, ..) = kept(&mut driver).expect("a question");
    driver.msg(Msg::Done(id, Answer::BookmarkKept(true)));
    assert!(toast(&driver).contains("until the program ends"), "{}", toast(&driver));
}

#[test]
fn what_an_archive_has_comes_with_the_sign_in_and_goes_with_the_account() {
    let mut driver = Driver::new();
    let id = driver.take(|e| if let Effect::LoadBookmarks(id) = e { Some(*id) } else { None }).expect("a question");
    let wanted = message(&peer("alice"), 7);
    let all = vec![Bookmark { letter: letter('q'), peer: peer("alice"), id: wanted.id, time: wanted.time }];
    driver.msg(Msg::Done(id, Answer::Bookmarks(all)));
    driver.answer_list(vec![conversation("bob", 9, 0)]);
    // From the list too.
    driver.press("' q");
    assert_eq!(open(&driver), "alice");
    assert!(asked(&mut driver).is_some());
    let sign_in = manyou::app::update::sign_in(&mut driver.state, manyou::app::msg::SignIn::Demo);
    let Some(Effect::SignIn(id, _)) = sign_in.into_iter().next() else { panic!("no sign-in") };
    let mut account = driver.state.shown.clone().expect("shown");
    account.user = "other".to_owned();
    let other = manyou::app::Account {
        user: "other".parse().expect("a user"),
        place: "shop".to_owned(),
        read_only: false,
        on_behalf: false,
        target: account,
        keeps: true,
    };
    driver.msg(Msg::Done(id, Answer::SignedIn(other)));
    assert_eq!(driver.state.bookmarks.all().len(), 0);
}

#[test]
fn every_jump_can_be_gone_back_from_and_what_is_none_does_not_count() {
    let mut driver = two();
    driver.press("' '");
    assert_eq!(toast(&driver), "no jump to go back from");
    let time = (crate::driver::START + 90 * 60_000).to_string();
    let id = message(&peer("alice"), 95).id.to_string();
    let typed = |text: &str| text.chars().flat_map(|c| [c, ' ']).collect::<String>() + "Enter";
    driver.press("k k");
    driver.press("g g");
    driver.serve(&peer("alice"), 1..=100);
    for (keys, then) in [
        ("G".to_owned(), 100),
        (format!("g d {}", typed(&time)), 90),
        (format!("g i {}", typed(&id)), 95),
        ("End".to_owned(), 100),
        ("Home".to_owned(), 1),
    ] {
        let from = driver.cursor();
        driver.press(&keys);
        assert_eq!(driver.cursor(), Some(then), "{keys}");
        // Steps on the way are no jumps.
        driver.press("j k");
        driver.press("' '");
        assert_eq!(driver.cursor(), from, "{keys}");
        driver.press("' '");
    }
}

#[test]
fn the_screen_stands_as_it_stood_after_going_back() {
    let mut driver = two();
    driver.press("k k k k k");
    let anchor = |driver: &Driver| driver.state.history.as_ref().map(|h| (h.cursor, h.anchor));
    let before = anchor(&driver);
    driver.press("g g");
    driver.serve(&peer("alice"), 1..=100);
    driver.press("' '");
    assert_eq!(anchor(&driver), before);
}

#[test]
fn whoever_leaves_at_once_leaves_when_it_is_kept_and_stays_where_it_is_not() {
    let quits = |driver: &mut Driver| driver.take(|e| if *e == Effect::Quit { Some(()) } else { None }).is_some();
    let mut driver = two();
    driver.press("b a b b h q");
    let [first, second] = [kept(&mut driver).expect("a question").0, kept(&mut driver).expect("a question").0];
    driver.msg(Msg::Done(first, Answer::BookmarkKept(true)));
    assert!(!quits(&mut driver));
    driver.msg(Msg::Done(second, Answer::BookmarkKept(true)));
    assert!(quits(&mut driver));
    let mut driver = two();
    driver.press("b a h q");
    let (id, ..) = kept(&mut driver).expect("a question");
    driver.msg(Msg::Failed(id, Failure::local(FailureKind::DiskFull, "")));
    assert!(!quits(&mut driver) && toast(&driver).contains("until the program ends"));
    driver.press("q");
    assert!(quits(&mut driver));
    // Who does not want to wait presses again.
    let mut driver = two();
    driver.press("b a h q q");
    assert!(quits(&mut driver));
}

#[test]
fn a_jump_ends_the_journey_that_is_on_its_way() {
    for keys in ["G", "g g", "g u", "' '", "' b"] {
        let mut driver = Driver::with_list(vec![conversation("alice", 2_000, 2)]);
        driver.press("Enter");
        driver.serve(&peer("alice"), 1..=2_000);
        driver.press("b b k k k");
        driver.state.bookmarks.back = None;
        driver.press("G k k");
        driver.press("g d - 9 d Enter");
        let (id, _) = asked(&mut driver).expect("a question");
        driver.effects.clear();
        driver.press(keys);
        let cancelled = driver.take(|e| if let Effect::Cancel(ids) = e { Some(ids.clone()) } else { None });
        assert_eq!(cancelled, Some(vec![id]), "{keys}");
        let before = driver.cursor();
        driver.msg(Msg::Done(id, Answer::Around(Box::new(around("alice", 1..=2_000, 900)))));
        assert_eq!(driver.cursor(), before, "{keys}");
    }
}

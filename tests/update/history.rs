//! An open history: paging, anchoring, moving, reading again.

use manyou::app::msg::{Answer, Effect, Msg};
use manyou::app::rows::RowsCx;
use manyou::app::timeline::{Dead, Edge};
use manyou::app::update::update;
use manyou::app::viewport::{Placed, place};
use manyou::domain::{Cursor, Direction, FailureKind, HistoryPage, PageEnd};

use crate::driver::{Driver, conversation, message, page, page_of, peer};

/// What is on the screen: each item and its row.
fn placed(driver: &mut Driver) -> Vec<Placed> {
    let layout = driver.state.layout();
    let pane = layout.history.expect("a history pane");
    let history = driver.state.history.take().expect("an open history");
    let cx = RowsCx::new(&driver.state, pane.width);
    let placed = place(&history, &cx, layout.content(pane).height);
    driver.state.history = Some(history);
    placed
}

#[test]
fn it_opens_at_the_newest_and_pages_ahead_of_the_scroll() {
    let mut driver = Driver::with_list(vec![conversation("alice", 500, 0)]);
    driver.press("Enter");
    let (id, query) = driver.page_request().expect("the newest page");
    assert_eq!((query.cursor.clone(), query.direction, query.size.get()), (None, Direction::Up, 50));
    let all: Vec<_> = (1..=500).map(|n| message(&peer("alice"), n)).collect();
    driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
    assert_eq!(driver.cursor(), Some(500));
    driver.serve(&peer("alice"), 1..=500);
    let ahead = driver.loaded().len();
    assert!((50..=150).contains(&ahead), "{ahead} rows were loaded without being scrolled to");
    for _ in 0..200 {
        driver.press("C-u");
        driver.serve(&peer("alice"), 1..=500);
    }
    assert_eq!(driver.loaded(), (1..=500).collect::<Vec<_>>());
    assert!(driver.state.history.as_ref().is_some_and(|h| h.timeline.segments[0].older == Edge::Reached));
}

#[test]
fn both_true_ends_are_one_request_away() {
    let mut driver = Driver::with_history(20_000);
    driver.press("g g");
    driver.serve(&peer("alice"), 1..=20_000);
    assert_eq!(driver.cursor(), Some(1));
    let asked = driver.loaded().len();
    assert!(asked < 400, "{asked} rows were loaded to see the first");
    assert_eq!(driver.state.history.as_ref().map(|h| h.timeline.segments.len()), Some(2));
    driver.press("G");
    driver.serve(&peer("alice"), 1..=20_000);
    assert_eq!(driver.cursor(), Some(20_000));
}

#[test]
fn walking_the_whole_history_keeps_the_window_bounded_and_loses_nothing() {
    let mut driver = Driver::with_history(5000);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..1200 {
        driver.press("PageUp");
        driver.serve(&peer("alice"), 1..=5000);
        seen.extend(driver.cursor());
        let loaded = driver.loaded();
        assert!(loaded.len() <= 2100 && loaded.windows(2).all(|w| w[0] < w[1]));
        if driver.cursor() == Some(1) {
            break;
        }
    }
    assert_eq!(driver.cursor(), Some(1));
    for _ in 0..1200 {
        driver.press("PageDown");
        driver.serve(&peer("alice"), 1..=5000);
    }
    assert_eq!(driver.cursor(), Some(5000));
}

/// Answers all that is asked for, as the archive or as a server; says how many pages that were.
fn answer(driver: &mut Driver, is_kept: bool) -> usize {
    let all: Vec<_> = (1..=2_000).map(|n| message(&peer("alice"), n)).collect();
    let mut pages = 0;
    while let Some((id, query)) = driver.page_request() {
        let size = query.size.get().max(if is_kept { query.kept } else { 0 });
        driver.msg(Msg::Done(id, Answer::Page(HistoryPage { is_kept, ..page_of(&all, &query, size) })));
        pages += 1;
    }
    pages
}

#[test]
fn as_many_pages_up_at_once_lead_as_far_as_one_after_another_where_the_archive_has_them() {
    let (mut paced, mut at_once) = (Driver::with_history(2_000), Driver::with_history(2_000));
    for _ in 0..25 {
        paced.press("PageUp");
        answer(&mut paced, true);
    }
    let stands = placed(&mut paced);
    assert!(paced.cursor().is_some_and(|at| (2..1_700).contains(&at)), "{:?}", paced.cursor());
    (0..25).for_each(|_| _ = at_once.press("PageUp"));
    assert_ne!(placed(&mut at_once), stands);
    let pages = answer(&mut at_once, true);
    assert!(pages < 10, "what is kept is read in long pieces where it is gone through: {pages}");
    // A line that only the end of what is loaded has, such as its day, may have come between.
    let apart = at_once.cursor().zip(paced.cursor()).map(|(a, b)| a.abs_diff(b));
    assert!(apart.is_some_and(|rows| rows <= 2), "{apart:?}");
    // Another key ends it, and so does a page that a server had to be asked for.
    for ends in [true, false] {
        let mut driver = Driver::with_history(2_000);
        (0..25).for_each(|_| _ = driver.press("PageUp"));
        let before = driver.cursor();
        if ends {
            driver.press("C-e");
            driver.press("C-y");
        }
        answer(&mut driver, ends);
        assert_eq!(driver.cursor(), before, "{ends}");
    }
}

#[test]
fn on_the_way_up_the_next_piece_is_asked_for_before_the_last_one_is_measured() {
    let all: Vec<_> = (1..=2_000).map(|n| message(&peer("alice"), n)).collect();
    let mut driver = Driver::with_history(2_000);
    (0..80).for_each(|_| _ = driver.press("PageUp"));
    let (id, query) = driver.page_request().expect("a piece");
    let page = HistoryPage { is_kept: true, ..page_of(&all, &query, query.size.get().max(query.kept)) };
    let measured = |state: &manyou::app::State| state.history.as_ref().expect("open").heights.measured();
    let (before, now) = (measured(&driver.state), driver.state.now);
    let effects = update(&mut driver.state, Msg::Done(id, Answer::Page(page)), now);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadPage(..))), "{effects:?}");
    assert!(effects.contains(&Effect::GoOn), "{effects:?}");
    // What is on the screen needs a few.
    assert!(measured(&driver.state) < before + 20);
    update(&mut driver.state, Msg::GoOn, now);
    assert!(measured(&driver.state) > before + 40);
}

#[test]
fn nobody_goes_up_further_after_a_page_that_failed_or_any_other_key() {
    let all: Vec<_> = (1..=2_000).map(|n| message(&peer("alice"), n)).collect();
    let owed = |driver: &Driver| driver.state.history.as_ref().expect("open").owed;
    let up = || {
        let mut driver = Driver::with_history(2_000);
        (0..80).for_each(|_| _ = driver.press("PageUp"));
        assert!(owed(&driver) > 100);
        driver
    };
    let mut failed = up();
    let (id, _) = failed.page_request().expect("a piece");
    failed.msg(Msg::Failed(id, manyou::domain::Failure::local(FailureKind::Timeout, "late")));
    assert_eq!(owed(&failed), 0);
    for key in ["\\", "h", "j", "' '", "?", "/"] {
        let mut driver = up();
        driver.press(key);
        assert_eq!(owed(&driver), 0, "{key}");
    }
    // Behind a filter nothing is paged through.
    let mut filtered = up();
    let (id, query) = filtered.page_request().expect("a piece");
    let history = filtered.state.history.as_mut().expect("open");
    *history.filter = manyou::app::filter::Filter::parse("message");
    let page = HistoryPage { is_kept: true, ..page_of(&all, &query, query.size.get().max(query.kept)) };
    filtered.msg(Msg::Done(id, Answer::Page(page)));
    assert_eq!(filtered.page_request(), None);
}

#[test]
fn whoever_asked_for_the_oldest_gets_there_whatever_comes_first() {
    let all: Vec<_> = (1..=79).map(|n| message(&peer("alice"), n)).collect();
    for newest_first in [true, false] {
        let mut driver = Driver::with_list(vec![conversation("alice", 79, 0)]);
        driver.press("Enter");
        let newest = driver.page_request().expect("the newest page");
        driver.press("g g");
        let oldest = driver.page_request().expect("the oldest page");
        let order = if newest_first { [newest, oldest] } else { [oldest, newest] };
        for (id, query) in order {
            driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
        }
        driver.serve(&peer("alice"), 1..=79);
        assert_eq!(driver.cursor(), Some(1), "{newest_first}");
        let top = placed(&mut driver).into_iter().find(|placed| placed.height > 0).expect("a row");
        assert_eq!(top.top, 0);
        assert!(matches!(top.item, manyou::app::history::Item::Row(key) if key.id == all[0].id), "{newest_first}");
    }
}

#[test]
fn whoever_asks_for_the_oldest_before_the_archive_or_the_server_answered_gets_there() {
    use manyou::app::msg::Kept;
    let all: Vec<_> = (1..=79).map(|n| message(&peer("alice"), n)).collect();
    for (archive_first, newest_first) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut driver = Driver::with_list(vec![conversation("alice", 79, 0)]);
        driver.keeps_nothing = false;
        driver.press("Enter");
        let id = driver.take(|e| if let Effect::OpenLocal(id, _) = e { Some(*id) } else { None }).expect("a question");
        if !archive_first {
            driver.press("g g");
        }
        let query = manyou::domain::HistoryQuery::new(peer("alice"), None, manyou::domain::Direction::Up);
        let page_of_newest = HistoryPage { is_kept: true, ..page(&all, &query) };
        driver.msg(Msg::Done(id, Answer::Local(Some(Kept { page: page_of_newest, served_from: None }))));
        if archive_first {
            driver.press("g g");
        }
        let mut asked: Vec<_> = std::iter::from_fn(|| driver.page_request()).collect();
        assert!(asked.len() > 1, "what is kept is compared, and the oldest is asked for");
        if !newest_first {
            asked.reverse();
        }
        for (id, query) in asked {
            driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
        }
        driver.serve(&peer("alice"), 1..=79);
        assert_eq!(driver.cursor(), Some(1), "{archive_first} {newest_first}");
        let top = placed(&mut driver).into_iter().find(|placed| placed.height > 0).expect("a row");
        assert!(matches!(top.item, manyou::app::history::Item::Row(key) if key.id == all[0].id));
    }
}

#[test]
fn nothing_moves_when_a_page_arrives_above() {
    let mut driver = Driver::with_list(vec![conversation("alice", 500, 0)]);
    driver.press("Enter");
    let all: Vec<_> = (1..=500).map(|n| message(&peer("alice"), n)).collect();
    let (id, query) = driver.page_request().expect("a page");
    driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
    driver.press("k k k");
    let before: Vec<_> = placed(&mut driver);
    driver.serve(&peer("alice"), 1..=500);
    assert_eq!(placed(&mut driver), before);
}

#[test]
fn a_resize_keeps_the_row_under_the_cursor_on_its_line() {
    let mut driver = Driver::with_history(100);
    driver.press("k k k k k");
    let line = |driver: &mut Driver| {
        let key = driver.state.history.as_ref().and_then(|h| h.cursor).expect("a cursor");
        placed(driver).into_iter().find(|p| p.item == manyou::app::history::Item::Row(key)).map(|p| p.top)
    };
    let before = line(&mut driver);
    driver.msg(Msg::Resized(78, 24));
    assert_eq!(line(&mut driver), before);
    assert_eq!(driver.cursor(), Some(95));
}

#[test]
fn a_late_page_of_the_previous_conversation_is_dropped() {
    let mut driver = Driver::with_list(vec![conversation("bob", 9, 0), conversation("alice", 8, 0)]);
    driver.press("Enter");
    let (late, query) = driver.page_request().expect("bob's page");
    driver.press("h j Enter");
    assert!(driver.effects.contains(&Effect::Cancel(vec![late])));
    let all: Vec<_> = (1..=9).map(|n| message(&peer("bob"), n)).collect();
    driver.msg(Msg::Done(late, Answer::Page(page(&all, &query))));
    assert!(driver.loaded().is_empty());
}

#[test]
fn a_failed_page_is_a_row_and_enter_tries_again() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("Enter");
    driver.fail_page(FailureKind::Server);
    assert!(driver.page_request().is_none(), "no automatic loop");
    driver.press("Enter");
    driver.serve(&peer("alice"), 1..=9);
    assert_eq!(driver.loaded().len(), 9);
}

#[test]
fn a_repeated_cursor_stops_and_is_incomplete() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("Enter");
    let cursor = Cursor::new("8").expect("a cursor");
    for _ in 0..2 {
        let (id, _) = driver.page_request().expect("a page request");
        let messages = vec![message(&peer("alice"), 9), message(&peer("alice"), 8)];
        driver.msg(Msg::Done(id, Answer::Page(HistoryPage::new(messages, PageEnd::More(cursor.clone())))));
    }
    assert_eq!(driver.loaded(), [8, 9]);
    assert!(driver.page_request().is_none());
    assert_eq!(
        driver.state.history.as_ref().map(|h| h.timeline.segments[0].older.clone()),
        Some(Edge::Incomplete(Dead::Repeats))
    );
}

#[test]
fn three_empty_pages_end_the_search_for_more() {
    let mut driver = Driver::with_list(vec![conversation("alice", 9, 0)]);
    driver.press("Enter");
    for n in 1..=3 {
        let (id, _) = driver.page_request().expect("a page request");
        let end = PageEnd::More(Cursor::new(&format!("c{n}")).expect("a cursor"));
        driver.msg(Msg::Done(id, Answer::Page(HistoryPage::new(Vec::new(), end))));
    }
    assert!(driver.page_request().is_none());
}

#[test]
fn reading_again_shows_what_the_server_still_has() {
    let mut driver = Driver::with_history(30);
    driver.press("R");
    driver.answer_list(vec![conversation("alice", 31, 0)]);
    driver.serve(&peer("alice"), (1..=31).filter(|n| ![10, 20].contains(n)));
    assert_eq!(driver.loaded(), (1..=31).filter(|n| ![10, 20].contains(n)).collect::<Vec<_>>());
    assert!(driver.state.toast.is_some(), "it says that two are gone");
}

#[test]
fn returning_to_a_conversation_shows_it_at_once_and_reads_it_again() {
    let mut driver = Driver::with_list(vec![conversation("bob", 9, 0), conversation("alice", 8, 0)]);
    driver.press("Enter");
    driver.serve(&peer("bob"), 1..=9);
    driver.press("h j Enter");
    driver.serve(&peer("alice"), 1..=8);
    driver.press("h k Enter");
    assert_eq!(driver.loaded().len(), 9, "what was loaded is there before any answer");
    driver.serve(&peer("bob"), 2..=9);
    assert_eq!(driver.loaded(), (2..=9).collect::<Vec<_>>());
}

#[test]
fn a_range_mark_follows_the_cursor_and_star_takes_what_matches() {
    let mut driver = Driver::with_history(30);
    driver.press("v k k k v");
    let marks = |d: &Driver| d.state.history.as_ref().map_or(0, |h| h.marks.len());
    assert_eq!(marks(&driver), 4);
    driver.press("Esc");
    assert_eq!(marks(&driver), 0);
    driver.press("\\ f r o m : a l i c e Enter *");
    assert_eq!(marks(&driver), 15);
}

#[test]
fn days_are_jumped_by_their_first_message() {
    let mut driver = Driver::with_history(3000);
    driver.press("{");
    let day = |n: i64| (crate::driver::START / 60_000 + n).div_euclid(1440);
    let cursor = driver.cursor().expect("a cursor");
    assert!(day(cursor) < day(3000), "{cursor}");
}

#[test]
fn the_walk_over_days_stops_where_more_must_be_loaded() {
    // One page is there, all of it of one day.
    let mut driver = Driver::with_list(vec![conversation("alice", 20_000, 0)]);
    driver.press("Enter");
    let (id, query) = driver.page_request().expect("a page");
    let all: Vec<_> = (1..=20_000).map(|n| message(&peer("alice"), n)).collect();
    driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
    let day = |n: i64| (crate::driver::START / 60_000 + n).div_euclid(1440);
    // Pressed once: the walk goes on by itself as the pages come.
    driver.press("{");
    let mut pages = 0;
    while driver.state.history.as_ref().is_some_and(|h| h.walks.is_some()) {
        pages += 1;
        driver.serve(&peer("alice"), 1..=20_000);
        assert!(pages < 100, "it gets there");
    }
    let cursor = driver.cursor().expect("a cursor");
    assert_eq!((day(cursor), day(cursor - 1)), (day(20_000) - 1, day(20_000) - 2));
}

#[test]
fn a_key_ends_the_walk_to_another_day() {
    let mut driver = Driver::with_list(vec![conversation("alice", 20_000, 0)]);
    driver.press("Enter");
    let (id, query) = driver.page_request().expect("a page");
    let all: Vec<_> = (1..=20_000).map(|n| message(&peer("alice"), n)).collect();
    driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
    driver.press("{");
    driver.press("j");
    let before = driver.cursor();
    driver.serve(&peer("alice"), 1..=20_000);
    assert_eq!(driver.cursor(), before);
}

#[test]
fn the_walk_over_days_does_not_jump_over_a_gap() {
    let mut driver = Driver::with_history(20_000);
    driver.press("g g");
    driver.serve(&peer("alice"), 1..=20_000);
    let gap = driver.loaded().windows(2).find(|w| w[1] != w[0] + 1).map(|w| w[0]).expect("a gap");
    driver.press("}");
    assert_eq!(driver.cursor(), Some(gap), "its near side");
    assert!(driver.page_request().is_some(), "and it is loaded");
}

#[test]
fn rows_that_were_not_read_again_stay_when_the_answer_is_empty() {
    let mut driver = Driver::with_history(30);
    let timeline = &mut driver.state.history.as_mut().expect("open").timeline;
    let above = timeline.entries().nth(20).map(|e| e.key);
    let gone = timeline.reconcile(
        Vec::new(),
        &manyou::domain::PageEnd::End,
        above,
        manyou::domain::ServerTime(crate::driver::START),
    );
    assert_eq!(gone, 20);
    assert_eq!(driver.loaded(), (21..=30).collect::<Vec<_>>());
}

#[test]
fn more_new_messages_than_a_reread_takes_leave_a_visible_gap() {
    let mut driver = Driver::with_history(60);
    driver.press("R");
    driver.answer_list(vec![conversation("alice", 2000, 0)]);
    // Ten pages of the rereading, and no page of the gap.
    let all: Vec<_> = (1..=2000).map(|n| message(&peer("alice"), n)).collect();
    for _ in 0..10 {
        let (id, query) = driver.page_request().expect("a page of the reread");
        driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
    }
    let loaded = driver.loaded();
    assert!(loaded.contains(&2000) && loaded.contains(&60) && !loaded.contains(&1000));
    let segments = driver.state.history.as_ref().map(|h| h.timeline.segments.len());
    assert_eq!(segments, Some(2), "what lies between is a gap, not a joint");
    driver.press("G");
    for _ in 0..400 {
        driver.press("C-u");
        driver.serve(&peer("alice"), 1..=2000);
    }
    assert_eq!(driver.loaded(), (1..=2000).collect::<Vec<_>>());
}

#[test]
fn what_loads_for_long_is_stopped_by_esc_or_c_c_and_comes_with_enter() {
    for key in ["Esc", "C-c"] {
        let mut driver = Driver::with_list(vec![conversation("alice", 3000, 0)]);
        driver.press("Enter");
        driver.serve(&peer("alice"), 1..=3000);
        driver.press("g g");
        let (id, _) = driver.page_request().expect("a page");
        driver.pass(500);
        driver.effects.clear();
        driver.press(key);
        assert!(driver.effects.iter().any(|e| matches!(e, Effect::Cancel(ids) if ids.contains(&id))), "{key}");
        assert!(driver.page_request().is_none(), "{key}: it is not asked for again by itself");
        driver.press("Enter");
        assert!(driver.page_request().is_some(), "{key}");
    }
}

#[test]
fn an_archive_is_on_the_screen_before_the_server_and_says_what_only_it_has() {
    use manyou::app::msg::Kept;
    let mut driver = Driver::with_list(vec![conversation("alice", 30, 0)]);
    driver.keeps_nothing = false;
    driver.press("Enter");
    assert!(driver.page_request().is_none(), "the archive is asked first");
    let id = driver.take(|e| if let Effect::OpenLocal(id, _) = e { Some(*id) } else { None }).expect("a question");
    let mut messages: Vec<_> = (1..=30).map(|n| message(&peer("alice"), n)).collect();
    let served_from = Some(messages[10].time);
    messages.reverse();
    let kept = Kept { page: HistoryPage::new(messages, PageEnd::End), served_from };
    driver.msg(Msg::Done(id, Answer::Local(Some(kept))));
    assert_eq!(driver.loaded(), (1..=30).collect::<Vec<_>>());
    let (id, query) = driver.page_request().expect("and then the server");
    assert!(query.fresh && query.cursor.is_none());
    // The server still has twenty of them; the archive is asked for the others again.
    let all: Vec<_> = (11..=30).map(|n| message(&peer("alice"), n)).collect();
    driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
    assert!(driver.state.toast.is_none(), "nothing is said to be gone");
    let (id, query) = driver.page_request().expect("the rest");
    assert!(!query.fresh && query.cursor == Some(Cursor::from(all[0].id)));
    let rest: Vec<_> = (1..=10).map(|n| message(&peer("alice"), n)).collect();
    driver.msg(Msg::Done(id, Answer::Page(page(&rest, &query))));
    assert_eq!(driver.loaded(), (1..=30).collect::<Vec<_>>());
    let history = driver.state.history.take().expect("open");
    let cx = RowsCx::new(&driver.state, 80);
    let first = manyou::app::history::Item::Row(history.timeline.entries().next().expect("a row").key);
    let words: String = cx.lines(&history, first).iter().flat_map(|l| &l.right).map(|s| s.text.as_str()).collect();
    assert!(words.contains("kept only here") && !words.contains("oldest on server"), "{words}");
}

#[test]
fn a_server_that_gives_the_same_page_under_ever_new_cursors_is_not_asked_for_ever() {
    let mut driver = Driver::with_list(vec![conversation("alice", 500, 0)]);
    driver.press("Enter");
    let all: Vec<_> = (451..=500).map(|n| message(&peer("alice"), n)).collect();
    let mut asked = 0_u64;
    while let Some((id, query)) = driver.page_request() {
        asked += 1;
        assert!(asked < 20, "it goes on and on");
        let newest = manyou::domain::HistoryQuery { cursor: None, ..query };
        let cursor = Cursor::from(manyou::domain::MessageId(1_000 - asked));
        let page = HistoryPage::new(page(&all, &newest).messages, PageEnd::More(cursor));
        driver.msg(Msg::Done(id, Answer::Page(page)));
        driver.press("PageUp");
    }
    let history = driver.state.history.as_ref().expect("open");
    assert_eq!(history.timeline.segments[0].older, Edge::Incomplete(Dead::Empty));
}

#[test]
fn r_compares_all_that_is_here_after_the_screen_and_says_how_many_went() {
    let mut driver = Driver::with_history(60);
    driver.press("R");
    driver.answer_list(vec![conversation("alice", 60, 0)]);
    let compares = |driver: &mut Driver| driver.take(|e| if let Effect::Compare(id, _) = e { Some(*id) } else { None });
    assert!(compares(&mut driver).is_none(), "the rows on the screen come first");
    let gone = [message(&peer("alice"), 59).id, message(&peer("alice"), 7).id];
    let left: Vec<_> = (1..=60).filter(|n| *n != 59).map(|n| message(&peer("alice"), n)).collect();
    while let Some((id, query)) = driver.page_request() {
        driver.msg(Msg::Done(id, Answer::Page(page(&left, &query))));
    }
    let id = compares(&mut driver).expect("then all of it");
    driver.msg(Msg::Done(id, Answer::Compared(vec![gone[1]])));
    assert!(driver.state.toast.as_ref().is_some_and(|toast| toast.text.starts_with("2 no longer")));
    let here = |n: i64| driver.loaded().contains(&n);
    assert!(!here(59) && !here(7) && here(8));
    driver.press("R");
    while let Some((id, query)) = driver.page_request() {
        driver.msg(Msg::Done(id, Answer::Page(page(&left, &query))));
    }
    let id = compares(&mut driver).expect("again");
    driver.msg(Msg::Done(id, Answer::Compared(Vec::new())));
    assert!(driver.state.toast.as_ref().is_some_and(|toast| toast.text.contains("nothing is gone")));
}

//! Going to a place: what lies on both sides of it, never across a hole, and what comes beyond one.

use manyou::domain::{Direction, MessageId, PageSize, ServerTime, Spot};
use manyou::store::LocalEnd;

use crate::model::{Archive, START, Server, ids, text};

const MINUTE: i64 = 60_000;

fn server(count: i64) -> Server {
    Server((0..count).map(|n| text(START + n * MINUTE, 1, "words")).collect())
}

/// The newest three and the oldest three of twenty are here.
fn with_hole() -> (Archive, Server) {
    let (archive, server) = (Archive::new(), server(20));
    archive.fetch(&server, None, Direction::Up, 3);
    archive.fetch(&server, None, Direction::Down, 3);
    (archive, server)
}

fn size(n: u64) -> PageSize {
    PageSize::new(n).unwrap()
}

#[test]
fn a_place_in_what_is_complete_is_answered_with_both_sides() {
    let (archive, server) = (Archive::new(), server(20));
    archive.walk(&server, 50);
    let between = ServerTime(START + 9 * MINUTE + 1);
    for (spot, first) in
        [(Spot::Time(between), 10), (Spot::Message(server.0[10].id), 10), (Spot::Time(ServerTime(START)), 0)]
    {
        let here = archive.store.around(&archive.peer, spot, size(4)).expect("read").expect("something");
        let newer = &server.0[first..(first + 4).min(20)];
        let older: Vec<_> = server.0[..first].iter().rev().take(4).cloned().collect();
        assert!(here.is_covered, "{spot:?}");
        assert_eq!((ids(&here.older.messages), ids(&here.newer.messages)), (ids(&older), ids(newer)), "{spot:?}");
    }
}

#[test]
fn a_place_in_a_hole_gives_the_nearest_and_says_so() {
    let (archive, server) = with_hole();
    let spot = Spot::Time(ServerTime(START + 10 * MINUTE));
    let here = archive.store.around(&archive.peer, spot, size(50)).expect("read").expect("something");
    assert!(!here.is_covered);
    assert!(here.older.messages.is_empty() && matches!(here.older.end, LocalEnd::Hole(_)));
    assert_eq!(ids(&here.newer.messages), ids(&server.0[17..]));
    // A message nobody has shown may stand anywhere: only the server knows.
    let unknown = Spot::Message(MessageId(server.0[18].id.0 + 1));
    let here = archive.store.around(&archive.peer, unknown, size(50)).expect("read").expect("something");
    assert!(!here.is_covered);
}

#[test]
fn beyond_a_hole_comes_the_next_stretch_in_either_direction() {
    let (archive, server) = with_hole();
    let beyond = |n: usize, direction| {
        let next = archive.store.beyond(&archive.peer, server.0[n].id, direction, size(50)).expect("read");
        next.map(|local| ids(&local.messages))
    };
    let reversed: Vec<_> = server.0[..3].iter().rev().cloned().collect();
    assert_eq!(beyond(18, Direction::Up), Some(ids(&reversed)));
    assert_eq!(beyond(1, Direction::Down), Some(ids(&server.0[17..])));
    assert_eq!(beyond(1, Direction::Up), None);
    assert_eq!(beyond(18, Direction::Down), None);
}

#[test]
fn what_no_stretch_holds_can_be_gone_to_and_stays_open_at_both_ends() {
    let (archive, server) = with_hole();
    let loose: Vec<_> = server.0[8..11].iter().map(|m| (archive.peer.clone(), m.clone())).collect();
    archive.store.import(&loose, crate::model::NOW).expect("kept");
    let here = archive.store.around(&archive.peer, Spot::Message(server.0[9].id), size(50)).expect("read").unwrap();
    assert!(!here.is_covered && here.is_loose);
    assert_eq!(ids(&here.older.messages), [server.0[8].id.0]);
    assert_eq!(ids(&here.newer.messages), ids(&server.0[9..11]));
    assert!(matches!((here.older.end, here.newer.end), (LocalEnd::Hole(_), LocalEnd::Hole(_))));
    let next = archive.store.beyond(&archive.peer, server.0[17].id, Direction::Up, size(50)).expect("read").unwrap();
    assert_eq!(ids(&next.messages), ids(&[server.0[10].clone(), server.0[9].clone(), server.0[8].clone()]));
}

#[test]
fn what_a_file_holds_is_all_there_is_once_that_is_noted() {
    let (archive, server) = (Archive::new(), server(20));
    let (first, last) = (Spot::Time(ServerTime(0)), Spot::Time(ServerTime(i64::MAX)));
    let own = server.0.iter().map(|message| (archive.peer.clone(), message.clone())).collect::<Vec<_>>();
    archive.store.import(&own, ServerTime(START + 1_000 * MINUTE)).expect("imported");
    let here = archive.store.around(&archive.peer, first, size(4)).expect("read").expect("something");
    assert!(!here.is_covered, "a file says nothing of what the server has");
    let newest = archive.store.around(&archive.peer, last, size(4)).expect("read").expect("something").older;
    assert_eq!(ids(&newest.messages), ids(&server.0[16..].iter().rev().cloned().collect::<Vec<_>>()));
    archive.store.seal(std::slice::from_ref(&archive.peer)).expect("noted");
    let here = archive.store.around(&archive.peer, first, size(4)).expect("read").expect("something");
    assert!(here.is_covered && archive.store.horizon(Some(&archive.peer)).expect("read").whole);
    assert_eq!(ids(&here.newer.messages), ids(&server.0[..4]));
    let all = archive.store.around(&archive.peer, last, size(50)).expect("read").expect("something").older;
    assert_eq!((all.messages.len(), all.end), (20, LocalEnd::End));
}

#[test]
fn what_a_file_holds_goes_on_from_a_message_in_pieces_of_any_length() {
    let (archive, server) = (Archive::new(), server(20));
    let own = server.0.iter().map(|message| (archive.peer.clone(), message.clone())).collect::<Vec<_>>();
    archive.store.import(&own, ServerTime(START + 1_000 * MINUTE)).expect("imported");
    for (nth, limit) in [(0, 50), (9, 4), (9, 50), (19, 1), (19, 18)] {
        let next = |direction| archive.store.next_to(&archive.peer, server.0[nth].id, direction, limit).expect("read");
        let up = next(Direction::Up).expect("something");
        let older: Vec<_> = server.0[..nth].iter().rev().take(limit).cloned().collect();
        assert_eq!(ids(&up.messages), ids(&older), "{nth} {limit}");
        let down = next(Direction::Down).expect("something");
        assert!(!down.messages.iter().any(|message| message.id == server.0[nth].id));
        assert_eq!(ids(&down.messages), ids(&server.0[nth + 1..][..down.messages.len()]), "{nth} {limit}");
        assert_eq!(down.messages.len(), limit.min(19 - nth), "{nth} {limit}");
    }
}

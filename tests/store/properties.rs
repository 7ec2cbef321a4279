//! Whatever was asked in whatever order: no hole is passed over, and a full walk leaves exactly what the server has.

use manyou::domain::{Cursor, Direction, Message, PageEnd, ServerTime};
use manyou::store::{At, LocalEnd};
use proptest::prelude::*;

use crate::model::{Archive, START, Server, ids, text};

#[derive(Clone, Debug)]
enum Step {
    Newest(usize),
    Oldest(usize),
    /// Goes on where the archive has a hole, upwards or downwards, from the nth message.
    Hole(prop::sample::Index, bool, usize),
    /// From the nth message of the server, whatever is known around it.
    From(prop::sample::Index, bool, usize),
    Arrive(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let size = 1..7_usize;
    prop_oneof![
        size.clone().prop_map(Step::Newest),
        size.clone().prop_map(Step::Oldest),
        (any::<prop::sample::Index>(), any::<bool>(), size.clone()).prop_map(|(i, up, n)| Step::Hole(i, up, n)),
        (any::<prop::sample::Index>(), any::<bool>(), size).prop_map(|(i, up, n)| Step::From(i, up, n)),
        (1..4_u8).prop_map(Step::Arrive),
    ]
}

/// Times close together: several messages share a millisecond.
fn server(gaps: &[u8]) -> Server {
    let mut ms = START;
    let message = |(n, gap): (usize, &u8)| {
        ms += i64::from(*gap);
        text(ms, n as u64, &format!("message {n}"))
    };
    Server(gaps.iter().enumerate().map(message).collect())
}

/// Neighbours in what the archive gives are neighbours on the server.
fn check(archive: &Archive, server: &Server, at: At, direction: Direction) -> Result<(), TestCaseError> {
    let (run, end) = archive.run(at, direction);
    let position = |m: &Message| server.0.iter().position(|s| s.id == m.id).expect("from this server");
    let places: Vec<usize> = run.iter().map(position).collect();
    for pair in places.windows(2) {
        let next = if direction == Direction::Up { pair[0].checked_sub(1) } else { Some(pair[0] + 1) };
        prop_assert_eq!(Some(pair[1]), next, "a hole was passed over");
    }
    if let (Some(LocalEnd::End), Direction::Up, Some(last)) = (end, direction, places.last()) {
        prop_assert_eq!(*last, 0, "the oldest was claimed");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_hole_is_passed_over_whatever_was_asked(
        gaps in prop::collection::vec(0..3_u8, 1..40),
        steps in prop::collection::vec(step(), 1..24),
    ) {
        let (archive, mut server) = (Archive::new(), server(&gaps));
        for step in steps {
            let way = |up: bool| if up { Direction::Up } else { Direction::Down };
            match step {
                Step::Newest(n) => _ = archive.fetch(&server, None, Direction::Up, n),
                Step::Oldest(n) => _ = archive.fetch(&server, None, Direction::Down, n),
                Step::Hole(i, up, n) => {
                    let from = At::Beyond(i.get(&server.0).id);
                    if let (_, Some(LocalEnd::Hole(cursor))) = archive.run(from, way(up)) {
                        archive.fetch(&server, Some(&cursor), way(up), n);
                    }
                }
                Step::From(i, up, n) => {
                    let cursor = Cursor::from(i.get(&server.0).id);
                    archive.fetch(&server, Some(&cursor), way(up), n);
                }
                Step::Arrive(n) => {
                    for _ in 0..n {
                        let (last, count) = (server.0.last().expect("one").time.ms(), server.0.len());
                        server.0.push(text(last + i64::from(n) - 1, count as u64, "new"));
                    }
                }
            }
            check(&archive, &server, At::Newest, Direction::Up)?;
            check(&archive, &server, At::Oldest, Direction::Down)?;
            for message in &server.0 {
                check(&archive, &server, At::Beyond(message.id), Direction::Up)?;
                check(&archive, &server, At::Beyond(message.id), Direction::Down)?;
            }
        }
    }

    #[test]
    fn a_walk_to_the_end_leaves_exactly_what_the_server_has(
        gaps in prop::collection::vec(0..3_u8, 1..40),
        gone in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        first in 1..7_usize,
        second in 1..7_usize,
    ) {
        let (archive, mut server) = (Archive::new(), server(&gaps));
        // Nothing is old enough to have run out.
        archive.now.set(ServerTime(START + 3_600_000));
        archive.walk(&server, first);
        for at in gone {
            if !server.0.is_empty() {
                server.0.remove(at.index(server.0.len()));
            }
        }
        archive.walk(&server, second);
        // What lacks most of what is here is believed when it is said again.
        archive.now.set(ServerTime(START + 3_660_000));
        archive.walk(&server, second);
        let (run, end) = archive.run(At::Newest, Direction::Up);
        let mut left = ids(&run);
        left.reverse();
        // What shares its millisecond with the end of a page is not judged.
        let ends_of_pages = |m: &Message| {
            let page = server.page(None, Direction::Up, usize::MAX).messages;
            page.chunks(second).filter_map(<[Message]>::last).any(|edge| edge.time == m.time)
        };
        let extra: Vec<_> = run.iter().filter(|m| server.0.iter().all(|s| s.id != m.id)).collect();
        prop_assert!(extra.iter().all(|m| ends_of_pages(m)), "{extra:?} came back");
        left.retain(|id| server.0.iter().any(|m| m.id.0 == *id));
        prop_assert_eq!(left, ids(&server.0));
        prop_assert!(matches!(end, Some(LocalEnd::End)) || server.0.is_empty());
        let last = server.page(None, Direction::Up, second).end;
        prop_assert!(matches!(last, PageEnd::More(_) | PageEnd::End));
    }
}

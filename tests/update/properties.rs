//! Whatever is pressed and answered in whatever order, the rows stay sorted and unique and the cursor on one of them.

use manyou::app::msg::{Answer, Effect, Msg};
use manyou::domain::{Failure, FailureKind, Message};
use proptest::prelude::*;

use crate::driver::{Driver, conversation, message, page, peer};

const KEYS: [&str; 24] = [
    "j", "k", "C-d", "C-u", "PageUp", "PageDown", "g g", "G", "C-e", "C-y", "{", "}", "Space", "v", "*", "Esc",
    "Enter", "R", "h", "l", "w", "n", "]", "i",
];

fn check(driver: &Driver) {
    let Some(history) = &driver.state.history else { return };
    let keys: Vec<_> = history.timeline.entries().map(|e| e.key).collect();
    assert!(keys.windows(2).all(|w| w[0] < w[1]), "rows are sorted and unique");
    assert!(history.cursor.is_none_or(|key| history.timeline.get(key).is_some()), "the cursor is on a row");
    assert!(history.marks.iter().all(|key| history.timeline.get(*key).is_some()), "marks are rows");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_keys_answers_and_failures(steps in prop::collection::vec((0usize..KEYS.len() + 6, 0u16..200), 1..120)) {
        let mut driver = Driver::with_list(vec![conversation("alice", 700, 0), conversation("bob", 3, 1)]);
        let alice: Vec<Message> = (1..=700).map(|n| message(&peer("alice"), n)).collect();
        let bob: Vec<Message> = (1..=3).map(|n| message(&peer("bob"), n)).collect();
        driver.press("Enter");
        for (what, number) in steps {
            match what {
                w if w < KEYS.len() => { driver.press(KEYS[w]); }
                w if w < KEYS.len() + 4 => {
                    if let Some((id, query)) = driver.page_request() {
                        let all = if query.peer == peer("alice") { &alice } else { &bob };
                        let all: Vec<_> = all.iter().filter(|m| m.time.ms() % 7 != i64::from(number) % 7).cloned().collect();
                        driver.msg(Msg::Done(id, Answer::Page(page(&all, &query))));
                    }
                }
                w if w == KEYS.len() + 4 => {
                    if let Some((id, _)) = driver.page_request() {
                        driver.msg(Msg::Failed(id, Failure::local(FailureKind::Timeout, "no")));
                    }
                }
                _ => driver.msg(Msg::Resized(number, number / 3)),
            }
            check(&driver);
            driver.effects.retain(|e| !matches!(e, Effect::LoadNames(..) | Effect::LoadList(_)));
        }
    }
}

//! Mirroring on the screen: begun with one key, goes on behind, stopped with one key.

use manyou::app::sync::{Mirror, MirrorRow, Run, Standing};
use manyou::app::{Answer, Effect, Layer, Msg, RequestId};
use manyou::domain::{FailureKind, Peer};

use crate::driver::{Driver, conversation, peer};

fn row(id: &str, standing: Standing) -> MirrorRow {
    MirrorRow { peer: peer(id), new: 50, back_to: None, standing }
}

fn begun() -> (Driver, RequestId, Vec<Peer>) {
    let mut driver = Driver::with_list(vec![conversation("bob", 2, 0), conversation("carol", 1, 0)]);
    driver.press("M");
    let asked = driver.take(|e| if let Effect::Mirror(id, peers) = e { Some((*id, peers.clone())) } else { None });
    let (id, peers) = asked.expect("it begins");
    (driver, id, peers)
}

fn progress(driver: &mut Driver, id: RequestId, ended: usize, rows: Vec<MirrorRow>) {
    driver.msg(Msg::Mirrored(id, Box::new(Mirror { total: 2, ended, rows, ..Mirror::default() })));
}

fn run(driver: &Driver) -> Option<Run> {
    driver.state.sync.as_ref().map(|sync| sync.run)
}

#[test]
fn it_goes_on_behind_and_says_when_it_is_done() {
    let (mut driver, id, peers) = begun();
    assert_eq!(peers.len(), 2);
    driver.press("Esc");
    assert!(driver.state.layers.is_empty());
    progress(&mut driver, id, 1, vec![row("bob", Standing::Running)]);
    driver.press("M");
    assert!(matches!(driver.state.layers.last(), Some(Layer::Sync)));
    assert!(driver.take(|e| matches!(e, Effect::Mirror(..)).then_some(())).is_none(), "one run at a time");
    driver.press("Esc");
    let done = Mirror { total: 2, ended: 2, new: 7, ..Mirror::default() };
    driver.msg(Msg::Done(id, Answer::Mirrored(Box::new(done))));
    assert_eq!(run(&driver), Some(Run::Over));
    assert!(driver.state.toast.as_ref().is_some_and(|toast| toast.text.contains("7 new")));
}

#[test]
fn the_cursor_stays_on_its_conversation_and_enter_opens_it() {
    let (mut driver, id, _) = begun();
    progress(&mut driver, id, 0, vec![row("bob", Standing::Running), row("carol", Standing::Running)]);
    driver.press("j");
    let failed = Standing::Failed(FailureKind::Forbidden);
    progress(
        &mut driver,
        id,
        1,
        vec![row("dave", Standing::Running), row("bob", failed), row("carol", Standing::Running)],
    );
    driver.press("Enter");
    assert!(driver.state.layers.is_empty());
    assert_eq!(driver.state.history.as_ref().map(|history| history.peer.clone()), Some(peer("carol")));
    assert_eq!(run(&driver), Some(Run::Running(id)), "opening stops nothing");
}

#[test]
fn stopped_it_stays_stopped_whatever_comes_late() {
    let (mut driver, id, _) = begun();
    progress(&mut driver, id, 1, vec![row("bob", Standing::Running), row("carol", Standing::Complete)]);
    driver.press("C-c");
    let cancelled = driver.take(|e| if let Effect::Cancel(ids) = e { Some(ids.clone()) } else { None });
    assert_eq!(cancelled, Some(vec![id]));
    progress(&mut driver, id, 2, Vec::new());
    driver.msg(Msg::Done(id, Answer::Mirrored(Box::default())));
    assert_eq!(run(&driver), Some(Run::Stopped));
    let rows = driver.state.sync.as_ref().map(|sync| sync.mirror.rows.iter().map(|r| r.standing).collect::<Vec<_>>());
    assert_eq!(rows, Some(vec![Standing::Stopped, Standing::Complete]), "nothing is being read any more");
    driver.press("Esc M");
    assert!(driver.take(|e| matches!(e, Effect::Mirror(..)).then_some(())).is_some(), "a new one can begin");
}

#[test]
fn r_goes_on_after_a_stop_and_begins_no_second_run() {
    let (mut driver, id, _) = begun();
    let begins = |driver: &mut Driver| driver.take(|e| matches!(e, Effect::Mirror(..)).then_some(())).is_some();
    driver.press("r");
    assert!(!begins(&mut driver), "it runs");
    driver.press("C-c r");
    assert!(begins(&mut driver));
    assert!(matches!(run(&driver), Some(Run::Running(new)) if new != id));
    assert!(matches!(driver.state.layers.last(), Some(Layer::Sync)));
}

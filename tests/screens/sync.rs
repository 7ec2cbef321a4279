//! Mirroring, as it is drawn.

use manyou::app::sync::{Mirror, MirrorRow, Mirroring, Run, Standing};
use manyou::app::{Connection, Layer};
use manyou::domain::FailureKind;
use manyou::i18n::Lang;

use super::snapshots::check;
use super::{build, drawn, words};

fn row(id: &str, met: u64, minutes: Option<i64>, standing: Standing) -> MirrorRow {
    let peer = id.parse().expect("an id");
    MirrorRow { peer, new: met, back_to: minutes.map(build::ago), standing }
}

fn mirroring(run: Run) -> Box<Mirroring> {
    let rows = vec![
        row("user_1029", 782, Some(40_000), Standing::Running),
        row("group:210000000000001", 12_400, Some(300), Standing::Running),
        row("user_7781", 150, None, Standing::Failed(FailureKind::Forbidden)),
        row("user_2210", 96, None, Standing::Incomplete),
        row("order-bot", 412, None, Standing::Complete),
    ];
    let held = matches!(run, Run::Running(_)).then(|| (3, build::ago(-1)));
    let mirror = Mirror {
        total: 78,
        ended: 12,
        rows,
        known: 12_400,
        new: 48_210,
        changed: 2,
        gone: 3,
        rate: Some(880),
        held,
        stopped: None,
    };
    Box::new(Mirroring { run, mirror, selected: 1 })
}

#[test]
fn a_run_on_its_way() {
    check("sync", |lang, size| {
        let mut state = build::main(lang, size);
        state.sync = Some(mirroring(Run::Running(manyou::app::RequestId(9))));
        state.layers.push(Layer::Sync);
        state
    });
}

#[test]
fn behind_the_panes_the_status_line_says_how_far_it_is() {
    let mut state = build::main(Lang::En, (80, 24));
    state.sync = Some(mirroring(Run::Running(manyou::app::RequestId(9))));
    assert!(words(&drawn(&state)).contains("sync 12 of 78"));
    state.sync = Some(mirroring(Run::Over));
    assert!(!words(&drawn(&state)).contains("sync 12 of 78"));
}

#[test]
fn what_ended_says_how() {
    for (run, word) in [
        (Run::Over, "mirrored"),
        (Run::Stopped, "stopped, what came is kept"),
        (Run::Failed(FailureKind::Forbidden), "not begun"),
    ] {
        let mut state = build::main(Lang::En, (80, 24));
        state.sync = Some(mirroring(run));
        state.layers.push(Layer::Sync);
        let screen = words(&drawn(&state));
        assert!(screen.contains(word) && !screen.contains("C-c"), "{screen}");
    }
}

#[test]
fn why_it_waits_and_that_the_list_is_a_part_stand_in_the_view() {
    let mut state = build::main(Lang::En, (80, 24));
    let mut sync = mirroring(Run::Running(manyou::app::RequestId(9)));
    sync.mirror.held = None;
    sync.mirror.rows[0].standing = Standing::Stopped;
    state.sync = Some(sync);
    state.layers.push(Layer::Sync);
    let screen = words(&drawn(&state));
    assert!(screen.contains(" stopped\n") && !screen.contains("whole list"), "{screen}");
    state.list.incomplete = true;
    for (connection, word) in [
        (Connection::Waiting(state.now.elapsed, FailureKind::Server), "the server failed"),
        (Connection::Offline { since: state.now, again: None }, "no connection to the server"),
    ] {
        state.connection = connection;
        let screen = words(&drawn(&state));
        assert!(screen.contains(word) && screen.contains("did not give its whole list"), "{screen}");
    }
    let mut sync = mirroring(Run::Over);
    sync.mirror.stopped = Some(FailureKind::DiskFull);
    state.sync = Some(sync);
    let screen = words(&drawn(&state));
    assert!(screen.contains("no room is left") && !screen.contains("by the server"), "{screen}");
}

#[test]
fn going_on_is_offered_where_something_is_left() {
    let footer = |run, standing| {
        let mut state = build::main(Lang::En, (80, 24));
        let mut sync = mirroring(run);
        sync.mirror.rows = vec![row("user_1029", 7, None, standing)];
        state.sync = Some(sync);
        state.layers.push(Layer::Sync);
        words(&drawn(&state)).lines().next_back().unwrap_or_default().to_owned()
    };
    assert!(!footer(Run::Over, Standing::Complete).contains("go on"));
    assert!(footer(Run::Over, Standing::Incomplete).contains("r go on"));
    assert!(footer(Run::Over, Standing::Failed(FailureKind::Server)).contains("r go on"));
    assert!(footer(Run::Stopped, Standing::Complete).contains("r go on"));
}

//! Mirroring for the screen: the engine's progress as messages, not more often than an eye can follow.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::app::sync::{Mirror, MirrorRow, Standing};
use crate::app::{Answer, Msg, RequestId};
use crate::domain::Peer;
use crate::engine::{Engine, MirrorOptions, Outcome, Progress};

/// Between two messages.
const STEP: Duration = Duration::from_millis(200);

pub(super) async fn run(engine: Engine, id: RequestId, peers: Vec<Peer>, out: mpsc::UnboundedSender<Msg>) {
    let options = MirrorOptions { peers: Some(peers), ..MirrorOptions::default() };
    let mut told = None;
    let done = engine
        .mirror(&options, |progress| {
            let now = engine.client().clock().elapsed();
            if told.is_none_or(|at| now.saturating_sub(at) >= STEP) {
                told = Some(now);
                _ = out.send(Msg::Mirrored(id, Box::new(seen(progress))));
            }
        })
        .await;
    _ = out.send(match done {
        Ok(progress) => Msg::Done(id, Answer::Mirrored(Box::new(seen(&progress)))),
        Err(failure) => Msg::Failed(id, failure),
    });
}

fn seen(progress: &Progress) -> Mirror {
    let ended = |outcome: &Outcome| MirrorRow {
        peer: outcome.peer.clone(),
        new: outcome.synced.new,
        back_to: None,
        standing: match &outcome.failure {
            Some(failure) => Standing::Failed(failure.kind),
            None if outcome.synced.complete => Standing::Complete,
            None => Standing::Incomplete,
        },
    };
    let running = progress.running.iter().map(|running| MirrorRow {
        peer: running.peer.clone(),
        new: running.new,
        back_to: running.back_to,
        standing: Standing::Running,
    });
    let (complete, others): (Vec<_>, Vec<_>) =
        progress.ended.iter().rev().map(ended).partition(|row| row.standing == Standing::Complete);
    Mirror {
        total: progress.total,
        ended: progress.ended.len(),
        rows: running.chain(others).chain(complete).collect(),
        known: progress.known,
        new: progress.new,
        changed: progress.changed,
        gone: progress.gone,
        rate: progress.rate().map(|rate| rate.round() as u64),
        held: progress.held().map(|held| (held.waiting, held.until)),
        stopped: progress.stopped.as_ref().map(|failure| failure.kind),
    }
}

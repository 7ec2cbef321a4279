//! One seed: a server that goes on living, a mirror that fails again and again, and at its end the same rows as of a
//! mirror that never failed.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use manyou::client::Client;
use manyou::domain::{MessageId, Peer};
use manyou::engine::{Archive, Engine, MirrorOptions};
use sha2::{Digest, Sha256};

use crate::faults::Faulty;
use crate::world::World;

/// Runs of a person who tries again until all is here; nobody needs so many.
const RUNS: usize = 400;
/// Requests of one seed; more would be a loop.
const REQUESTS: u64 = 20_000;

/// What a seed took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told {
    pub(crate) requests: u64,
    pub(crate) faults: u64,
    pub(crate) runs: usize,
    pub(crate) rows: usize,
}

/// Runs one seed with `share` requests of a hundred failing.
pub(crate) fn run(seed: u64, share: u64) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(story(seed, share))
}

async fn story(seed: u64, share: u64) -> Told {
    let mut world = World::new(seed).await;
    let (folder, fresh) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let faulty = Faulty::new(world.transport(), share, seed);
    let mut told = Told::default();
    for _ in 0..3 {
        told.runs += until_complete(&mut world, folder.path(), &faulty, seed).await;
        world.goes_on().await;
    }
    told.runs += until_complete(&mut world, folder.path(), &faulty, seed).await;
    compare_all(&world, folder.path(), &faulty, seed).await;

    let clean = Engine::sign_in(world.client(world.transport()), World::credentials()).await.expect("a session");
    let clean = clean.with_archive(Some(archive(fresh.path())));
    let peers = Some(world.peers());
    let done = clean.mirror(&MirrorOptions { peers, ..MirrorOptions::default() }, |_| {}).await.expect("a mirror");
    assert!(done.is_complete(), "seed {seed}: the clean run");
    for peer in world.peers() {
        let (got, wanted) = (rows(&archive(folder.path()), &peer).await, rows(&archive(fresh.path()), &peer).await);
        let missing: Vec<_> = wanted.iter().filter(|row| !got.contains(row)).map(|row| row.0).collect();
        let extra: Vec<_> = got.iter().filter(|row| !wanted.contains(row)).map(|row| row.0).collect();
        assert!(missing.is_empty() && extra.is_empty(), "seed {seed}, {peer}: missing {missing:?}, extra {extra:?}");
        assert_eq!(print(&got), print(&wanted), "seed {seed}, {peer}");
        assert!(archive(folder.path()).horizon(Some(peer.clone())).await.expect("read").whole, "seed {seed}, {peer}");
        told.rows += got.len();
    }
    let of = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    Told { requests: of(&faulty.requests), faults: of(&faulty.faults), ..told }
}

/// Somebody mirrors, and again, until the program says that all is here. Some runs are cut off in the middle.
async fn until_complete(world: &mut World, folder: &Path, faulty: &std::sync::Arc<Faulty>, seed: u64) -> usize {
    let peers = Some(world.peers());
    for run in 1..=RUNS {
        assert!(faulty.requests.load(Ordering::Relaxed) < REQUESTS, "seed {seed}: it loops");
        let engine = signed_in(world, world.client(faulty.clone())).await.with_archive(Some(archive(folder)));
        let options =
            MirrorOptions { peers: peers.clone(), at_once: 1 + world.rng.below(4), ..MirrorOptions::default() };
        let mirroring = engine.mirror(&options, |_| {});
        if world.rng.one_in(5) {
            let patience = Duration::from_millis(world.rng.below(5000) as u64);
            _ = tokio::time::timeout(patience, mirroring).await;
            continue;
        }
        if mirroring.await.expect("peers are given").is_complete() {
            return run;
        }
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    panic!("seed {seed}: {RUNS} runs were not enough");
}

/// Reads all again, conversation by conversation, until each was compared to its end.
async fn compare_all(world: &World, folder: &Path, faulty: &std::sync::Arc<Faulty>, seed: u64) {
    for peer in world.peers() {
        for attempt in 0.. {
            assert!(attempt < RUNS, "seed {seed}: comparing {peer} never ended");
            let engine = signed_in(world, world.client(faulty.clone())).await.with_archive(Some(archive(folder)));
            if engine.reconcile(&peer, |_| {}).await.is_ok_and(|found| found.complete) {
                break;
            }
            // An answer that lacks most of what is here is believed when it is said again.
            tokio::time::sleep(Duration::from_mins(1)).await;
        }
    }
}

async fn signed_in(world: &World, client: Client) -> Engine {
    for _ in 0..RUNS {
        if let Ok(engine) = Engine::sign_in(client.clone(), World::credentials()).await {
            return engine;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("{} never let anybody in", world.peers().len());
}

fn archive(folder: &Path) -> Archive {
    let (app_key, user) = ("manyou#sandbox".parse().expect("a key"), "alice".parse().expect("an id"));
    Archive::at(folder, "http://sim".to_owned(), app_key, user)
}

async fn rows(archive: &Archive, peer: &Peer) -> Vec<(MessageId, Vec<u8>)> {
    let rows = archive.after(peer, -1, 1_000_000).await.expect("read");
    let mut rows: Vec<_> = rows.into_iter().map(|(_, message)| (message.id, message.raw.to_vec())).collect();
    // Within one millisecond the archive keeps the order of arrival where ids are as good as equal.
    rows.sort();
    rows
}

fn print(rows: &[(MessageId, Vec<u8>)]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for (id, raw) in rows {
        hash.update(id.0.to_be_bytes());
        hash.update(raw);
    }
    hash.finalize().to_vec()
}

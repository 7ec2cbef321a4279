//! Pages on their way into the archive: kept behind the fetching, in their order, as many in one transaction as came
//! meanwhile.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::super::archive::Archive;
use super::super::patience::patiently;
use super::edge::Edge;
use crate::domain::{Failure, FailureKind, HistoryPage, HistoryQuery, ServerTime};
use crate::store::{Fetched, Packed, Taken};

/// Pages in one transaction at most, and about how many bytes.
const BATCH: usize = 64;
const BATCH_BYTES: usize = 16 << 20;
/// How often writing is tried while another program writes.
const TRIES: u32 = 6;

/// A page as it came.
struct Job {
    query: HistoryQuery,
    page: Arc<HistoryPage>,
    edge: Option<Edge>,
    at: ServerTime,
    packed: Option<oneshot::Receiver<Packed>>,
    kept: oneshot::Sender<Result<Taken, Failure>>,
}

/// Clones share the queue.
#[derive(Clone)]
pub(super) struct Queue {
    archive: Archive,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// Somebody is writing, and will find what is put in.
    writing: bool,
}

/// What becomes of a page in the queue.
pub(super) struct Kept(oneshot::Receiver<Result<Taken, Failure>>);

impl Kept {
    /// Waits until the page is kept.
    pub(super) async fn settle(self) -> Result<Taken, Failure> {
        self.0.await.unwrap_or_else(|_| Err(Failure::local(FailureKind::Local, "writing the archive broke off")))
    }
}

impl Queue {
    pub(super) fn new(archive: Archive) -> Self {
        Self { archive, state: Arc::default() }
    }

    /// Puts a page in that was asked for at `at`, and the millisecond that it completes. It is kept whether or not anybody waits for it.
    pub(super) fn put(&self, query: HistoryQuery, page: HistoryPage, edge: Option<Edge>, at: ServerTime) -> Kept {
        let (kept, waits) = oneshot::channel();
        // Beside the fetching, and before its turn to be written comes.
        let (page, (ready, packed)) = (Arc::new(page), oneshot::channel());
        let (store, to_pack) = (self.archive.store().clone(), Arc::clone(&page));
        drop(tokio::task::spawn_blocking(move || drop(ready.send(store.pack(&to_pack.messages)))));
        let is_first = {
            let mut state = self.state();
            state.jobs.push_back(Job { query, page, edge, at, packed: Some(packed), kept });
            self.archive.behind.is_storing.store(true, Ordering::Release);
            !std::mem::replace(&mut state.writing, true)
        };
        if is_first {
            let queue = self.clone();
            drop(tokio::task::spawn_blocking(move || queue.write()));
        }
        Kept(waits)
    }

    /// Writes until nothing is left.
    fn write(&self) {
        loop {
            let mut jobs: Vec<Job> = {
                let mut state = self.state();
                let mut bytes = 0;
                let fits = |job: &&Job| {
                    let is_first = bytes == 0;
                    bytes += bytes_of(&job.page).max(1);
                    is_first || bytes <= BATCH_BYTES
                };
                let count = state.jobs.iter().take(BATCH).take_while(fits).count();
                if count == 0 {
                    state.writing = false;
                    self.archive.behind.is_storing.store(false, Ordering::Release);
                    return;
                }
                state.jobs.drain(..count).collect()
            };
            match self.keep(&mut jobs) {
                Ok(taken) => jobs.into_iter().zip(taken).for_each(|(job, taken)| drop(job.kept.send(Ok(taken)))),
                Err(failure) => jobs.into_iter().for_each(|job| drop(job.kept.send(Err(failure.clone())))),
            }
        }
    }

    fn keep(&self, jobs: &mut [Job]) -> Result<Vec<Taken>, Failure> {
        // One that is missing is packed while it is written.
        let wait = |job: &mut Job| job.packed.take()?.blocking_recv().ok();
        let packed: Vec<_> = jobs.iter_mut().map(|job| wait(job).unwrap_or_default()).collect();
        let pages: Vec<_> = jobs.iter().map(fetched).collect();
        patiently(TRIES, |failure| failure.kind == FailureKind::Busy, || self.archive.take_all(&pages, &packed))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// About what a page takes in memory.
pub(super) fn bytes_of(page: &HistoryPage) -> usize {
    page.messages.iter().map(|message| message.raw.len()).sum()
}

fn fetched(job: &Job) -> Fetched<'_> {
    Fetched {
        peer: &job.query.peer,
        cursor: job.query.cursor.as_ref(),
        direction: job.query.direction,
        page: &job.page,
        whole: job.query.is_whole() && job.page.is_sound,
        edge: job.edge.as_ref().map(|edge| (edge.ms, &edge.seen[..])),
        at: job.at,
    }
}

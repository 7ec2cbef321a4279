//! The side of the program that touches the world. Runs what `app` asks for: an effect becomes a call of the engine, its answer a message.
//!
//! Reading can be cancelled; a deletion that was sent cannot.

mod bookmarks;
pub mod clock;
mod connect;
mod export;
#[cfg(test)]
mod export_tests;
mod labels;
pub mod log;
mod mirror;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle};
use tokio_util::sync::CancellationToken;

pub use connect::{Attempt, Connected, Connector};
pub use labels::labels;

use crate::app::export::Order;
use crate::app::msg::{CountQuery, Found, Kept, Look, Note, SignIn};
use crate::app::{Answer, Effect, Msg, RequestId};
use crate::client::{ListCall, Stop};
#[cfg(feature = "delete")]
use crate::domain::{Chunk, ChunkOutcome, DeletionReport, Scope};
use crate::domain::{Clock, DeletionPlan, Direction, Failure, FailureKind, HistoryQuery, MessageId, Peer, Spot};
use crate::engine::{Archive, Engine, SearchScope};
use crate::i18n::Texts;

/// What an export is written with.
#[derive(Clone)]
pub struct Setting {
    /// Words of the formats for people.
    pub texts: Arc<Texts>,
    /// Zone of their times.
    pub zone: jiff::tz::TimeZone,
    /// How far it is is told by this clock.
    pub clock: Arc<dyn Clock>,
}

/// An export on its way, and what stops it.
struct Writing {
    id: RequestId,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Carries out effects and sends what comes back.
pub struct Runtime {
    connector: Arc<dyn Connector>,
    setting: Setting,
    engine: Option<Engine>,
    out: mpsc::UnboundedSender<Msg>,
    connected: (mpsc::UnboundedSender<Engine>, mpsc::UnboundedReceiver<Engine>),
    running: HashMap<RequestId, AbortHandle>,
    writing: Vec<Writing>,
}

impl Runtime {
    /// A runtime nobody is signed in to; answers go to `out`.
    #[must_use]
    pub fn new(connector: Arc<dyn Connector>, setting: Setting, out: mpsc::UnboundedSender<Msg>) -> Self {
        let (connected, running) = (mpsc::unbounded_channel(), HashMap::new());
        Self { connector, setting, engine: None, out, connected, running, writing: Vec::new() }
    }

    /// Starts an effect that goes to the server. Effects of the terminal are not for here and do nothing.
    pub fn start(&mut self, effect: Effect) {
        while let Ok(engine) = self.connected.1.try_recv() {
            self.engine = Some(engine);
        }
        match effect {
            Effect::SignIn(id, how) => self.sign_in(id, how),
            Effect::LoadList(id) => {
                self.ask(id, |engine| async move { engine.list(ListCall::Auto).await.map(Answer::List) });
            }
            Effect::LoadPage(id, query) if self.engine.is_none() => self.page_without_server(id, query),
            Effect::LoadPage(id, query) => {
                self.ask(id, |engine| async move { engine.page(&query).await.map(Answer::Page) });
            }
            Effect::OpenLocal(id, peer) => self.open_local(id, peer),
            Effect::LoadBeyond(id, peer, message, way) => self.beyond(id, peer, message, way),
            Effect::LoadAround(id, peer, spot) if self.engine.is_some() => {
                self.ask(id, move |engine| async move {
                    engine.around(&peer, spot).await.map(|found| Answer::Around(Box::new(found)))
                });
            }
            Effect::LoadAround(id, peer, spot) | Effect::LoadKept(id, peer, spot) => self.kept_around(id, peer, spot),
            Effect::Search(id, look) => self.search(id, look),
            Effect::LoadBookmarks(id) => self.load_bookmarks(id),
            Effect::KeepBookmark(id, letter, bookmark) => self.keep_bookmark(id, letter, bookmark),
            Effect::LoadNames(id, peers) => self.ask(id, |engine| async move {
                engine.names(&peers).await.map(|names| Answer::Names(names.profiles, names.groups))
            }),
            Effect::Compare(id, peer) => self.ask(id, |engine| async move {
                engine.reconcile(&peer, |_| {}).await.map(|synced| Answer::Compared(synced.gone))
            }),
            Effect::Inquire(id, inquiry) => {
                self.ask(id, |engine| async move { engine.inquire(&inquiry).await.map(Answer::Inquired) });
            }
            Effect::Mirror(id, peers) => {
                let (engine, out) = (self.engine.clone(), self.out.clone());
                match engine {
                    Some(engine) => self.spawn(id, mirror::run(engine, id, peers, out)),
                    None => self.nobody(id),
                }
            }
            Effect::Count(id, query) => self.ask(id, |engine| count(engine, query)),
            Effect::Delete(id, plan) => self.delete(id, plan),
            Effect::Export(id, order) => self.export(id, *order),
            Effect::Cancel(ids) => {
                for id in ids {
                    self.writing.iter().filter(|writing| writing.id == id).for_each(|writing| writing.stop.cancel());
                    self.running.remove(&id).into_iter().for_each(|task| task.abort());
                }
            }
            Effect::Copy(_) | Effect::GoOn | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    fn sign_in(&mut self, id: RequestId, how: SignIn) {
        let (out, connected) = (self.out.clone(), self.connected.0.clone());
        let attempt = self.connector.connect(how, self.out.clone());
        self.spawn(id, async move {
            let msg = match attempt.await {
                Ok(Connected { engine, account }) => {
                    _ = connected.send(engine);
                    Msg::Done(id, Answer::SignedIn(account))
                }
                Err(failure) => Msg::Failed(id, failure),
            };
            _ = out.send(msg);
        });
    }

    fn ask<F>(&mut self, id: RequestId, call: impl FnOnce(Engine) -> F)
    where
        F: Future<Output = Result<Answer, Failure>> + Send + 'static,
    {
        let Some(engine) = self.engine.clone() else { return self.nobody(id) };
        let (out, answer) = (self.out.clone(), call(engine));
        self.spawn(id, async move {
            let msg = answer.await.map_or_else(|failure| Msg::Failed(id, failure), |answer| Msg::Done(id, answer));
            _ = out.send(msg);
        });
    }

    /// Nobody needs to be signed in for what is here already.
    fn open_local(&mut self, id: RequestId, peer: Peer) {
        let now = self.engine.as_ref().map(|engine| engine.client().clock().now());
        let archive = self.archive();
        let out = self.out.clone();
        self.spawn(id, async move {
            let local = match (archive, now) {
                (Some(archive), Some(_)) => archive.open(&peer, now).await,
                (Some(archive), None) => archive.newest(&peer).await,
                (None, _) => None,
            };
            let kept = local.map(|l| Kept { page: l.page, served_from: l.served_from });
            _ = out.send(Msg::Done(id, Answer::Local(kept)));
        });
    }

    /// What is here beyond a hole; no server is asked.
    fn beyond(&mut self, id: RequestId, peer: Peer, message: MessageId, way: Direction) {
        let (archive, out) = (self.archive(), self.out.clone());
        self.spawn(id, async move {
            let local = match archive {
                Some(archive) => archive.beyond(&peer, message, way).await,
                None => None,
            };
            let kept = local.map(|l| Kept { page: l.page, served_from: l.served_from });
            _ = out.send(Msg::Done(id, Answer::Local(kept)));
        });
    }

    /// The archive of whoever is signed in, or was last.
    fn archive(&self) -> Option<Archive> {
        match &self.engine {
            Some(engine) => engine.archive().cloned(),
            None => self.connector.archive(),
        }
    }

    /// Looks for messages in what is here.
    fn search(&mut self, id: RequestId, look: Look) {
        let Some(archive) = self.archive() else { return self.nobody(id) };
        let out = self.out.clone();
        self.spawn(id, async move {
            let msg = match search(archive, look).await {
                Ok(found) => Msg::Done(id, Answer::Found(Box::new(found))),
                Err(failure) => Msg::Failed(id, failure),
            };
            _ = out.send(msg);
        });
    }

    /// The nearest that is here around a place.
    fn kept_around(&mut self, id: RequestId, peer: Peer, spot: Spot) {
        let Some(archive) = self.archive() else { return self.nobody(id) };
        let out = self.out.clone();
        self.spawn(id, async move {
            let msg = match archive.around(&peer, spot, true).await {
                Some(found) => Msg::Done(id, Answer::Around(Box::new(found))),
                None => Msg::Failed(id, Failure::local(FailureKind::NotHere, String::new())),
            };
            _ = out.send(msg);
        });
    }

    /// A page while nobody is signed in: as far as it is here.
    fn page_without_server(&mut self, id: RequestId, query: HistoryQuery) {
        let Some(archive) = self.connector.archive() else { return self.nobody(id) };
        let out = self.out.clone();
        self.spawn(id, async move {
            let msg = match archive.page(&query).await {
                Some(page) => Msg::Done(id, Answer::Page(page)),
                None => Msg::Failed(id, Failure::local(FailureKind::NotHere, String::new())),
            };
            _ = out.send(msg);
        });
    }

    /// Writes what is here into a file; no server is asked.
    fn export(&mut self, id: RequestId, order: Order) {
        let Some(archive) = self.archive() else {
            _ = self.out.send(Msg::Done(id, export::nothing_kept()));
            return;
        };
        self.writing.retain(|writing| !writing.task.is_finished());
        let (stop, setting) = (CancellationToken::new(), self.setting.clone());
        let task = tokio::spawn(export::run(archive, setting, (id, order), stop.clone(), self.out.clone()));
        self.writing.push(Writing { id, stop, task });
    }

    /// Stops what writes files, and waits until they are in order: what is not finished has no final name.
    pub async fn finish(&mut self) {
        for writing in self.writing.drain(..) {
            writing.stop.cancel();
            _ = writing.task.await;
        }
    }

    fn nobody(&self, id: RequestId) {
        _ = self.out.send(Msg::Failed(id, Failure::local(FailureKind::TokenExpired, "nobody is signed in")));
    }

    fn spawn(&mut self, id: RequestId, work: impl Future<Output = ()> + Send + 'static) {
        self.running.retain(|_, task| !task.is_finished());
        let (archive, out) = (self.archive(), self.out.clone());
        let work = async move {
            work.await;
            let Some(archive) = archive else { return };
            let aside = archive.put_aside().map(|path| Note::PutAside(path.display().to_string()));
            let not_kept = archive.trouble().map(|failure| Note::NotKept(Box::new(failure)));
            for note in [aside, not_kept].into_iter().flatten() {
                _ = out.send(Msg::Archive(note));
            }
        };
        self.running.insert(id, tokio::spawn(work).abort_handle());
    }

    #[cfg(feature = "delete")]
    fn delete(&mut self, id: RequestId, plan: DeletionPlan) {
        let Some(engine) = self.engine.clone() else { return self.nobody(id) };
        let out = self.out.clone();
        let of = engine.requests_of(&plan);
        _ = out.send(Msg::Progress(id, 0, of));
        let (told, lost) = (out.clone(), plan.clone());
        // Not among the tasks that can be cancelled.
        let sending = tokio::spawn(async move {
            let mut done = 0;
            let progress = out.clone();
            let report = engine.delete(&plan, |_| {
                done += 1;
                _ = progress.send(Msg::Progress(id, done, of));
            });
            let msg = match report.await {
                Ok(report) => Msg::Done(id, Answer::Deleted(report)),
                Err(failure) => Msg::Failed(id, failure),
            };
            _ = out.send(msg);
        });
        drop(tokio::spawn(async move {
            if sending.await.is_err() {
                _ = told.send(Msg::Done(id, Answer::Deleted(broken_off(lost))));
            }
        }));
    }

    #[cfg(not(feature = "delete"))]
    fn delete(&mut self, id: RequestId, _: DeletionPlan) {
        let failure = Failure::local(FailureKind::ReadOnly, "this build cannot delete");
        _ = self.out.send(Msg::Failed(id, failure));
    }
}

/// The sender died of a fault of ours: how far it came, nobody knows.
#[cfg(feature = "delete")]
fn broken_off(plan: DeletionPlan) -> DeletionReport {
    let ids = if let Scope::Messages(ids) = &plan.scope { ids.clone() } else { Vec::new() };
    let failure = Failure::local(FailureKind::Local, "sending broke off");
    DeletionReport { plan, chunks: vec![Chunk { ids, outcome: ChunkOutcome::Unknown(failure) }], kept: None }
}

async fn search(archive: Archive, look: Look) -> Result<Found, Failure> {
    let horizon = if look.with_horizon { Some(archive.horizon(look.peer.clone()).await?) } else { None };
    let scope = SearchScope { peer: look.peer, below: look.below, limit: look.limit };
    let found = archive.search(look.query, scope).await?;
    Ok(Found { more: found.hits.len() == look.limit, hits: found.hits, behind: found.behind, horizon })
}

async fn count(engine: Engine, query: CountQuery) -> Result<Answer, Failure> {
    let count = match query.before {
        Some((cutoff, newest)) => engine.count_before(&query.peer, cutoff, newest).await?,
        None => engine.count_all(&query.peer).await?,
    };
    let oldest = count.oldest.map(Box::new);
    Ok(Answer::Counted { count: count.messages as u64, exact: count.stop == Stop::Complete, oldest })
}

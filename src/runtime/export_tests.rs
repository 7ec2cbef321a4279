//! Exports for the screen: what begins, what is refused, and what a stop leaves.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use prost::Message as _;
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::clock::SystemClock;
use super::{Attempt, Connector, Runtime, Setting};
use crate::app::export::{Exported, Missing, Order, Outcome, Refusal, Subject};
use crate::app::msg::SignIn;
use crate::app::{Answer, Effect, Msg, RequestId};
use crate::domain::{Body, ChatType, Failure, FailureKind, Format, Message, MessageId, Peer, ServerTime};
use crate::engine::Archive;
use crate::i18n::{Lang, Texts};
use crate::wire::{message, pb};

const START: i64 = 1_700_000_000_000;

/// A door to an archive alone.
struct Kept(Archive);

impl Connector for Kept {
    fn connect(&self, _: SignIn, _: mpsc::UnboundedSender<Msg>) -> Attempt {
        Box::pin(async { Err(Failure::local(FailureKind::Local, "no server")) })
    }

    fn archive(&self) -> Option<Archive> {
        Some(self.0.clone())
    }
}

struct World {
    runtime: Runtime,
    answers: mpsc::UnboundedReceiver<Msg>,
    folder: TempDir,
}

fn peer(id: &str) -> Peer {
    id.parse().expect("a peer")
}

/// A text of one second, as a server keeps it.
fn text(n: i64) -> Message {
    let time = ServerTime(START + n * 1000);
    let mut chat = message::damaged(bytes::Bytes::new(), String::new());
    chat.body = Body::Text { text: format!("word {n}"), stream: None };
    (chat.chat_type, chat.from, chat.to) = (ChatType::Single, "bob".to_owned(), "alice".to_owned());
    let meta = pb::Meta {
        id: Some(MessageId::at(time).0),
        timestamp: Some(time.ms() as u64),
        ns: Some(1),
        payload: Some(message::encode_body(&chat).encode_to_vec().into()),
        ..Default::default()
    };
    message::decode_meta(&meta.encode_to_vec().into()).expect("a chat message")
}

/// With so many messages of bob in the archive of alice, and an empty folder `out`.
async fn world(messages: i64) -> World {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let [app, user] = ["org#app", "alice"];
    let archive = Archive::at(
        folder.path(),
        "http://127.0.0.1:1".to_owned(),
        app.parse().expect("a key"),
        user.parse().expect("an id"),
    );
    let all = (0..messages).map(|n| (peer("bob"), text(n))).collect();
    archive.import(all, ServerTime(START + 10_000_000)).await.expect("kept");
    let setting = Setting {
        texts: Arc::new(Texts::new(Lang::En)),
        zone: jiff::tz::TimeZone::UTC,
        clock: Arc::new(SystemClock::new()),
    };
    let (out, answers) = mpsc::unbounded_channel();
    World { runtime: Runtime::new(Arc::new(Kept(archive)), setting, out), answers, folder }
}

impl World {
    fn out(&self) -> std::path::PathBuf {
        self.folder.path().join("out")
    }

    /// What lies in the folder.
    fn there(&self) -> Vec<String> {
        let names = fs::read_dir(self.out()).expect("the folder").flatten();
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    fn begin(&mut self, subject: Subject, format: Format, path: &Path, replaces: bool) {
        let order = Order {
            subject,
            title: "bob".to_owned(),
            format,
            path: path.display().to_string(),
            replaces,
            goes_on: true,
            profile: None,
            at: ServerTime(START + 10_000_000),
        };
        self.runtime.start(Effect::Export(RequestId(1), Box::new(order)));
    }

    async fn begun(&mut self) {
        let msg = self.answers.recv().await;
        assert!(matches!(msg, Some(Msg::Exporting(_, 0, _))), "{msg:?}");
    }

    async fn ended(&mut self) -> Exported {
        loop {
            match self.answers.recv().await {
                Some(Msg::Done(_, Answer::Exported(exported))) => return *exported,
                Some(Msg::Exporting(..)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn export(&mut self, subject: Subject, path: &Path, replaces: bool) -> Outcome {
        self.begin(subject, Format::Text, path, replaces);
        self.ended().await.outcome
    }
}

fn bob() -> Subject {
    Subject::Conversations(vec![peer("bob")])
}

#[tokio::test]
async fn a_stop_leaves_no_file_of_that_name_and_says_what_stays() {
    for (format, stays) in [(Format::Html, false), (Format::Ndjson, true)] {
        let mut world = world(3_000).await;
        let path = world.out().join("a");
        world.begin(bob(), format, &path, false);
        world.begun().await;
        world.runtime.start(Effect::Cancel(vec![RequestId(1)]));
        let exported = world.ended().await;
        assert_eq!(exported.outcome, Outcome::Stopped);
        assert!(exported.messages < 3_000);
        let left = exported.left.as_deref().map(Path::new).and_then(Path::file_name);
        let left: Vec<String> = left.map(|name| name.to_string_lossy().into_owned()).into_iter().collect();
        assert_eq!((world.there(), left.len()), (left.clone(), usize::from(stays)));
        assert!(
            left.iter().all(|name| name.starts_with("a.") && Path::new(name).extension().is_some_and(|e| e == "part")),
            "{left:?}"
        );
    }
}

#[tokio::test]
async fn the_end_of_the_program_waits_until_nothing_half_written_is_there() {
    let mut world = world(3_000).await;
    let path = world.out().join("a.html");
    world.begin(bob(), Format::Html, &path, false);
    world.begun().await;
    world.runtime.finish().await;
    assert_eq!(world.there(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_there_stays_unless_it_is_to_be_replaced() {
    let mut world = world(3).await;
    let path = world.out().join("a.txt");
    fs::write(&path, "mine").expect("written");
    let refused = |refusal| Outcome::Refused(refusal);
    assert_eq!(world.export(bob(), &path, false).await, refused(Refusal::There));
    assert_eq!((fs::read_to_string(&path).expect("there").as_str(), world.there().len()), ("mine", 1));
    let (folder, nowhere) = (world.out(), world.out().join("no/a.txt"));
    assert_eq!(world.export(bob(), &folder, true).await, refused(Refusal::NoFile));
    assert_eq!(world.export(bob(), Path::new("/dev/null"), true).await, refused(Refusal::NoFile));
    assert_eq!(world.export(bob(), &nowhere, false).await, refused(Refusal::NoFolder));
    assert!(matches!(world.export(bob(), &path, true).await, Outcome::Done(_)));
    assert!(fs::read_to_string(&path).expect("there").contains("word 2"));
}

#[tokio::test]
async fn what_is_missing_is_told_and_what_is_not_there_writes_nothing() {
    let mut world = world(3).await;
    let path = world.out().join("a.txt");
    let both = Subject::Conversations(vec![peer("bob"), peer("carol")]);
    let day = |from, until| Subject::Between(peer("bob"), ServerTime(START + from), ServerTime(START + until));
    let id = MessageId::at(ServerTime(1));
    let messages = |ids| Subject::Messages(peer("bob"), ids);
    for (subject, refusal) in [
        (Subject::Conversations(vec![peer("carol")]), Refusal::Nothing),
        (day(5_000, 9_000), Refusal::Nothing),
        (messages(vec![text(0).id, id]), Refusal::NoMessage(id)),
    ] {
        assert_eq!(world.export(subject, &path, false).await, Outcome::Refused(refusal));
    }
    assert!(world.there().is_empty());
    assert_eq!(world.export(both, &path, true).await, Outcome::Done(Missing { parts: 1, nothing: 1 }));
    assert_eq!(world.export(day(1_000, 2_000), &path, true).await, Outcome::Done(Missing { parts: 1, nothing: 0 }));
    let day = fs::read_to_string(&path).expect("there");
    assert!(day.contains("word 1") && !day.contains("word 0") && !day.contains("word 2"), "{day}");
    assert_eq!(world.export(messages(vec![text(2).id]), &path, true).await, Outcome::Done(Missing::default()));
    assert!(fs::read_to_string(&path).expect("there").contains("word 2"));
}

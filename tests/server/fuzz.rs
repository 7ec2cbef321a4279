//! Garbage on the long connection: random and mutated frames, always the same ones.

use manyou::server::hub::EVENTS;
use manyou::server::session::{Input, Session};
use manyou::wire::frame::{self, Command};
use manyou::wire::{body_type, pb};
use prost::Message as _;
use tokio::sync::mpsc;

use crate::device::provision;
use crate::support::Sandbox;

const FRAMES: usize = 20_000;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// One of `seeds` with a few bytes changed, cut, doubled or put in; sometimes pure noise.
    fn frame(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        if self.below(10) == 0 {
            return (0..self.below(80)).map(|_| self.next() as u8).collect();
        }
        let mut frame = seeds[self.below(seeds.len())].clone();
        for _ in 0..self.below(4) {
            let at = self.below(frame.len().max(1));
            match self.below(4) {
                0 => frame.truncate(at),
                1 => frame.insert(at, self.next() as u8),
                2 => frame.extend_from_within(at.min(frame.len())..),
                _ => {
                    if let Some(byte) = frame.get_mut(at) {
                        *byte = self.next() as u8;
                    }
                }
            }
        }
        frame
    }
}

/// Frames of every sort a client sends.
fn seeds(sandbox: &Sandbox, sign_in: &[u8]) -> Vec<Vec<u8>> {
    let key = &sandbox.handle.app().app_key;
    let queue = Some(frame::jid(key, "alice", manyou::domain::ChatType::Single, ""));
    let send = |kind: i32, to: &str, group: bool| {
        let chat = if group { manyou::domain::ChatType::Group } else { manyou::domain::ChatType::Single };
        let content = pb::Content { r#type: Some(0), text: frame::bytes("hi"), ..Default::default() };
        let body = pb::MessageBody {
            r#type: Some(kind),
            contents: vec![content],
            ack_message_id: Some(1),
            edit_message_id: Some(1),
            ..Default::default()
        };
        let meta = pb::Meta {
            id: Some(9),
            to: Some(frame::jid(key, to, chat, "")),
            ns: Some(1),
            payload: Some(body.encode_to_vec().into()),
            ..Default::default()
        };
        frame::down(Command::Sync, &pb::CommSyncUl { meta: Some(meta), ..Default::default() })
    };
    let fetch = |key| frame::down(Command::Sync, &pb::CommSyncUl { queue: queue.clone(), key, ..Default::default() });
    let mut out: Vec<_> = (body_type::CHAT..=body_type::EDIT).map(|kind| send(kind, "bob", false)).collect();
    out.extend([send(body_type::GROUPCHAT, "g_team", true), fetch(None), fetch(Some(3)), fetch(Some(u64::MAX))]);
    out.extend([frame::down(Command::Unread, &pb::CommUnreadUl {}), sign_in.to_vec()]);
    out
}

#[tokio::test]
async fn twenty_thousand_garbage_frames_neither_panic_nor_lose_what_waits() {
    let sandbox = Sandbox::new().await;
    sandbox.team().await;
    let app = sandbox.handle.app().clone();
    let sign_in = provision(&sandbox, "alice", "a1", &sandbox.sign_in("alice").await);
    let (seeds, mut dice) = (seeds(&sandbox, &sign_in), Dice(20_231_114));
    let waiting = || -> i64 {
        let sql = "SELECT count(*) FROM queue WHERE owner = 'alice' AND device = 'a1'";
        app.db.get().query_row(sql, [], |row| row.get(0)).expect("a count")
    };
    let enter = || {
        let mut fresh = Session::new(app.clone(), mpsc::channel(EVENTS).0);
        assert!(!fresh.handle(Input::Frame(&sign_in)).close, "the true sign-in still works");
        fresh
    };
    let (mut session, mut closed) = (enter(), 0);
    for n in 0..FRAMES {
        if n % 500 == 0 {
            sandbox.say("bob", "alice", "while garbage comes").await;
        }
        let frame = dice.frame(&seeds);
        let out = session.handle(Input::Frame(&frame));
        for answer in &out.frames {
            let answer = pb::MSync::decode(&answer[..]).expect("the server's own frames are whole");
            let page = pb::CommSyncDl::decode(answer.payload.unwrap_or_default()).unwrap_or_default();
            let ends = answer.command == Some(Command::Sync.number()) && page.is_last == Some(true);
            assert!(!ends || waiting() == 0, "frame {n} was told the end while something waits");
        }
        if out.close {
            closed += 1;
            drop(session);
            session = enter();
        }
    }
    assert!(closed > 100, "garbage closes connections");
    assert!(!sandbox.say("bob", "alice", "alive").await.is_empty());
}

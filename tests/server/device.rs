//! A device on a real socket that does what the SDKs do: sign in, wait for notices, fetch, acknowledge.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use manyou::domain::ChatType;
use manyou::wire::frame::{self, Command};
use manyou::wire::pb;
use prost::Message as _;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::support::Sandbox;

/// Silence after which nothing more is expected.
const QUIET: Duration = Duration::from_secs(20);

pub struct Device {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

pub fn provision(sandbox: &Sandbox, user: &str, device: &str, token: &str) -> Vec<u8> {
    let provision = pb::Provision {
        resource: frame::bytes(device),
        auth: frame::bytes(&format!("$t${token}")),
        ..Default::default()
    };
    let up = pb::MSync {
        guid: Some(frame::jid(&sandbox.handle.app().app_key, user, ChatType::Single, device)),
        command: Some(Command::Provision.number()),
        payload: Some(provision.encode_to_vec().into()),
        ..Default::default()
    };
    up.encode_to_vec()
}

impl Device {
    pub async fn sign_in(sandbox: &Sandbox, user: &str, device: &str) -> Self {
        let token = sandbox.sign_in(user).await;
        let url = format!("ws://{}/websocket", sandbox.handle.addr());
        let mut out = Self { socket: tokio_tungstenite::connect_async(url).await.expect("a socket").0 };
        out.send(provision(sandbox, user, device, &token)).await;
        let answer: pb::Provision = out.payload(Command::Provision).await;
        assert_eq!(answer.status.and_then(|s| s.error_code), Some(0));
        out
    }

    pub async fn send(&mut self, frame: Vec<u8>) {
        self.socket.send(Message::Binary(frame.into())).await.expect("sent");
    }

    /// The next frame; `None` when the server has closed.
    pub async fn frame(&mut self) -> Option<pb::MSync> {
        let next = tokio::time::timeout(QUIET, self.socket.next()).await.expect("the server says something");
        match next {
            Some(Ok(Message::Binary(raw))) => Some(pb::MSync::decode(raw).expect("a frame")),
            _ => None,
        }
    }

    /// The payload of the next frame of this command.
    pub async fn payload<M: prost::Message + Default>(&mut self, command: Command) -> M {
        loop {
            let frame = self.frame().await.expect("an open connection");
            if frame.command == Some(command.number()) {
                return M::decode(frame.payload.unwrap_or_default()).expect("a payload");
            }
        }
    }

    /// Everything that waits: a heartbeat tells whether there is any, then the queue is read to its end.
    pub async fn metas(&mut self) -> Vec<pb::Meta> {
        self.send(frame::down(Command::Unread, &pb::CommUnreadUl {})).await;
        let unread: pb::CommUnreadDl = self.payload(Command::Unread).await;
        let Some(queue) = unread.unread.into_iter().next().and_then(|waiting| waiting.queue) else { return Vec::new() };
        let (mut got, mut key) = (Vec::new(), None);
        loop {
            let ask = pb::CommSyncUl { queue: Some(queue.clone()), key, ..Default::default() };
            self.send(frame::down(Command::Sync, &ask)).await;
            let page: pb::CommSyncDl = self.payload(Command::Sync).await;
            if page.is_last == Some(true) {
                let ids: BTreeSet<_> = got.iter().map(|meta: &pb::Meta| meta.id).collect();
                assert_eq!(ids.len(), got.len(), "the older SDK drops what has the id of another");
                return got;
            }
            got.extend(page.metas);
            key = page.next_key;
        }
    }

    /// The NOTIFY events that wait.
    pub async fn events(&mut self) -> Vec<Value> {
        let metas = self.metas().await;
        let payloads = metas.into_iter().filter(|meta| meta.ns == Some(5)).map(|meta| meta.payload.unwrap_or_default());
        payloads
            .map(|raw| {
                assert!(raw.iter().all(|byte| *byte >= 0x10), "the SDKs lose an event with a byte below 0x10");
                serde_json::from_slice(&raw).expect("JSON")
            })
            .collect()
    }

    /// The bodies of the messages that wait.
    pub async fn bodies(&mut self) -> Vec<pb::MessageBody> {
        let metas = self.metas().await;
        let payloads = metas.into_iter().filter(|meta| meta.ns == Some(1)).map(|meta| meta.payload.unwrap_or_default());
        payloads.map(|raw| pb::MessageBody::decode(raw).expect("a body")).collect()
    }

    pub async fn texts(&mut self) -> Vec<String> {
        let of = |body: &pb::MessageBody| body.contents.first().and_then(|c| c.text.clone()).unwrap_or_default();
        self.bodies().await.iter().map(|body| String::from_utf8_lossy(&of(body)).into_owned()).collect()
    }
}

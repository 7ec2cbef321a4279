//! The only place that can ask a server to delete (`protocol` 3.4, 3.5). No request leaves twice on its own.

use http::Method;
use serde_json::{Value, json};

use super::Client;
use super::call::{Answered, Call, Lost, encoded};
use crate::domain::{
    ChatType, Chunk, ChunkOutcome, DeletionPlan, DeletionReport, Failure, FailureKind, MAX_CHUNK, MessageId, Peer,
    Scope, Service, UserId,
};
use crate::wire::{rest, words};

impl Client {
    /// Ids one request carries at most: as configured, within what the server takes.
    #[must_use]
    pub fn chunk_size(&self) -> usize {
        self.inner.options.chunk.clamp(1, MAX_CHUNK)
    }

    /// Carries out a plan that has been checked and confirmed, request by request. The first one that is not
    /// confirmed by the server ends it. `on_chunk` hears of each request as it ends, [`ChunkOutcome::NotSent`] ones too.
    ///
    /// A request refused because, in the server's words, the token had expired did nothing and is sent again with the renewed one; nothing else
    /// is ever repeated.
    pub async fn delete(&self, plan: &DeletionPlan, mut on_chunk: impl FnMut(&Chunk)) -> DeletionReport {
        let mut chunks = Vec::new();
        let mut halted = false;
        for (ids, call) in self.requests(plan) {
            let outcome = match (halted, self.may_delete(&plan.owner)) {
                (true, _) => ChunkOutcome::NotSent,
                (false, Err(failure)) => ChunkOutcome::Refused(failure),
                (false, Ok(())) => outcome(&plan.scope, self.with_session(&call).await),
            };
            halted |= outcome != ChunkOutcome::Done;
            let chunk = Chunk { ids, outcome };
            on_chunk(&chunk);
            chunks.push(chunk);
        }
        DeletionReport { plan: plan.clone(), chunks, kept: None }
    }

    /// Asked before every request: the session may have changed since the plan was confirmed.
    fn may_delete(&self, owner: &UserId) -> Result<(), Failure> {
        match self.session() {
            None => Err(Failure::local(FailureKind::Refused, "not signed in")),
            Some(session) if session.user != *owner => {
                Err(Failure::local(FailureKind::IdentityChanged, "the plan belongs to another user"))
            }
            Some(session) if session.read_only => {
                Err(Failure::local(FailureKind::ReadOnly, "a session on behalf of a user may only read"))
            }
            Some(_) => Ok(()),
        }
    }

    fn requests(&self, plan: &DeletionPlan) -> Vec<(Vec<MessageId>, Call)> {
        let resource = encoded(self.inner.options.resource.as_str());
        let roaming = roaming_path(&plan.owner, &plan.peer);
        let peer = peer_key(&plan.peer);
        match &plan.scope {
            Scope::Messages(ids) => ids
                .chunks(self.chunk_size())
                .map(|ids| {
                    let list = ids.iter().map(MessageId::to_string).collect::<Vec<_>>().join(",");
                    let path = format!("{roaming}?{peer}&msgIdList={list}&resource={resource}");
                    (ids.to_vec(), call("DELETE message/roaming", path, None))
                })
                .collect(),
            Scope::Before { cutoff, .. } => {
                // The SDK's double `&` is part of what servers are known to take.
                let path = format!("{roaming}/time?{peer}&delTime={}&&resource={resource}", cutoff.ms());
                vec![(Vec::new(), call("DELETE message/roaming/time", path, None))]
            }
            Scope::Conversation { with_history } => {
                let path = format!("/user/{}/user_channel?resource={resource}", encoded(plan.owner.as_str()));
                let word = words::conversation_word(plan.peer.chat_type);
                let body = json!({"channel": plan.peer.id(), "type": word, "delete_roam": with_history});
                vec![(Vec::new(), call("DELETE user_channel", path, Some(body)))]
            }
        }
    }
}

fn call(label: &'static str, path: String, body: Option<Value>) -> Call {
    Call { label, method: Method::DELETE, path, body, service: Service::Deletion, is_sign_in: false, share: None }
}

fn roaming_path(owner: &UserId, peer: &Peer) -> String {
    format!("/sdk/message/roaming/{}/user/{}", words::roaming_word(peer.chat_type), encoded(owner.as_str()))
}

fn peer_key(peer: &Peer) -> String {
    let key = if peer.chat_type == ChatType::Single { "userId" } else { "groupId" };
    format!("{key}={}", encoded(peer.id()))
}

/// Only the service's own "ok" is a confirmation; only its own refusal is a refusal.
fn outcome(scope: &Scope, answer: Result<Answered, Lost>) -> ChunkOutcome {
    match answer {
        Ok(answer) => {
            let said = rest::object(&answer.body).unwrap_or_default();
            let flag = match scope {
                Scope::Conversation { .. } => &said["data"]["result"],
                Scope::Messages(_) | Scope::Before { .. } => &said["requestStatusCode"],
            };
            if flag == "ok" {
                return ChunkOutcome::Done;
            }
            ChunkOutcome::Unknown(answer.unreadable("the server did not confirm the deletion"))
        }
        Err(lost) if !lost.sent || is_refusal(&lost.failure) => ChunkOutcome::Refused(named(scope, lost.failure)),
        Err(lost) => ChunkOutcome::Unknown(lost.failure),
    }
}

/// Taking an entry out of the list deletes no message: the service that is missing is another one.
fn named(scope: &Scope, failure: Failure) -> Failure {
    let hides = matches!(scope, Scope::Conversation { with_history: false });
    match failure.kind {
        FailureKind::ServiceNotEnabled(Service::Deletion) if hides => {
            Failure { kind: FailureKind::ServiceNotEnabled(Service::Other), ..failure }
        }
        _ => failure,
    }
}

fn is_refusal(failure: &Failure) -> bool {
    failure.status.is_some_and(|status| (300..500).contains(&status) && status != 408)
}

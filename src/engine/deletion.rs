//! The one path by which anything is deleted: the plan is checked as a whole, then carried out.

use std::collections::HashSet;
use std::sync::PoisonError;

use super::Engine;
use crate::domain::{Chunk, DeletionPlan, DeletionReport, Failure, FailureKind, MessageId, Peer, Scope, ServerTime};

impl Engine {
    /// Checks `plan` and carries it out; `on_chunk` hears of each request as it ends. The plan must have been
    /// confirmed by a person.
    ///
    /// # Errors
    /// Nothing was sent: [`FailureKind::IdentityChanged`] when the plan is another user's, [`FailureKind::ReadOnly`] in
    /// a session on behalf of somebody, [`FailureKind::Refused`] when the plan itself is not sound.
    pub async fn delete(&self, plan: &DeletionPlan, on_chunk: impl FnMut(&Chunk)) -> Result<DeletionReport, Failure> {
        self.check(plan)?;
        let report = self.client.delete(plan, on_chunk).await;
        Ok(self.purged(report).await)
    }

    /// Takes what the server confirmed out of the archive; what could not be is told in [`DeletionReport::kept`].
    /// [`Engine::delete`] has done so already; this is for one that was broken off.
    pub async fn purged(&self, mut report: DeletionReport) -> DeletionReport {
        if let Some(archive) = &self.archive {
            report.kept = archive.deleted(&report, self.client.clock().now()).await.err();
        }
        report
    }

    /// What [`Engine::delete`] checks first; for refusing a plan before anybody is asked to confirm it.
    ///
    /// # Errors
    /// As [`Engine::delete`].
    pub fn check(&self, plan: &DeletionPlan) -> Result<(), Failure> {
        if plan.owner != self.session.user {
            return Err(Failure::local(FailureKind::IdentityChanged, "the plan belongs to another user"));
        }
        if self.session.read_only {
            return Err(Failure::local(FailureKind::ReadOnly, "a session on behalf of a user may only read"));
        }
        match &plan.scope {
            Scope::Messages(ids) => check_ids(ids),
            Scope::Before { cutoff, newest } => self.check_cutoff(&plan.peer, *cutoff, *newest),
            Scope::Conversation { .. } => Ok(()),
        }
    }

    /// How many requests a plan takes.
    #[must_use]
    pub fn requests_of(&self, plan: &DeletionPlan) -> usize {
        match &plan.scope {
            Scope::Messages(ids) => ids.len().div_ceil(self.client.chunk_size()),
            Scope::Before { .. } | Scope::Conversation { .. } => 1,
        }
    }

    fn check_cutoff(&self, peer: &Peer, cutoff: ServerTime, newest: MessageId) -> Result<(), Failure> {
        if !cutoff.is_valid_at(self.client.clock().now()) {
            return refused("the cut-off is no server time in milliseconds, or lies in the future");
        }
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.get(peer);
        if !known.is_some_and(|known| known.contains(&(cutoff, newest))) {
            return refused("the cut-off must be the time of a message of this conversation that was seen");
        }
        let later = (cutoff, MessageId(newest.0.saturating_add(1)))..=(cutoff, MessageId(u64::MAX));
        if newest.0 < u64::MAX && known.is_some_and(|known| known.range(later).next().is_some()) {
            return refused("a later message has the same time and would go too; delete by ids instead");
        }
        Ok(())
    }
}

fn check_ids(ids: &[MessageId]) -> Result<(), Failure> {
    if ids.is_empty() {
        return refused("no message is named");
    }
    if ids.contains(&MessageId(0)) {
        return refused("0 is not the id of a message");
    }
    let unique: HashSet<_> = ids.iter().collect();
    if unique.len() < ids.len() { refused("a message is named twice") } else { Ok(()) }
}

fn refused(why: &str) -> Result<(), Failure> {
    Err(Failure::local(FailureKind::Refused, why))
}

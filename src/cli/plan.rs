//! A deletion as it is shown before, and told after: what is planned, what is known of each id, what came of it.

use std::io;

use serde_json::{Value, json};

use super::Context;
use super::ink::Ink;
use super::output::{Mode, Printer};
use super::seen::{Known, Seen};
use crate::domain::{ChunkOutcome, DeletionPlan, DeletionReport, Failure, MessageId, Scope};
use crate::i18n::Arg;

/// A plan, how many messages it is known to concern, and what the history has of them.
pub(super) struct Planned {
    pub(super) plan: DeletionPlan,
    pub(super) count: usize,
    /// Paging broke off: there may be more than `count`.
    pub(super) is_at_least: bool,
    pub(super) seen: Seen,
}

impl Planned {
    fn ids(&self) -> &[MessageId] {
        match &self.plan.scope {
            Scope::Messages(ids) => ids,
            Scope::Before { .. } | Scope::Conversation { .. } => &[],
        }
    }

    fn those(&self, wanted: Option<bool>) -> Vec<MessageId> {
        self.ids().iter().copied().filter(|id| self.seen.of(*id).is_found() == wanted).collect()
    }

    /// The `scope` of headers.
    pub(super) fn scope(&self) -> Value {
        let DeletionPlan { owner, peer, scope } = &self.plan;
        let mut out =
            json!({"owner": owner, "peer": peer.to_string(), "count": self.count, "at_least": self.is_at_least});
        match scope {
            Scope::Messages(ids) => {
                out["ids"] = json!(ids);
                for (key, wanted) in [("found", Some(true)), ("not_found", Some(false)), ("not_looked_up", None)] {
                    out[key] = json!(self.those(wanted));
                }
            }
            Scope::Before { cutoff, newest } => {
                out["cutoff"] = json!(cutoff.ms());
                out["cutoff_utc"] = json!(cutoff.to_string());
                out["newest"] = json!(newest);
            }
            Scope::Conversation { with_history } => out["with_history"] = json!(with_history),
        }
        out
    }
}

/// Prints what would be sent: one record for each id, sentences for people.
pub(super) fn print_plan(context: &Context, planned: &Planned) -> io::Result<()> {
    let header = json!({"schema": "manyou.deletion-plan/1", "scope": planned.scope()});
    let mut printer = Printer::start(context.mode(), header)?;
    if context.mode() == Mode::Plain {
        printer.record(|| Value::Null, || sentences(context, planned))?;
    } else {
        let lines = context.lines(&planned.plan.owner);
        for id in planned.ids() {
            let known = planned.seen.of(*id);
            let message = match known {
                Known::Found(message) => Some(lines.message_record(message)),
                Known::Missing | Known::Unasked => None,
            };
            printer.record(|| json!({"id": id, "found": known.is_found(), "message": message}), String::new)?;
        }
    }
    printer.end(json!({"count": planned.count, "sent": 0, "complete": !planned.is_at_least}))
}

fn sentences(context: &Context, planned: &Planned) -> String {
    let DeletionPlan { owner, peer, scope } = &planned.plan;
    let mut args: Vec<(&str, Arg<'_>)> =
        vec![("user", owner.as_str().into()), ("peer", peer.to_string().into()), ("count", planned.count.into())];
    let key = match scope {
        Scope::Messages(_) => "delete-plan-messages",
        Scope::Before { cutoff, newest } => {
            args.extend([("cutoff", cutoff.to_string().into()), ("newest", newest.to_string().into())]);
            "delete-plan-before"
        }
        Scope::Conversation { with_history: true } => "delete-plan-conversation-history",
        Scope::Conversation { with_history: false } => "delete-plan-conversation",
    };
    let mut lines: Vec<String> = vec![context.texts.tr(key, &args)];
    if !matches!(scope, Scope::Conversation { with_history: false }) {
        lines.push(context.texts.tr("delete-plan-others", &args));
        lines.push(Ink::of(&context.global).hot(&context.texts.t("delete-plan-final")));
    }
    if let Scope::Messages(ids) = scope {
        let columns = context.lines(owner);
        lines.extend(ids.iter().map(|id| match planned.seen.of(*id) {
            Known::Found(message) => format!("  {}", columns.messages(std::slice::from_ref(message)).concat()),
            Known::Missing => format!("  {:<20}  {}", id.to_string(), context.texts.t("delete-not-found")),
            Known::Unasked => format!("  {:<20}  {}", id.to_string(), context.texts.t("delete-not-looked-up")),
        }));
    } else if !matches!(scope, Scope::Conversation { with_history: false }) {
        lines.push(context.texts.tr("delete-plan-count", &args));
    }
    lines.join("\n")
}

/// How many ids of a report the server confirmed, and how many of its requests confirmed nothing: the history did not
/// have them.
pub(super) struct Tally {
    pub(super) confirmed: usize,
    pub(super) not_found: usize,
}

/// Prints one record for each id; one for the whole where the scope names none.
pub(super) fn print_report(
    context: &Context,
    mut printer: Printer,
    planned: &Planned,
    report: &DeletionReport,
) -> (Tally, io::Result<()>) {
    let mut tally = Tally { confirmed: 0, not_found: 0 };
    let mut printed = Ok(());
    for chunk in &report.chunks {
        let whole = chunk.ids.is_empty().then_some(None);
        for id in chunk.ids.iter().copied().map(Some).chain(whole) {
            let known = id.map_or(Known::Unasked, |id| planned.seen.of(id));
            let (word, reason) = told(context, &chunk.outcome, known);
            tally.confirmed += usize::from(word == "confirmed");
            tally.not_found += usize::from(word == "not-found");
            let sent = chunk.outcome != ChunkOutcome::NotSent;
            let id = id.map_or_else(|| report.plan.peer.to_string(), |id| id.to_string());
            let record = || json!({"id": id, "requested": true, "sent": sent, "outcome": word, "found": known.is_found(), "confirmed": word == "confirmed", "failed": word == "refused", "reason": reason});
            let line = || format!("{id:<20}  {word}  {}", crate::text::label(&reason).text).trim_end().to_owned();
            printed = printed.and_then(|()| printer.record(record, line));
        }
    }
    let complete = report.is_done() && tally.not_found == 0 && report.kept.is_none();
    let kept = report.kept.as_ref().map(|failure| <&str>::from(failure.kind));
    let trailer = json!({"count": planned.count, "confirmed": tally.confirmed, "not_found": tally.not_found,
                         "kept_here": kept, "complete": complete});
    (tally, printed.and_then(|()| printer.end(trailer)))
}

/// The word for an outcome, and why. The server says "ok" for ids it does not have: that confirms nothing.
fn told(context: &Context, outcome: &ChunkOutcome, known: Known<'_>) -> (&'static str, String) {
    let words = |failure: &Failure| format!("{} {}", failure.code, failure.text).trim().to_owned();
    match outcome {
        ChunkOutcome::Done if known.is_found() == Some(false) => ("not-found", context.texts.t("delete-was-not-found")),
        ChunkOutcome::Done => ("confirmed", String::new()),
        ChunkOutcome::Refused(failure) => ("refused", words(failure)),
        ChunkOutcome::Unknown(failure) => ("unknown", words(failure)),
        ChunkOutcome::NotSent => ("not-sent", String::new()),
    }
}

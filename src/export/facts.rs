//! What an export says of itself to people: whose, from where, when, how much.

use super::form::Cx;
use super::{Heading, PROGRAM, Totals, when};
use crate::text::{label, thousands};

/// Names and values that are known before the first message. All are clean.
pub(super) fn of_scope(cx: &Cx) -> Vec<(String, String)> {
    let (scope, labels) = (&cx.scope, &cx.options.labels);
    let mut facts = vec![
        (&labels.account, scope.account.to_string()),
        (&labels.app, scope.app_key.to_string()),
        (&labels.server, scope.api.clone()),
    ];
    facts.extend(scope.profile.as_ref().map(|profile| (&labels.profile, profile.clone())));
    facts.push((&labels.exported, when::moment(scope.exported_at, cx)));
    facts.push((&labels.zone, when::zone_name(cx)));
    facts.push((&labels.program, PROGRAM.to_owned()));
    facts.into_iter().map(|(name, value)| (name.clone(), label(&value).text)).collect()
}

/// How far a conversation reaches, where there is something to say.
pub(super) fn of_heading(heading: &Heading<'_>, cx: &Cx) -> Option<String> {
    let part = (!heading.whole).then(|| cx.options.labels.part.clone());
    let coverage = heading.coverage.map(|words| label(words).text);
    let words: Vec<String> = part.into_iter().chain(coverage).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// Names and values that are known after the last one.
pub(super) fn of_totals(totals: &Totals, cx: &Cx) -> Vec<(String, String)> {
    let labels = &cx.options.labels;
    let mut facts = vec![(labels.messages.clone(), thousands(totals.messages))];
    for (name, time) in [(&labels.first, totals.first), (&labels.last, totals.last)] {
        facts.extend(time.map(|time| (name.clone(), when::moment(time, cx))));
    }
    let extent = if totals.complete { &labels.whole } else { &labels.part };
    facts.push((labels.extent.clone(), extent.clone()));
    facts
}

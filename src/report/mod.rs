//! What went wrong, as a person reads it: what happened, why, what to do. The only place with sentences for failures.
//!
//! Read [`Report`]. Layers below carry [`Failure`]s; nothing of them is shown but through here.

use crate::domain::{Failure, FailureKind, Service};
use crate::i18n::{Lang, Texts};
use crate::text::label;

/// Exit codes of the program.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// Any failure without a code of its own.
    pub const OTHER: u8 = 1;
    /// Bad usage, or refused before anything was sent.
    pub const USAGE: u8 = 2;
    /// Sign-in refused or expired.
    pub const SIGN_IN: u8 = 3;
    /// Confirmation needed; the plan is printed.
    pub const CONFIRM: u8 = 4;
    /// Network or server unreachable.
    pub const NETWORK: u8 = 5;
    /// Throttled, gave up.
    pub const THROTTLED: u8 = 6;
    /// Partly done.
    pub const PARTLY: u8 = 7;
    /// `--expect` differs; nothing sent.
    pub const STALE_PLAN: u8 = 8;
    /// The vendor has not enabled the service.
    pub const NOT_ENABLED: u8 = 9;
    /// Sent, and the outcome is not known.
    pub const UNKNOWN: u8 = 11;
    /// A read-only profile or session.
    pub const READ_ONLY: u8 = 12;
    /// Signed in as somebody else.
    pub const IDENTITY: u8 = 14;
    /// Interrupted from the keyboard.
    pub const INTERRUPTED: u8 = 130;
}

/// Where a report is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// The screen, where keys can be pressed.
    Screen,
    /// The command line, where there are verbs and flags and no keys.
    CommandLine,
}

/// A failure ready for a person. All texts are clean and of one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What happened, with the vendor's status and code in brackets.
    pub headline: String,
    /// What it means.
    pub cause: String,
    /// What to do.
    pub next_step: String,
    /// The vendor's own words, or what this machine says, where there are any.
    pub words: Option<String>,
    /// The words are the vendor's.
    pub is_from_server: bool,
    /// Number and name of the request, as in the log.
    pub request: Option<String>,
    /// What the program ends with.
    pub exit_code: u8,
}

impl Report {
    /// The report of `failure` in the session of `user`, for the screen.
    #[must_use]
    pub fn new(failure: &Failure, user: &str, texts: &Texts) -> Self {
        Self::facing(Face::Screen, failure, user, texts)
    }

    /// The report as `face` shows it: what to do may be said in keys on one and in verbs on the other.
    #[must_use]
    pub fn facing(face: Face, failure: &Failure, user: &str, texts: &Texts) -> Self {
        let key = failure.kind.text_key();
        let next = format!("{key}-next");
        let in_verbs = format!("{next}-cli");
        let next = if face == Face::CommandLine && texts.has(&in_verbs) { in_verbs } else { next };
        let user_text = label(user).text;
        let say = |key: &str| texts.tr(key, &[("user", user_text.as_str().into())]);
        Self {
            headline: with_code(say(&key), failure, texts),
            cause: say(&format!("{key}-cause")),
            next_step: say(&next),
            words: words(failure),
            is_from_server: failure.status.is_some(),
            request: request(failure, texts),
            exit_code: exit_code(failure.kind),
        }
    }

    /// The report as lines, headline first.
    #[must_use]
    pub fn lines(&self, texts: &Texts) -> Vec<String> {
        let labelled = |key: &str, text: &str| texts.tr(key, &[("text", text.into())]);
        let mut lines =
            vec![self.headline.clone(), labelled("label-cause", &self.cause), labelled("label-next", &self.next_step)];
        let key = if self.is_from_server { "note-vendor" } else { "note-details" };
        lines.extend(self.words.as_ref().map(|words| texts.tr(key, &[("words", words.as_str().into())])));
        lines.extend(self.request.clone());
        lines
    }
}

fn with_code(words: String, failure: &Failure, texts: &Texts) -> String {
    let status = failure.status.map(|s| s.to_string());
    let code = Some(label(&failure.code).text).filter(|code| !code.is_empty());
    let parts: Vec<String> = status.into_iter().chain(code).collect();
    if parts.is_empty() {
        return words;
    }
    let comma = if texts.lang() == Lang::ZhCn { "，" } else { ", " };
    texts.tr("with-code", &[("words", words.into()), ("code", parts.join(comma).into())])
}

fn words(failure: &Failure) -> Option<String> {
    Some(label(&failure.text).text).filter(|text| !text.is_empty())
}

fn request(failure: &Failure, texts: &Texts) -> Option<String> {
    let (id, name) = (label(&failure.request_id).text, label(&failure.request).text);
    (!id.is_empty()).then(|| texts.tr("note-request", &[("id", id.as_str().into()), ("request", name.as_str().into())]))
}

/// The exit code of a failure.
#[must_use]
pub const fn exit_code(kind: FailureKind) -> u8 {
    match kind {
        FailureKind::WrongPassword
        | FailureKind::UnknownUser
        | FailureKind::WrongAppCredentials
        | FailureKind::WrongAppKey
        | FailureKind::TokenExpired
        | FailureKind::TokenRejected => exit::SIGN_IN,
        FailureKind::IdentityChanged | FailureKind::ForeignToken => exit::IDENTITY,
        FailureKind::ServiceNotEnabled(
            Service::History | Service::Deletion | Service::ConversationList | Service::Other,
        ) => exit::NOT_ENABLED,
        FailureKind::RateLimited => exit::THROTTLED,
        FailureKind::Unreachable
        | FailureKind::Interrupted
        | FailureKind::Timeout
        | FailureKind::Tls
        | FailureKind::Proxy
        | FailureKind::NotApi
        | FailureKind::Server => exit::NETWORK,
        FailureKind::PlainHttp | FailureKind::Refused => exit::USAGE,
        FailureKind::ReadOnly => exit::READ_ONLY,
        FailureKind::Cancelled => exit::INTERRUPTED,
        FailureKind::Forbidden
        | FailureKind::NotFound
        | FailureKind::BadRequest
        | FailureKind::BadAnswer
        | FailureKind::TooLarge
        | FailureKind::Redirected
        | FailureKind::NotHere
        | FailureKind::Busy
        | FailureKind::DiskFull
        | FailureKind::PutAside
        | FailureKind::Local => exit::OTHER,
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    fn kinds() -> Vec<FailureKind> {
        use FailureKind as K;
        let plain = [
            K::WrongPassword,
            K::UnknownUser,
            K::WrongAppCredentials,
            K::WrongAppKey,
            K::TokenExpired,
            K::TokenRejected,
            K::IdentityChanged,
            K::ForeignToken,
            K::Forbidden,
            K::RateLimited,
            K::NotFound,
            K::BadRequest,
            K::Server,
            K::Unreachable,
            K::Interrupted,
            K::Timeout,
            K::Tls,
            K::Proxy,
            K::NotApi,
            K::BadAnswer,
            K::TooLarge,
            K::Redirected,
            K::PlainHttp,
            K::ReadOnly,
            K::Refused,
            K::Cancelled,
            K::Busy,
            K::DiskFull,
            K::PutAside,
            K::Local,
        ];
        plain.into_iter().chain(Service::iter().map(K::ServiceNotEnabled)).collect()
    }

    #[test]
    fn every_failure_says_what_happened_why_and_what_to_do_in_both_languages() {
        for lang in Lang::iter() {
            let texts = Texts::new(lang);
            for kind in kinds() {
                let key = kind.text_key();
                for key in [key.clone(), format!("{key}-cause"), format!("{key}-next")] {
                    assert!(texts.has(&key), "{lang:?} has no {key}");
                }
            }
        }
    }

    #[test]
    fn the_command_line_is_never_told_to_press_a_key() {
        for (lang, words) in [(Lang::En, ["press ", "; o opens"]), (Lang::ZhCn, ["按 R", "按 o"])] {
            let texts = Texts::new(lang);
            for kind in kinds() {
                let failure = Failure::local(kind, "");
                let report = Report::facing(Face::CommandLine, &failure, "kefu01", &texts);
                assert!(words.iter().all(|word| !report.next_step.contains(word)), "{}", report.next_step);
            }
        }
    }

    #[test]
    fn the_vendors_code_is_kept_and_its_words_cannot_act_on_a_terminal() {
        let mut failure = Failure::local(FailureKind::WrongPassword, "bad \u{1b}[2Jword");
        failure.status = Some(400);
        failure.code = "invalid_grant".into();
        let report = Report::new(&failure, "kefu01", &Texts::new(Lang::En));
        assert!(report.headline.ends_with("(400, invalid_grant)"), "{}", report.headline);
        assert!(report.cause.contains("kefu01"));
        assert!(!report.lines(&Texts::new(Lang::ZhCn)).concat().contains('\u{1b}'));
        assert_eq!(report.exit_code, 3);
    }
}

//! Limits and paid services of the vendor, as configuration. Each is off in [`Limits::none`].

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::domain::ServerTime;

/// Day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// What the server refuses or leaves out. Read from TOML or JSON; an unknown key is an error, a missing one is "none".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Conversations the oldest list call gives at most.
    pub list_v1_count: Option<usize>,
    /// Days back the oldest list call looks.
    pub list_v1_days: Option<i64>,
    /// List calls a minute and user; of a paged list only its first page counts.
    pub list_per_minute: Option<usize>,
    /// Delete-conversation calls a minute and user.
    pub delete_conversation_per_minute: Option<usize>,
    /// Days a message stays in the history.
    pub retention_days: Option<i64>,
    /// Ids in one deletion.
    pub delete_ids: Option<usize>,
    /// Conversations kept for a user; the least active is dropped.
    pub conversations: Option<usize>,
    /// Pinned conversations of a user.
    pub pins: Option<usize>,
    /// Targets of one mark call.
    pub mark_targets: Option<usize>,
    /// Messages sent through REST enter the conversation list.
    pub rest_sent_listed: bool,
    /// The history service is on.
    pub history: bool,
    /// The one-way deletion service is on.
    pub deletion: bool,
    /// The conversation list service is on.
    pub list: bool,
    /// The reaction service is on.
    pub reaction: bool,
    /// The recall service is on.
    pub recall: bool,
    /// Seconds a message can be recalled.
    pub recall_seconds: Option<i64>,
    /// Bytes of a request body, files aside.
    pub body_bytes: usize,
    /// Bytes of an uploaded file.
    pub file_bytes: usize,
    /// A message enters the history so many milliseconds after it was sent.
    pub slow_storage_ms: i64,
    /// Deleting a conversation with its history goes on for so many milliseconds and swallows what comes meanwhile.
    pub async_delete_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self::none()
    }
}

impl Limits {
    /// Nothing refused but what would hurt the machine.
    pub const fn none() -> Self {
        Self {
            list_v1_count: None,
            list_v1_days: None,
            list_per_minute: None,
            delete_conversation_per_minute: None,
            retention_days: None,
            delete_ids: None,
            conversations: None,
            pins: None,
            mark_targets: None,
            rest_sent_listed: true,
            history: true,
            deletion: true,
            list: true,
            reaction: true,
            recall: true,
            recall_seconds: None,
            body_bytes: 1 << 20,
            file_bytes: 32 << 20,
            slow_storage_ms: 0,
            async_delete_ms: 0,
        }
    }

    /// The documented set of the vendor's standard plan.
    pub const fn vendor() -> Self {
        Self {
            list_v1_count: Some(10),
            list_v1_days: Some(7),
            list_per_minute: Some(5),
            delete_conversation_per_minute: Some(5),
            retention_days: Some(7),
            delete_ids: Some(50),
            conversations: Some(100),
            pins: Some(50),
            mark_targets: Some(20),
            rest_sent_listed: false,
            recall_seconds: Some(120),
            body_bytes: 5 << 10,
            file_bytes: 10 << 20,
            ..Self::none()
        }
    }

    /// Reads a limits file: JSON when it begins with `{`, else TOML.
    ///
    /// # Errors
    /// The parser's words about the first key or value that is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|e| e.to_string())
        } else {
            toml::from_str(text).map_err(|e| e.to_string())
        }
    }

    /// The oldest time the history still shows at `now`.
    pub fn oldest(&self, now: ServerTime) -> i64 {
        self.retention_days.map_or(i64::MIN, |days| now.plus_ms(-days * DAY_MS).ms())
    }
}

/// Calls of the last minute by kind and user.
#[derive(Default)]
pub struct Rates(HashMap<(&'static str, String), VecDeque<i64>>);

impl Rates {
    /// Counts a call; false when it is one too many. Refused calls do not count.
    pub fn allow(&mut self, what: &'static str, user: &str, most: usize, now: ServerTime) -> bool {
        let calls = self.0.entry((what, user.to_owned())).or_default();
        while calls.front().is_some_and(|at| at + 60_000 <= now.ms()) {
            calls.pop_front();
        }
        if calls.len() >= most {
            return false;
        }
        calls.push_back(now.ms());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limits_file_is_read_in_both_forms_and_unknown_keys_are_refused() {
        assert_eq!(Limits::parse("pins = 3").expect("toml").pins, Some(3));
        assert_eq!(Limits::parse("{\"pins\": 3}").expect("json").pins, Some(3));
        assert!(Limits::parse("pinz = 3").is_err());
    }
}

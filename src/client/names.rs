//! Names of users and groups, up to a hundred in a request (`protocol` 3.8).

use std::collections::HashMap;

use serde_json::json;

use super::Client;
use super::call::{Call, encoded};
use crate::domain::{Failure, FailureKind, Group, Profile, Service, UserId, check_name};
use crate::wire::rest;

/// Names one request may ask for.
const BATCH: usize = 100;
/// What the SDK asks for.
const PROPERTIES: [&str; 8] = ["nickname", "avatarurl", "mail", "phone", "gender", "sign", "birth", "ext"];

impl Client {
    /// Profiles by user id; users without one are missing or empty.
    ///
    /// # Errors
    /// The first request that failed.
    pub async fn profiles(&self, users: &[UserId]) -> Result<HashMap<String, Profile>, Failure> {
        let mut out = HashMap::new();
        for batch in users.chunks(BATCH) {
            let body = json!({"targets": batch, "properties": PROPERTIES});
            let call = Call::post("POST metadata/user/get", "/metadata/user/get".to_owned(), body, Service::Other);
            let answer = self.read(&call).await?;
            out.extend(rest::profiles(&answer.body).map_err(|e| answer.unreadable(e))?);
        }
        Ok(out)
    }

    /// Groups by id; groups the server does not know are missing.
    ///
    /// # Errors
    /// [`FailureKind::Refused`] for an id outside the grammar; otherwise the first request that failed.
    pub async fn groups(&self, ids: &[String]) -> Result<HashMap<String, Group>, Failure> {
        let mut out = HashMap::new();
        for id in ids {
            check_name("group id", id).map_err(|e| Failure::local(FailureKind::Refused, e.to_string()))?;
        }
        for batch in ids.chunks(BATCH) {
            let path = format!("/chatgroups/{}?joined_time=true", encoded(&batch.join(",")));
            let call = Call::get("GET chatgroups", path, Service::Other);
            match self.read(&call).await {
                Ok(answer) => out.extend(rest::groups(&answer.body).map_err(|e| answer.unreadable(e))?),
                // The answer when none of them exists.
                Err(failure) if failure.kind == FailureKind::NotFound => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(out)
    }
}

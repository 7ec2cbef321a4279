//! `login`, `logout` and `profiles`.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Context;
use super::args::ProfilesVerb;
use super::output::{Mode, Printer, Trouble, note};
use super::session::{self, Store, Target};
use crate::client::Credentials;
use crate::config::{SecretKind, check_profile_name};
use crate::report::exit;

/// Signs in and, when that works, keeps profile and secret.
pub(super) async fn login(context: &Context, name: Option<String>) -> Result<u8, Trouble> {
    let mut store = Store::open_or_new(context)?;
    let name = name.or_else(|| context.global.profile.clone()).or_else(|| store.config.default_profile.clone());
    let name = name.unwrap_or_else(|| "default".to_owned());
    check_profile_name(&name)?;
    let mut described = session::target(context, None);
    if let (Err(_), Some(profile)) = (&described, store.config.profiles.get(&name)) {
        described = Ok(Target { name: None, profile: profile.clone() });
    }
    // Without a name no stored secret is used: signing in anew asks anew.
    let target = described?;
    let credentials = session::credentials(context, &target, None)?;
    let on_wait = Some(session::tell_waits(context));
    let engine = session::sign_in(context, &target.profile, credentials.clone(), on_wait).await?;
    let (kind, secret) = match &credentials {
        Credentials::Password { password, .. } => (SecretKind::Password, password),
        Credentials::Token { token, .. } => (SecretKind::Token, token),
        Credentials::OnBehalf { client_secret, .. } => (SecretKind::ClientSecret, client_secret),
    };
    store.secrets.remove(&name)?;
    let path = store.secrets.write(&name, kind, secret.expose())?;
    store.config.profiles.insert(name.clone(), target.profile);
    store.config.default_profile.get_or_insert_with(|| name.clone());
    store.config.save(&store.path)?;
    signed_in(context, &engine);
    let kind: &str = kind.into();
    let secret = context.texts.t(&format!("cli-secret-{kind}"));
    let args =
        [("profile", name.as_str().into()), ("secret", secret.into()), ("path", path.display().to_string().into())];
    note(&context.global, &context.texts.tr("cli-profile-saved", &args));
    let more = json!({"user": engine.session().user, "read_only": engine.session().read_only, "secret": kind,
                      "path": path.display().to_string()});
    done(context, &name, "saved", more)
}

/// For programs: what was done to which profile.
fn done(context: &Context, name: &str, action: &str, more: Value) -> Result<u8, Trouble> {
    if context.mode() != Mode::Plain {
        let mut record = json!({"id": name, "action": action});
        if let (Some(record), Value::Object(more)) = (record.as_object_mut(), more) {
            record.extend(more);
        }
        let mut printer = Printer::start(context.mode(), json!({"schema": "manyou.profile/1"}))?;
        printer.record(|| record, String::new)?;
        printer.end(json!({"count": 1, "complete": true}))?;
    }
    Ok(exit::DONE)
}

fn signed_in(context: &Context, engine: &crate::engine::Engine) {
    let session = engine.session();
    let key = if session.read_only { "cli-viewing" } else { "cli-signed-in" };
    note(&context.global, &context.texts.tr(key, &[("user", session.user.as_str().into())]));
}

/// Removes the secrets of a profile; the profile stays.
pub(super) fn logout(context: &Context, name: Option<String>) -> Result<u8, Trouble> {
    let store = Store::open(context)?;
    let name = chosen(context, &store, name)?;
    store.config.profile(&name)?;
    store.secrets.remove(&name)?;
    note(&context.global, &context.texts.tr("cli-logged-out", &[("profile", name.as_str().into())]));
    done(context, &name, "logged-out", Value::Null)
}

/// Lists, chooses, removes or tests profiles.
pub(super) async fn manage(context: &Context, what: Option<ProfilesVerb>) -> Result<u8, Trouble> {
    let mut store = Store::open(context)?;
    match what.unwrap_or(ProfilesVerb::List) {
        ProfilesVerb::List => {
            list(context, &store)?;
            Ok(exit::DONE)
        }
        ProfilesVerb::Use { name } => {
            store.config.profile(&name)?;
            store.config.default_profile = Some(name.clone());
            store.config.save(&store.path)?;
            note(&context.global, &context.texts.tr("cli-profile-default", &[("profile", name.as_str().into())]));
            done(context, &name, "default", Value::Null)
        }
        ProfilesVerb::Remove { name } => {
            store.config.profile(&name)?;
            store.config.profiles.remove(&name);
            store.config.default_profile.take_if(|default| *default == name);
            store.secrets.remove(&name)?;
            store.config.save(&store.path)?;
            note(&context.global, &context.texts.tr("cli-profile-removed", &[("profile", name.as_str().into())]));
            done(context, &name, "removed", Value::Null)
        }
        ProfilesVerb::Test { name } => {
            let name = chosen(context, &store, name)?;
            let target = Target { profile: store.config.profile(&name)?.clone(), name: Some(name.clone()) };
            let (engine, _) = session::connect(context, target, Some(&store)).await?;
            signed_in(context, &engine);
            let more = json!({"user": engine.session().user, "read_only": engine.session().read_only});
            done(context, &name, "signed-in", more)
        }
    }
}

fn chosen(context: &Context, store: &Store, name: Option<String>) -> Result<String, Trouble> {
    let named = name.or_else(|| context.global.profile.clone()).or_else(|| store.config.default_profile.clone());
    let none = || context.refuse("cli-no-profiles", &[]);
    named.ok_or_else(|| session::no_default(context, Some(store)).unwrap_or_else(none))
}

fn list(context: &Context, store: &Store) -> io::Result<()> {
    let mut printer = Printer::start(context.mode(), json!({"schema": "manyou.profiles/1"}))?;
    for (name, profile) in &store.config.profiles {
        let is_default = store.config.default_profile.as_ref() == Some(name);
        let mark = if is_default { '*' } else { ' ' };
        printer.record(
            || json!({"id": name, "default": is_default, "api": profile.api, "app_key": profile.app_key, "user": profile.user, "on_behalf": profile.on_behalf, "read_only": profile.read_only}),
            || crate::text::label(&format!("{mark} {name:<16}  {:<20}  {:<20}  {}", profile.user.as_str(), profile.app_key.to_string(), profile.api)).text,
        )?;
    }
    printer.end(json!({"count": store.config.profiles.len(), "complete": true}))?;
    if store.config.profiles.is_empty() {
        note(&context.global, &context.texts.t("cli-no-profiles"));
    }
    io::stdout().flush()
}

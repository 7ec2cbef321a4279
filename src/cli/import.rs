//! `import`: exports and the service's hourly history files, read into the archive.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use serde_json::json;

use super::intake::{Broken, Count, Intake, Source, why};
use super::output::{Mode, Printer, Trouble, note};
use super::progress::Progress;
use super::{Context, archive, session};
use crate::export::ReadError;
use crate::report::exit;
use crate::text;

/// Reads each file; what is unusable is told, counted and left out.
pub(super) async fn import(context: &Context, files: &[PathBuf]) -> Result<u8, Trouble> {
    let target = session::unconnected(context)?;
    let (user, app) = (&target.profile.user, &target.profile.app_key);
    let archive = session::kept(context, &target.profile)?;
    let stop = AtomicBool::new(false);
    let intake =
        Intake { archive: &archive, user: Some(user), app, clock: &*context.clock, with_names: false, stop: &stop };
    let mut printer = Printer::start(context.mode(), json!({"schema": "manyou.import/1", "user": user}))?;
    let mut bad = 0;
    for path in files {
        let source = Source::open(context, path)?;
        let told = |error: &ReadError| {
            let args = [
                ("path", path.display().to_string().into()),
                ("line", error.line.to_string().into()),
                ("why", why(context, &error.kind).into()),
            ];
            note(&context.global, &context.texts.tr("import-line", &args));
        };
        let (name, mut progress) = (path.display().to_string(), Progress::new(context));
        let grows = |n| progress.show("import-progress", &name, n as u64);
        let count = intake.read(source, told, grows).await.map_err(|broken| match broken {
            Broken::Foreign(account) => {
                let args = [("path", path.display().to_string().into()), ("account", account.into())];
                Trouble::Said(context.texts.tr("import-foreign", &args), exit::IDENTITY)
            }
            Broken::Archive(failure) => Trouble::failed(failure, user.to_string()),
            Broken::Stopped => Trouble::Said(context.texts.t("cli-interrupted"), exit::INTERRUPTED),
        })?;
        drop(progress);
        let Count { messages, new, changed, unusable, cut, whole: _ } = count;
        if cut && context.mode() == Mode::Plain {
            let args = [("path", path.display().to_string().into())];
            note(&context.global, &context.texts.tr("import-cut", &args));
        }
        bad += unusable;
        let record = || {
            json!({"path": path.display().to_string(), "messages": messages, "new": new, "changed": changed,
                   "unusable": unusable})
        };
        let args = [
            ("path", text::label(&path.display().to_string()).text.into()),
            ("n", messages.to_string().into()),
            ("new", new.to_string().into()),
            ("changed", changed.to_string().into()),
            ("bad", unusable.into()),
        ];
        printer.record(record, || context.texts.tr("import-done", &args))?;
    }
    archive.index().await;
    let aside = archive::tell_put_aside(context, &archive);
    printer.end(json!({"count": files.len(), "unusable": bad, "complete": bad == 0, "put_aside": aside}))?;
    Ok(if bad == 0 { exit::DONE } else { exit::PARTLY })
}

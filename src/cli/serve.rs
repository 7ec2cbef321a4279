//! `serve`: the sandbox server in the foreground.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::Context;
use super::args::ServeArgs;
use super::output::Trouble;
use crate::domain::Clock;
use crate::report::exit;
use crate::runtime::clock::SystemClock;
use crate::server::{self, Config, StartError, faults::Faults, limits::Limits};

/// Prints one line of JSON when ready, then serves until interrupted or terminated.
pub(super) async fn serve(context: &Context, args: ServeArgs) -> Result<u8, Trouble> {
    let clock: Arc<dyn Clock> = match &args.now {
        Some(text) => Arc::new(SystemClock::starting_at(context.time(text)?)),
        None => Arc::clone(&context.clock),
    };
    let config = config(context, args)?;
    let mut handle = server::start(config, clock).await.map_err(|e| {
        if let StartError::InUse(path) = &e {
            let args = [("path", path.display().to_string().into())];
            return Trouble::Said(context.texts.tr("serve-in-use", &args), exit::OTHER);
        }
        let why = [("why", e.to_string().into())];
        let code = if matches!(e, StartError::Remote(_)) { exit::USAGE } else { exit::OTHER };
        Trouble::Said(context.texts.tr("serve-failed", &why), code)
    })?;
    handle.filled().await;
    let mut to = io::stdout().lock();
    writeln!(to, "{}", handle.ready())?;
    to.flush()?;
    drop(to);
    stopped().await?;
    handle.shutdown().await;
    Ok(exit::DONE)
}

fn config(context: &Context, args: ServeArgs) -> Result<Config, Trouble> {
    let limits = match args.limits.as_str() {
        "none" => Limits::none(),
        "vendor" => Limits::vendor(),
        path => read(Path::new(path), Limits::parse)?,
    };
    let faults = args.faults.as_deref().map_or_else(|| Ok(Faults::default()), |path| read(path, Faults::parse))?;
    Ok(Config {
        listen: args.listen,
        data: args.data,
        app_key: context.global.app_key.clone().unwrap_or_else(|| Config::default().app_key),
        limits,
        faults,
        allow_origins: args.allow_origin,
        allow_remote: args.allow_remote,
        demo: args.demo,
    })
}

fn read<T>(path: &Path, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, Trouble> {
    let named = |e: String| Trouble::Said(format!("{}: {e}", path.display()), exit::USAGE);
    let text = std::fs::read_to_string(path).map_err(|e| named(e.to_string()))?;
    parse(&text).map_err(named)
}

#[cfg(unix)]
async fn stopped() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stopped() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

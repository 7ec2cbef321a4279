//! Which messages of a conversation are written: all, those a search finds, or those with these ids.

use crate::cli::archive_args::ExportArgs;
use crate::cli::output::Trouble;
use crate::cli::{Context, search};
use crate::domain::{MessageId, Peer};
use crate::engine::Archive;
use crate::engine::export::{PickError, Picked};
use crate::report::exit;

/// What is picked of the conversations; `None` where everything is.
pub(super) async fn pick(
    context: &Context,
    args: &ExportArgs,
    archive: &Archive,
    peers: &[Peer],
) -> Result<Option<Picked>, Trouble> {
    let failed = |failure| Trouble::failed(failure, String::new());
    match (&args.search, &args.ids) {
        (Some(typed), _) => {
            let query = search::query(context, typed, false)?;
            Picked::found(archive, &query, peers).await.map(Some).map_err(failed)
        }
        (None, Some(ids)) => named(context, ids, archive, peers).await.map(Some),
        (None, None) => Ok(None),
    }
}

/// What is exported, in words.
pub(super) fn what(context: &Context, args: &ExportArgs, peers: &[Peer]) -> String {
    let whose = match peers {
        [peer] => peer.to_string(),
        peers => context.texts.tr("export-what", &[("n", peers.len().into())]),
    };
    match (&args.search, &args.ids) {
        (Some(typed), _) => {
            context.texts.tr("export-what-found", &[("query", typed.as_str().into()), ("whose", whose.into())])
        }
        (None, Some(_)) => context.texts.tr("export-what-picked", &[("whose", whose.into())]),
        (None, None) => whose,
    }
}

/// All of them, or nothing is written.
async fn named(context: &Context, typed: &str, archive: &Archive, peers: &[Peer]) -> Result<Picked, Trouble> {
    let [peer] = peers else { return Err(context.refuse("export-ids-whose", &[])) };
    let id = |word: String| word.parse::<MessageId>().map_err(|e| Trouble::Said(format!("{e}"), exit::USAGE));
    let ids = words(typed)?.into_iter().map(id).collect::<Result<Vec<_>, _>>()?;
    Picked::named(archive, peer, &ids).await.map_err(|error| match error {
        PickError::Archive(failure) => Trouble::failed(failure, String::new()),
        PickError::Missing(id) => {
            let args = [("id", id.to_string().into()), ("peer", peer.to_string().into())];
            Trouble::Said(context.texts.tr("export-no-id", &args), exit::OTHER)
        }
    })
}

/// Ids with commas between, or one a line of standard input.
fn words(typed: &str) -> Result<Vec<String>, Trouble> {
    let text = if typed == "-" { std::io::read_to_string(std::io::stdin().lock())? } else { typed.to_owned() };
    let words = text.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty());
    Ok(words.map(str::to_owned).collect())
}

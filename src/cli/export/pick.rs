//! Which messages of a conversation are written: all, those a search finds, or those with these ids.

use std::collections::HashMap;

use crate::cli::archive_args::ExportArgs;
use crate::cli::output::Trouble;
use crate::cli::{Context, search};
use crate::domain::{MessageId, Peer};
use crate::engine::{Archive, SearchScope};
use crate::report::exit;

/// Hits read at once.
const PAGE: usize = 500;

/// The places of what was picked, oldest first, by conversation.
pub(super) struct Picked(HashMap<Peer, Vec<i64>>);

impl Picked {
    /// Those of a conversation; `None` where it has none.
    pub(super) fn of(&self, peer: &Peer) -> Option<&[i64]> {
        self.0.get(peer).map(Vec::as_slice)
    }
}

/// What is picked of the conversations; `None` where everything is.
pub(super) async fn pick(
    context: &Context,
    args: &ExportArgs,
    archive: &Archive,
    peers: &[Peer],
) -> Result<Option<Picked>, Trouble> {
    match (&args.search, &args.ids) {
        (Some(typed), _) => found(context, typed, archive, peers).await.map(Some),
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

async fn found(context: &Context, typed: &str, archive: &Archive, peers: &[Peer]) -> Result<Picked, Trouble> {
    let query = search::query(context, typed, false)?;
    let failed = |failure| Trouble::failed(failure, String::new());
    archive.index().await;
    let mut out = HashMap::new();
    for peer in peers {
        let (mut keys, mut below) = (Vec::new(), None);
        loop {
            let scope = SearchScope { peer: Some(peer.clone()), below, limit: PAGE };
            let found = archive.search(query.clone(), scope).await.map_err(failed)?;
            keys.extend(found.hits.iter().map(|hit| hit.key));
            below = keys.last().copied();
            if found.hits.len() < PAGE {
                break;
            }
        }
        if !keys.is_empty() {
            // They came newest first.
            keys.reverse();
            out.insert(peer.clone(), keys);
        }
    }
    Ok(Picked(out))
}

/// All of them, or nothing is written.
async fn named(context: &Context, typed: &str, archive: &Archive, peers: &[Peer]) -> Result<Picked, Trouble> {
    let [peer] = peers else { return Err(context.refuse("export-ids-whose", &[])) };
    let mut keys = Vec::new();
    for word in words(typed)? {
        let id: MessageId = word.parse().map_err(|e| Trouble::Said(format!("{e}"), exit::USAGE))?;
        let key = archive.place(peer, id).await.map_err(|failure| Trouble::failed(failure, String::new()))?;
        let Some(key) = key else {
            let args = [("id", id.to_string().into()), ("peer", peer.to_string().into())];
            return Err(Trouble::Said(context.texts.tr("export-no-id", &args), exit::OTHER));
        };
        keys.push(key);
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(Picked(HashMap::from([(peer.clone(), keys)])))
}

/// Ids with commas between, or one a line of standard input.
fn words(typed: &str) -> Result<Vec<String>, Trouble> {
    let text = if typed == "-" { std::io::read_to_string(std::io::stdin().lock())? } else { typed.to_owned() };
    let words = text.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty());
    Ok(words.map(str::to_owned).collect())
}

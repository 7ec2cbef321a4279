//! Attachments of an export: in a folder of their own with a manifest, and as pictures in a page.
//!
//! They come from the folder beside the archive; what is not there is downloaded where a server may be asked, and else
//! listed in `missing.ndjson`.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde_json::json;

use crate::cli::archive_args::ExportArgs;
use crate::cli::output::{Trouble, note};
use crate::cli::{Context, session};
use crate::client::file_id;
use crate::domain::{Attachment, Body, Failure, FailureKind, Message, Peer};
use crate::engine::export::{AtHand, picture};
use crate::engine::{Archive, Engine, Shelf, ShelfError, WantedFile};
use crate::export::Format;
use crate::report::exit;

const MISSING: &str = "missing.ndjson";

/// Where attachments come from and where they go.
pub(super) struct Attached<'a> {
    context: &'a Context,
    archive: &'a Archive,
    to: Option<Folder>,
    has_pictures: bool,
    engine: Server,
    files: usize,
    missing: usize,
    why: Option<FailureKind>,
}

struct Folder {
    shelf: Shelf,
    /// Its path from the export's folder, with `/`.
    link: String,
    missing: Option<File>,
}

/// Whether a server can be asked.
enum Server {
    Unknown,
    None,
    Signed(Box<Engine>),
}

impl<'a> Attached<'a> {
    /// Nothing is taken where no folder is asked for, but pictures for a page that are here.
    pub(super) fn new(
        context: &'a Context,
        args: &ExportArgs,
        archive: &'a Archive,
        format: Format,
    ) -> Result<Self, Trouble> {
        let to = args.attachments.as_deref().map(|path| folder(context, path, &args.output)).transpose()?;
        let engine = if context.global.offline || to.is_none() { Server::None } else { Server::Unknown };
        let has_pictures = format == Format::Html;
        Ok(Self { context, archive, to, has_pictures, engine, files: 0, missing: 0, why: None })
    }

    /// The attachment of a message, where it has one that is here or comes.
    pub(super) async fn of(&mut self, peer: &Peer, message: &Message) -> Result<Option<AtHand>, Trouble> {
        let now = self.context.clock.now();
        let Some(to) = &self.to else {
            return if self.has_pictures {
                picture(self.archive, peer, message, now).map_err(trouble)
            } else {
                Ok(None)
            };
        };
        let Some((attachment, file)) = message.body.file().and_then(|a| Some((a, file_id(a)?))) else {
            return Ok(None);
        };
        let wanted = WantedFile { file, peer, message, now };
        let found = match to.shelf.file(&wanted).map_err(trouble)? {
            Some(found) => Some(found),
            None => self.fetch(&wanted, attachment).await?,
        };
        let Some(found) = found else { return Ok(None) };
        self.files += 1;
        let path = self.to.as_ref().map(|to| format!("{}{}", to.link, found.path)).unwrap_or_default();
        let as_picture = self.has_pictures && matches!(message.body, Body::Image { .. });
        Ok(Some(AtHand::new(found, path, as_picture)))
    }

    /// Copies a file into the folder; downloads it first where that can be done.
    async fn fetch(
        &mut self,
        wanted: &WantedFile<'_>,
        file: &Attachment,
    ) -> Result<Option<crate::engine::KeptFile>, Trouble> {
        let from = self.archive.shelf();
        let (here, why) = match from.file(wanted).map_err(trouble)? {
            Some(here) => (Some(here), FailureKind::NotHere),
            None => match self.download(file).await {
                Ok(bytes) => {
                    self.archive.keep_file(wanted, &file.name, &bytes).map_err(trouble)?;
                    (from.file(wanted).map_err(trouble)?, FailureKind::NotHere)
                }
                Err(failure) => (None, failure.kind),
            },
        };
        let Some(to) = self.to.as_mut() else { return Ok(None) };
        let Some(here) = here else {
            self.missing += 1;
            self.why.get_or_insert(why);
            to.lacks(wanted, why)?;
            return Ok(None);
        };
        let bytes = std::fs::read(&here.at)?;
        to.shelf.put(wanted, &file.name, &bytes, || true).map_err(trouble)?;
        to.shelf.file(wanted).map_err(trouble)
    }

    async fn download(&mut self, file: &Attachment) -> Result<Vec<u8>, Failure> {
        if matches!(self.engine, Server::Unknown) {
            self.engine = sign_in(self.context).await;
        }
        let Server::Signed(engine) = &self.engine else {
            return Err(Failure::local(FailureKind::NotHere, String::new()));
        };
        let bytes = engine.client().file(file).await;
        // Each file would wait as long for nothing.
        if bytes.as_ref().is_err_and(|failure| failure.kind.is_lost() || failure.kind.ends_session()) {
            self.engine = Server::None;
        }
        bytes.map(|bytes| bytes.to_vec())
    }

    /// Says to people what came of it.
    pub(super) fn tell(&self) {
        let (Some(to), texts) = (&self.to, &self.context.texts) else { return };
        let args = [("n", self.files.into()), ("path", to.shelf.folder().display().to_string().into())];
        note(&self.context.global, &texts.tr("export-attachments", &args));
        if let Some(why) = self.why {
            let list = to.shelf.folder().join(MISSING).display().to_string();
            let args = [("n", self.missing.into()), ("why", texts.t(&why.text_key()).into()), ("path", list.into())];
            note(&self.context.global, &texts.tr("export-attachments-missing", &args));
        }
    }
}

impl Folder {
    /// Lists a file that could not be had. The list of an earlier run goes.
    fn lacks(&mut self, wanted: &WantedFile<'_>, why: FailureKind) -> std::io::Result<()> {
        let list = match &mut self.missing {
            Some(list) => list,
            list => list.insert(File::create(self.shelf.folder().join(MISSING))?),
        };
        let why: &str = why.into();
        let (id, peer) = (wanted.message.id.to_string(), wanted.peer.to_string());
        writeln!(list, "{}", json!({"file": wanted.file, "id": id, "peer": peer, "why": why}))
    }
}

fn trouble(error: ShelfError) -> Trouble {
    Trouble::Said(error.to_string(), exit::OTHER)
}

/// Without a server, or a secret at hand, what is missing is only listed.
async fn sign_in(context: &Context) -> Server {
    if let Ok((engine, _)) = session::open(context).await {
        return Server::Signed(Box::new(engine));
    }
    tracing::info!("nobody is signed in for attachments");
    Server::None
}

/// The folder lies in the export's own or below, so that links from one to the other stay right wherever both are taken.
fn folder(context: &Context, path: &Path, export: &Path) -> Result<Folder, Trouble> {
    let refused = || context.refuse("export-attachments-where", &[("path", path.display().to_string().into())]);
    let beside = export.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let outer = std::fs::canonicalize(beside)?;
    let is_below = |inner: &Path| inner.strip_prefix(&outer).map(Path::to_owned).map_err(|_| refused());
    if path.exists() {
        // Before anything is touched there.
        is_below(&std::fs::canonicalize(path)?)?;
    }
    let shelf = Shelf::at(path.to_owned());
    shelf.make().map_err(trouble)?;
    let below = is_below(&std::fs::canonicalize(path)?)?;
    let mut link = String::new();
    for step in &below {
        link.extend([step.to_str().ok_or_else(refused)?, "/"]);
    }
    _ = std::fs::remove_file(path.join(MISSING));
    Ok(Folder { shelf, link, missing: None })
}

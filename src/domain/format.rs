//! The formats that conversations are exported in.

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// The formats, by the names the command line takes, which are also their endings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Format {
    /// One JSON object a line, lossless.
    Ndjson,
    /// One JSON document.
    Json,
    /// A table for spreadsheets.
    Csv,
    /// CommonMark.
    #[strum(serialize = "md")]
    Markdown,
    /// A transcript.
    #[strum(serialize = "txt")]
    Text,
    /// One page with everything in it.
    Html,
}

impl Format {
    /// The ending of a file, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.into()
    }

    /// What people call it; the same in every language.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ndjson => "NDJSON",
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::Markdown => "Markdown",
            Self::Text => "text",
            Self::Html => "HTML",
        }
    }
}

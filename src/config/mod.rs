//! The person's configuration: profiles in one TOML file, secrets in files of their own.
//!
//! Start with [`Config`]. Nothing here asks a person or a server anything.

mod dirs;
mod secrets;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use dirs::Dirs;
pub use secrets::{SecretKind, Secrets};

use crate::domain::{AppKey, MAX_CHUNK, UserId};

/// Everything of the configuration file. Unknown keys are errors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The profile taken when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_profile: Option<String>,
    /// `en` or `zh-CN`; the locale decides when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// `dark` or `light`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// What is kept on this disk.
    #[serde(skip_serializing_if = "keeps_all")]
    pub archive: ArchiveRules,
    /// By name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub profiles: BTreeMap<String, Profile>,
}

/// What is kept on this disk, of every account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveRules {
    /// Messages older than so many days are taken off this disk, at least 1; all stay when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
}

/// The two sets of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// For dark terminals.
    Dark,
    /// For light terminals.
    Light,
}

/// One account on one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Base address of the REST calls.
    pub api: String,
    /// Address of the long connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ws: Option<String>,
    /// `org#app`.
    pub app_key: AppKey,
    /// Whose view.
    pub user: UserId,
    /// Accept `http://` to other hosts; the password is then readable on the way.
    #[serde(default, skip_serializing_if = "is_false")]
    pub allow_plain_http: bool,
    /// See the user's view with the app's credentials; such a session only reads.
    #[serde(default, skip_serializing_if = "is_false")]
    pub on_behalf: bool,
    /// The app's client id, with `on_behalf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Nothing may be changed through this profile.
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// How deletions are sent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub delete: DeleteRules,
}

impl Profile {
    /// A profile with nothing but a connection.
    #[must_use]
    pub fn new(api: String, app_key: AppKey, user: UserId) -> Self {
        Self {
            api,
            ws: None,
            app_key,
            user,
            allow_plain_http: false,
            on_behalf: false,
            client_id: None,
            read_only: false,
            delete: DeleteRules::default(),
        }
    }
}

/// How deletions are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeleteRules {
    /// Ids in one request, 1 to 50; 20 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk: Option<usize>,
}

/// Why a configuration or secret cannot be used; names the file.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file is there and cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is not as it should be.
    #[error("{path}, line {line}: {text}")]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong, with the nearest known word where one is near.
        text: String,
    },
    /// A secret that others on this machine can read.
    #[error("{0} can be read by others; make it yours alone with chmod 600")]
    Exposed(PathBuf),
    /// There is no folder of a person on this machine.
    #[error("no home folder; name the configuration with --config or set XDG_CONFIG_HOME")]
    NoHome,
    /// A profile name that cannot be a file name.
    #[error("profile name must be 1 to 64 of a-z A-Z 0-9 _ - and inner dots, got `{0}`")]
    ProfileName(String),
    /// No profile of that name.
    #[error("no profile `{name}`")]
    NoProfile {
        /// The name asked for.
        name: String,
        /// A known name at most two edits away.
        near: Option<String>,
    },
}

impl Config {
    /// Reads `path`; a missing file is an empty configuration.
    ///
    /// # Errors
    /// [`ConfigError::Io`] and [`ConfigError::Syntax`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ConfigError::Io { path: path.to_owned(), source }),
        }
    }

    /// Reads a text; `path` only names it in errors.
    ///
    /// # Errors
    /// [`ConfigError::Syntax`] with the line.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|e| syntax(text, path, &e))?;
        if let Some(lang) = config.lang.as_ref().filter(|lang| !is_known(lang)) {
            let line = 1 + text.lines().position(|l| l.trim_start().starts_with("lang")).unwrap_or(0);
            let text = format!("lang must be `en` or `zh-CN`, got `{lang}`");
            return Err(ConfigError::Syntax { path: path.to_owned(), line, text });
        }
        if config.archive.keep_days == Some(0) {
            let line = 1 + text.lines().position(|l| l.contains("keep_days")).unwrap_or(0);
            let text = "archive.keep_days must be 1 or more; without it everything is kept".to_owned();
            return Err(ConfigError::Syntax { path: path.to_owned(), line, text });
        }
        for (name, profile) in &config.profiles {
            check_profile_name(name)?;
            if profile.delete.chunk.is_some_and(|chunk| !(1..=MAX_CHUNK).contains(&chunk)) {
                let line = 1 + text
                    .lines()
                    .position(|l| l.trim_start().starts_with("chunk") || l.contains("delete.chunk"))
                    .unwrap_or(0);
                let text = format!("delete.chunk of profile `{name}` must be 1 to {MAX_CHUNK}");
                return Err(ConfigError::Syntax { path: path.to_owned(), line, text });
            }
        }
        Ok(config)
    }

    /// Writes the whole file at once: a reader sees the old or the new one.
    ///
    /// # Errors
    /// [`ConfigError::Io`].
    pub fn save(&self, path: &Path) -> Result<(), ConfigError> {
        let text = toml::to_string_pretty(self)
            .map_err(|e| ConfigError::Io { path: path.to_owned(), source: io::Error::other(e) })?;
        write_private(path, text.as_bytes())
    }

    /// The profile called `name`.
    ///
    /// # Errors
    /// [`ConfigError::NoProfile`] with the nearest name.
    pub fn profile(&self, name: &str) -> Result<&Profile, ConfigError> {
        self.profiles.get(name).ok_or_else(|| ConfigError::NoProfile {
            name: name.to_owned(),
            near: nearest(name, self.profiles.keys().map(String::as_str)).map(str::to_owned),
        })
    }
}

/// Whether it is one of our languages, with or without a region.
fn is_known(lang: &str) -> bool {
    let (name, _) = lang.split_once(['-', '_']).unwrap_or((lang, ""));
    name.eq_ignore_ascii_case("en") || name.eq_ignore_ascii_case("zh")
}

/// Checks a profile name; it becomes part of a file name.
///
/// # Errors
/// [`ConfigError::ProfileName`].
pub fn check_profile_name(name: &str) -> Result<(), ConfigError> {
    crate::domain::check_name("profile", name).map_err(|_| ConfigError::ProfileName(name.to_owned()))
}

/// Writes a 0600 file in a 0700 folder by renaming a finished one over it.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), ConfigError> {
    let failed = |source| ConfigError::Io { path: path.to_owned(), source };
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(failed)?;
    // A named temporary file is made 0600 and is removed again when anything fails.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}

fn syntax(text: &str, path: &Path, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let mut words = error.message().to_owned();
    let mut quoted = error.message().split('`').skip(1).step_by(2);
    if error.message().starts_with("unknown")
        && let Some(near) = quoted.next().and_then(|wrong| nearest(wrong, quoted))
    {
        words += &format!("; did you mean `{near}`?");
    }
    ConfigError::Syntax { path: path.to_owned(), line: 1 + before.matches('\n').count(), text: words }
}

/// The known word at most two edits away.
fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.map(|k| (edits(word, k), k)).filter(|(d, _)| *d <= 2).min().map(|(_, k)| k)
}

fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_false(value: &bool) -> bool {
    !*value
}

fn keeps_all(rules: &ArchiveRules) -> bool {
    *rules == ArchiveRules::default()
}

fn is_default(rules: &DeleteRules) -> bool {
    *rules == DeleteRules::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_read_and_names_every_key() {
        let example = include_str!("../../assets/config.example.toml");
        let config = Config::parse(example, Path::new("config.example.toml")).expect("example");
        assert_eq!(config.profiles.len(), 2);
        for key in [
            "default_profile",
            "lang",
            "theme",
            "keep_days",
            "ws",
            "allow_plain_http",
            "on_behalf",
            "client_id",
            "read_only",
            "chunk",
        ] {
            assert!(example.contains(key), "{key}");
        }
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line_and_the_nearest_one() {
        let text = "lang = \"en\"\n[profiles.a]\nappkey = \"x#y\"\n";
        let error = Config::parse(text, Path::new("c.toml")).expect_err("unknown key").to_string();
        assert!(error.starts_with("c.toml, line 3:") && error.contains("did you mean `app_key`?"), "{error}");
    }

    #[test]
    fn a_language_or_theme_that_is_none_is_named_with_its_file_and_line() {
        for (text, wrong) in [("# mine\nlang = \"fr\"\n", "fr"), ("# mine\ntheme = \"neon\"\n", "neon")] {
            let error = Config::parse(text, Path::new("c.toml")).expect_err("unknown").to_string();
            assert!(error.starts_with("c.toml, line 2:") && error.contains(wrong), "{error}");
        }
        for lang in ["en", "zh", "zh-CN", "zh_TW", "en-US"] {
            assert!(Config::parse(&format!("lang = \"{lang}\""), Path::new("c.toml")).is_ok(), "{lang}");
        }
    }

    #[test]
    fn keeping_nothing_at_all_is_refused_with_its_line() {
        let error = Config::parse("[archive]\nkeep_days = 0\n", Path::new("c.toml")).expect_err("none").to_string();
        assert!(error.starts_with("c.toml, line 2:"), "{error}");
        let config = Config::parse("[archive]\nkeep_days = 90\n", Path::new("c.toml")).expect("read");
        assert_eq!(config.archive.keep_days, Some(90));
    }

    #[test]
    fn what_is_saved_is_read_back() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("manyou/config.toml");
        let text = "[profiles.a]\napi = \"https://a.example\"\napp_key = \"x#y\"\nuser = \"kefu01\"\n";
        let config = Config::parse(text, &path).expect("config");
        config.save(&path).expect("save");
        assert_eq!(Config::load(&path).expect("load"), config);
        assert!(Config::load(&folder.path().join("none")).expect("missing").profiles.is_empty());
    }
}

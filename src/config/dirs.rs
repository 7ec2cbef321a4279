//! Where our files lie: the XDG folders, also on a Mac, or nowhere when there is no home.

use std::path::PathBuf;

use etcetera::base_strategy::{BaseStrategy, Xdg};

use super::ConfigError;

/// The folders of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// `config.toml` lies here unless named otherwise.
    pub config: PathBuf,
    /// Secrets lie below.
    pub data: PathBuf,
    /// Logs lie here.
    pub state: PathBuf,
}

impl Dirs {
    /// The folders of this person.
    ///
    /// # Errors
    /// [`ConfigError::NoHome`] when the system names no home folder.
    pub fn find() -> Result<Self, ConfigError> {
        let xdg = Xdg::new().map_err(|_| ConfigError::NoHome)?;
        let state = xdg.state_dir().unwrap_or_else(|| xdg.data_dir());
        Ok(Self {
            config: xdg.config_dir().join("manyou"),
            data: xdg.data_dir().join("manyou"),
            state: state.join("manyou"),
        })
    }

    /// The folders below `root`, for a program that must leave nothing elsewhere.
    #[must_use]
    pub fn below(root: &std::path::Path) -> Self {
        Self { config: root.to_owned(), data: root.join("data"), state: root.join("state") }
    }
}

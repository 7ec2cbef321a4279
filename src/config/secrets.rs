//! Passwords, tokens and client secrets: each in a file of its own that only its owner can read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

use super::{ConfigError, check_profile_name, write_private};

/// What a profile can keep secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum SecretKind {
    /// The user's password.
    Password,
    /// A token given in its place.
    Token,
    /// The app's client secret.
    ClientSecret,
}

/// The folder of secrets.
#[derive(Clone, Debug)]
pub struct Secrets(PathBuf);

impl Secrets {
    /// The secrets below the data folder.
    #[must_use]
    pub fn below(data: &Path) -> Self {
        Self(data.join("secrets"))
    }

    /// Where a secret lies.
    ///
    /// # Errors
    /// [`ConfigError::ProfileName`].
    pub fn path(&self, profile: &str, kind: SecretKind) -> Result<PathBuf, ConfigError> {
        check_profile_name(profile)?;
        Ok(self.0.join(format!("{profile}.{}", <&str>::from(kind))))
    }

    /// Reads a secret, without its line end; `None` when there is none.
    ///
    /// # Errors
    /// [`ConfigError::Exposed`] when others can read the file, [`ConfigError::Io`].
    pub fn read(&self, profile: &str, kind: SecretKind) -> Result<Option<String>, ConfigError> {
        let path = self.path(profile, kind)?;
        let failed = |source| ConfigError::Io { path: path.clone(), source };
        let data = match fs::metadata(&path) {
            Ok(data) => data,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(failed(e)),
        };
        if is_exposed(&data) {
            return Err(ConfigError::Exposed(path));
        }
        let text = fs::read_to_string(&path).map_err(failed)?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Writes a secret, 0600, replacing an older one at once.
    ///
    /// # Errors
    /// [`ConfigError::Io`].
    pub fn write(&self, profile: &str, kind: SecretKind, secret: &str) -> Result<PathBuf, ConfigError> {
        let path = self.path(profile, kind)?;
        write_private(&path, secret.as_bytes())?;
        Ok(path)
    }

    /// Removes all secrets of a profile; those that are not there are no failure.
    ///
    /// # Errors
    /// [`ConfigError::Io`].
    pub fn remove(&self, profile: &str) -> Result<(), ConfigError> {
        for kind in SecretKind::iter() {
            let path = self.path(profile, kind)?;
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(ConfigError::Io { path, source }),
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
fn is_exposed(data: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
const fn is_exposed(_: &fs::Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_its_owners_alone_and_one_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let secrets = Secrets::below(folder.path());
        let path = secrets.write("shop", SecretKind::Password, "s3cret").expect("write");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(secrets.read("shop", SecretKind::Password).expect("read").as_deref(), Some("s3cret"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("chmod");
        assert!(matches!(secrets.read("shop", SecretKind::Password), Err(ConfigError::Exposed(_))));
        secrets.remove("shop").expect("remove");
        assert_eq!(secrets.read("shop", SecretKind::Password).expect("gone"), None);
    }

    #[test]
    fn a_profile_name_cannot_leave_the_folder() {
        assert!(Secrets::below(Path::new("/nowhere")).path("../x", SecretKind::Token).is_err());
    }
}

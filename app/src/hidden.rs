//! A folder in the making: hidden beside its final place, gone unless it is published.
//!
//! For `copy` and `demo`, so that a half-made song never has a name. Start at [`HiddenFolder::beside`].

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use dawg_session::SongId;

/// A folder `.new-<id>.dawg` that is removed with all it holds when dropped, unless it was published.
#[derive(Debug)]
pub struct HiddenFolder {
    path: PathBuf,
    to: PathBuf,
    published: bool,
}

impl HiddenFolder {
    /// A place for what will be `to`. The folder itself is not made yet.
    ///
    /// # Errors
    /// When `to` exists, has no name, or its parent is not there.
    pub fn beside(to: &Path) -> Result<Self> {
        if to.symlink_metadata().is_ok() {
            bail!(
                "{} exists already and stays as it is: give another name, or move it away first",
                to.display()
            );
        }
        if to.file_name().is_none() {
            bail!("“{}” cannot name a song's folder: give a name such as copy.dawg", to.display());
        }
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !parent.is_dir() {
            bail!("the folder {} is not there: make it first, or give another place", parent.display());
        }
        let path = parent.join(format!(".new-{}.dawg", SongId::fresh()));
        Ok(Self { path, to: to.to_owned(), published: false })
    }

    /// Where it is being made.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name, durably.
    ///
    /// # Errors
    /// As the disk says; nothing is left behind then.
    pub fn publish(mut self) -> Result<()> {
        let published = dawg_media::files::publish(&self.path, &self.to);
        published
            .with_context(|| format!("{} was not made, and nothing was left behind", self.to.display()))?;
        self.published = true;
        Ok(())
    }
}

impl Drop for HiddenFolder {
    fn drop(&mut self) {
        if !self.published
            && let Err(error) = std::fs::remove_dir_all(&self.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.path.display(), %error, "a half-made folder stays behind: remove it");
        }
    }
}

//! Where the supervisor keeps its files: `jarvis/` in the program's data folder.

use std::path::{Path, PathBuf};

/// The supervisor's folder. One for each user; the places in it are fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    folder: PathBuf,
}

impl Layout {
    /// The supervisor's folder within the program's data folder `data`.
    #[must_use]
    pub fn within(data: &Path) -> Self {
        Self { folder: data.join("jarvis") }
    }

    /// The folder itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whoever holds the system's lock on it owns the sidecars, the databases and the port.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// How to reach the owner.
    #[must_use]
    pub fn endpoint(&self) -> PathBuf {
        self.folder.join("endpoint.json")
    }

    /// What the person declares; absent, the bundled ones hold.
    #[must_use]
    pub fn sidecars(&self) -> PathBuf {
        self.folder.join("sidecars.toml")
    }

    /// What runs, so that a later owner can end what an earlier one left over.
    #[must_use]
    pub fn running(&self) -> PathBuf {
        self.folder.join("running.json")
    }

    /// What happened.
    #[must_use]
    pub fn events(&self) -> PathBuf {
        self.folder.join("events.db")
    }

    /// The audit trail.
    #[must_use]
    pub fn audit(&self) -> PathBuf {
        self.folder.join("audit.db")
    }

    /// Where its chain ends, so that a cut is noticed.
    #[must_use]
    pub fn audit_head(&self) -> PathBuf {
        self.folder.join("audit.head")
    }

    /// The key of its chain.
    #[must_use]
    pub fn audit_key(&self) -> PathBuf {
        self.folder.join("audit.key")
    }

    /// Usage that the bridge has told nobody yet.
    #[must_use]
    pub fn spool(&self) -> PathBuf {
        self.folder.join("spool")
    }

    /// The sidecars' output.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// The output of one sidecar.
    #[must_use]
    pub fn log(&self, name: &str) -> PathBuf {
        self.logs().join(format!("{name}.log"))
    }

    /// Makes the folder, for its user alone where the system knows how.
    ///
    /// # Errors
    /// As the disk says.
    pub fn make(&self) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(self.logs())?;
        // Whoever made it by hand, for a sidecars.toml, may have let others in.
        #[cfg(unix)]
        std::fs::set_permissions(&self.folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(())
    }
}

//! Who owns the sidecars: whoever first takes the system's lock on one file.
//!
//! A lock of the system, never a pid in a file: it ends with its holder, however that ends. Start at [`Ownership::take`].

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use thiserror::Error;

use crate::clock::Bell;
use crate::layout::Layout;
use crate::process::leftover;
use crate::running::Running;

/// How often the lock is tried, [`MOMENT`] apart, before it counts as another's.
const ASKERS: u32 = 5;
const MOMENT: Duration = Duration::from_millis(4);

/// Held for as long as one owns the sidecars, the databases and the port.
#[derive(Debug)]
pub struct Ownership {
    _lock: File,
}

/// Why the sidecars are not ours.
#[derive(Debug, Error)]
pub enum NotOwned {
    /// Another program owns them.
    #[error(
        "the sidecars belong to another AI DAWG{}: use that one, or end it first",
        .pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    Another {
        /// Its process, where it has already said so.
        pid: Option<u32>,
    },
    /// The file cannot be locked.
    #[error(
        "{} cannot be locked ({error}): sidecars are not supervised, the studio and its songs are safe. Make the folder \
         writable, or set AI_DAWG_DATA to another one", .path.display()
    )]
    Lock {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl Ownership {
    /// Takes the lock, or says within a moment whose it is.
    ///
    /// # Errors
    /// [`NotOwned`]: another has it, or the disk refuses.
    pub fn take(layout: &Layout) -> Result<Self, NotOwned> {
        let path = layout.lock();
        let refused = |error| NotOwned::Lock { path: path.clone(), error };
        layout.make().map_err(refused)?;
        let lock = open(&path).map_err(refused)?;
        // Somebody may be asking for a moment whether it is taken.
        let pause = Bell::default();
        for _ in 0..ASKERS {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { _lock: lock }),
                Err(TryLockError::WouldBlock) => _ = pause.wait(MOMENT),
                Err(TryLockError::Error(error)) => return Err(refused(error)),
            }
        }
        Err(NotOwned::Another { pid: owner(layout) })
    }

    /// True while anybody owns the sidecars.
    ///
    /// # Errors
    /// When the file is there and cannot be asked about.
    pub fn is_taken(layout: &Layout) -> io::Result<bool> {
        let lock = match File::open(layout.lock()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            opened => opened?,
        };
        match lock.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// For its user alone: whoever else could open it could lock it, and nothing would be supervised.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(path)?;
    // One of an earlier version let others read.
    #[cfg(unix)]
    lock.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(lock)
}

/// Who the owner says it is; none while it has said nothing, and there is only what one that ended has said.
fn owner(layout: &Layout) -> Option<u32> {
    let said = Running::read(layout).ok().flatten()?.owner;
    let there = leftover::proof(said.pid, &said.instance);
    (there.started == said.started).then_some(said.pid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::running::Proof;

    #[cfg(target_os = "linux")]
    #[test]
    fn one_that_has_ended_is_not_named() {
        // Seen red: with the start of the process not compared.
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        let _first = Ownership::take(&layout).unwrap();
        let said = |owner: Proof| {
            Running { owner, sidecars: Vec::new(), end: None }.publish(&layout).unwrap();
            Ownership::take(&layout).unwrap_err().to_string()
        };
        let here = leftover::proof(std::process::id(), "one");
        let name = format!("process {}", here.pid);
        assert!(said(here.clone()).contains(&name));
        let dead = Proof { started: Some("another boot 1".to_owned()), ..here };
        assert!(!said(dead).contains("process"));
    }

    #[cfg(unix)]
    #[test]
    fn it_is_its_user_s_alone_also_where_an_earlier_version_let_others_read() {
        // Seen red: with mode 0644.
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        drop(Ownership::take(&layout).unwrap());
        assert_eq!(
            (mode(&layout.lock()), mode(layout.folder()), mode(&layout.logs())),
            (0o600, 0o700, 0o700)
        );
        std::fs::set_permissions(layout.lock(), PermissionsExt::from_mode(0o644)).unwrap();
        drop(Ownership::take(&layout).unwrap());
        assert_eq!(mode(&layout.lock()), 0o600);
    }

    #[test]
    fn there_is_one_owner_and_the_second_is_told_which() {
        // Seen red: with `try_lock_shared` in `take`, and with `owner` answering none.
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        assert!(!Ownership::is_taken(&layout).unwrap());
        let first = Ownership::take(&layout).unwrap();
        let owner = Proof { pid: 4242, started: None, instance: "one".to_owned() };
        Running { owner, sidecars: Vec::new(), end: None }.publish(&layout).unwrap();
        assert!(Ownership::is_taken(&layout).unwrap());
        let said = Ownership::take(&layout).unwrap_err().to_string();
        assert!(said.contains("process 4242"), "{said}");
        drop(first);
        assert!(!Ownership::is_taken(&layout).unwrap());
        Ownership::take(&layout).unwrap();
    }
}

//! A disk that is full soon.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A real file system of a few bytes (tmpfs), for the program to run out of. Unmounted on drop.
#[derive(Debug)]
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts a disk that holds `bytes` (rounded up to whole pages by the kernel).
    ///
    /// # Panics
    ///
    /// If it cannot be mounted, which needs root (in a container: with `CAP_SYS_ADMIN`).
    #[track_caller]
    pub fn mount(bytes: u64) -> Self {
        let folder = TempDir::with_prefix("small-disk-").unwrap();
        let output = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes},mode=0777"), "ai-dawg-small-disk"])
            .arg(folder.path())
            .output()
            .unwrap_or_else(|error| panic!("`mount` cannot be run: {error}"));
        assert!(
            output.status.success(),
            "cannot mount a small disk; tests of full disks need root (sudo script/test): {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self { folder }
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Fills it up with one file, and says which; deleting that file makes room again.
    #[track_caller]
    pub fn fill(&self) -> PathBuf {
        let ballast = self.path().join("ballast");
        let mut file = std::fs::File::create(&ballast).unwrap();
        let full = std::io::copy(&mut std::io::repeat(0x55), &mut file).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull, "{full}");
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmount = |option: &[&str]| {
            Command::new("umount").args(option).arg(self.path()).output().is_ok_and(|it| it.status.success())
        };
        // Lazily if a process still has a file open there: the mount must not outlive the test.
        if !unmount(&[]) && !unmount(&["-l"]) {
            eprintln!("could not unmount {}", self.path().display());
        }
    }
}

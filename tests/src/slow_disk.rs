//! A disk that takes its time, for what must not wait for one.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Program;
use crate::last_header::compile;

/// What makes a program's disk slow: a library between it and the system, which waits two seconds wherever the program
/// asks the disk for its word (`fsync`), and a fifth of one wherever it looks up a name.
///
/// Only the folders of [`Program::folder`] and [`Program::data`] are slow, and only while it is switched on.
#[derive(Debug)]
pub struct SlowDisk {
    folder: TempDir,
}

impl SlowDisk {
    /// Makes it, switched off.
    ///
    /// # Panics
    ///
    /// If there is no C compiler.
    #[track_caller]
    pub fn make() -> Self {
        let folder = TempDir::with_prefix("slow-disk-").unwrap();
        compile(include_str!("slow_disk.c"), &folder.path().join("slow_disk.so"));
        Self { folder }
    }

    /// What `program` needs in its environment to meet it, in all its folders.
    pub fn env(&self, program: &Program) -> Vec<(String, String)> {
        self.env_under(&[&program.folder(), &program.data()])
    }

    /// The same for what lies beneath these folders alone.
    pub fn env_under(&self, folders: &[&Path]) -> Vec<(String, String)> {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let under: Vec<_> = folders.iter().map(|folder| folder.to_str().unwrap()).collect();
        let under = under.join(":");
        [
            ("LD_PRELOAD", text(self.folder.path().join("slow_disk.so"))),
            ("DAWG_SLOW_UNDER", under),
            ("DAWG_SLOW_WHEN", text(self.switch())),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec()
    }

    /// Makes it slow, or as fast as it is.
    pub fn slow(&self, slow: bool) {
        self.set(slow.then_some(""));
    }

    /// Lets it hang, so that its word does not come, or go on.
    pub fn hang(&self, hangs: bool) {
        self.set(hangs.then_some("hangs"));
    }

    fn set(&self, switch: Option<&str>) {
        if let Some(switch) = switch {
            std::fs::write(self.switch(), switch).unwrap();
        } else {
            std::fs::remove_file(self.switch()).unwrap();
        }
    }

    fn switch(&self) -> PathBuf {
        self.folder.path().join("slow")
    }
}

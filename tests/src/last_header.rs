//! The last moment of a recording: all samples are written, and the header is not.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// What happens to the program, or to the disk, as it comes to a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The program is killed.
    Kill,
    /// The disk refuses.
    Fail,
}

/// A library between a program and the system that waits for the header of a WAV file of a certain length.
#[derive(Debug)]
pub struct LastHeader {
    folder: TempDir,
}

impl LastHeader {
    /// Makes it.
    ///
    /// # Panics
    ///
    /// If there is no C compiler.
    #[track_caller]
    pub fn make() -> Self {
        let folder = TempDir::with_prefix("last-header-").unwrap();
        let library = folder.path().join("last_header.so");
        compile(include_str!("last_header.c"), &library);
        Self { folder }
    }

    /// What a program needs in its environment to meet it at the first header of a file of at least `bytes`.
    pub fn env(&self, bytes: u64, then: Then) -> Vec<(String, String)> {
        let library = self.folder.path().join("last_header.so").to_str().unwrap().to_owned();
        let then = match then {
            Then::Kill => "kill",
            Then::Fail => "fail",
        };
        [
            ("LD_PRELOAD", library),
            ("DAWG_HEADER_FROM", bytes.to_string()),
            ("DAWG_HEADER_THEN", then.to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec()
    }
}

/// Makes a library to be preloaded.
#[track_caller]
pub(crate) fn compile(source: &str, library: &Path) {
    let file = library.with_extension("c");
    std::fs::write(&file, source).unwrap();
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([library, &file])
        .output()
        .unwrap_or_else(|error| panic!("cc is missing ({error}): apt-get install gcc"));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

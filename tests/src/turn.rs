//! One sounding test at a time, in all processes of this machine.
//!
//! Two reasons: libjack keeps one server per process (a second server of another name breaks the clients of
//! the first, so `cargo test`'s threads cannot share), and real-time servers that compete for two cores
//! have xruns that say nothing about the program.

use std::fs::{File, OpenOptions, TryLockError};
use std::time::Duration;

use crate::awake::Awake;

/// Longer than any queue of sounding tests in `script/test`; a longer wait is a test that hangs.
const LIMIT: Duration = Duration::from_secs(600);

/// The right to run an audio server, on cores that are kept awake. Given back on drop, and by the kernel if the process is
/// killed.
#[derive(Debug)]
pub(crate) struct Turn {
    _awake: Awake,
    _lock: File,
}

impl Turn {
    /// Waits for the turn.
    #[track_caller]
    pub(crate) fn take() -> Self {
        let path = std::env::temp_dir().join("ai-dawg-tests-sound.lock");
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .or_else(|_| File::open(&path)) // another user's: reading is enough to lock
            .unwrap_or_else(|error| panic!("cannot open {}: {error}", path.display()));
        let taken = crate::patiently(LIMIT, || match lock.try_lock() {
            Ok(()) => Some(()),
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Error(error)) => panic!("cannot lock {}: {error}", path.display()),
        });
        if taken.is_none() {
            panic!(
                "another test has held the audio for {LIMIT:?} (a test that starts two servers waits for \
                 itself: use JackServer::restart)"
            );
        }
        Self { _awake: Awake::start(), _lock: lock }
    }
}

//! A long job with its progress on the terminal, and Ctrl-C to end it cleanly.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Result;
use dawg_media::Progress;

use super::output::show_progress;
use crate::interrupt;

/// How often the figure is renewed.
const STEP: Duration = Duration::from_millis(100);

/// Runs `job` and shows how far it is, as `label 42 %`. Ctrl-C cancels it: it then leaves nothing behind.
pub(super) fn shown<T>(label: &str, job: impl FnOnce(&Progress) -> Result<T>) -> Result<T> {
    let progress = Arc::new(Progress::new());
    interrupt::cancels(&progress)?;
    std::thread::scope(|scope| {
        let (done, ended) = channel::<()>();
        let watched = &progress;
        scope.spawn(move || {
            while ended.recv_timeout(STEP) == Err(RecvTimeoutError::Timeout) {
                let percent = watched.fraction().map(|fraction| format!(" {:.0} %", fraction * 100.0));
                show_progress(&format!("{label}{}", percent.unwrap_or_default()));
            }
            show_progress("");
        });
        let result = job(&progress);
        drop(done);
        result
    })
}

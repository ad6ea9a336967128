//! What libraries have to say beside errors, and what the supervisor does: on standard error.
//!
//! Start at [`begin`]. Nobody waits for it and nobody ends with it: a terminal halted by Ctrl+S, a reader that sleeps, a
//! closed terminal or a full disk under a file must not hold up the thread that keeps the song, or the one that keeps
//! the sidecars alive.

use std::io::Write;
use std::sync::OnceLock;

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// The queue of what is to be said.
static QUEUE: OnceLock<NonBlocking> = OnceLock::new();

/// Begins it; `RUST_LOG` asks for more than the usual. What waits is written when the answer is dropped, or given up a second
/// later.
pub(super) fn begin() -> WorkerGuard {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,jarvis=info"));
    // Lines that find no room among those that wait are left out.
    let (log, written) =
        NonBlockingBuilder::default().lossy(true).thread_name("log").finish(std::io::stderr());
    _ = QUEUE.set(log.clone());
    let said = tracing_subscriber::fmt().with_env_filter(filter).with_writer(log).without_time();
    // Otherwise it would panic to say what it could not say.
    said.log_internal_errors(false).init();
    written
}

/// Says something that is good to know, as [`super::output::note`], without waiting: for whoever has more to do than to say it.
pub(super) fn note(text: &str) {
    if let Some(queue) = QUEUE.get() {
        // It takes all, or leaves it out.
        _ = queue.clone().write_all(format!("note: {text}\n").as_bytes());
    }
}

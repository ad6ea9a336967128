//! Ctrl-C (and a polite request to end) as something to wait for, so that a take is kept and a half-made file goes.
//!
//! Start at [`Interrupt::listen`].

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use dawg_media::Progress;

/// What to do on Ctrl-C. The system knows one handler for a process; what it does may change.
static ACTION: OnceLock<Mutex<Box<dyn Fn() + Send>>> = OnceLock::new();

/// A Ctrl-C that may come.
#[derive(Debug)]
pub struct Interrupt {
    pressed: Receiver<()>,
}

impl Interrupt {
    /// From now on Ctrl-C is ours.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> Result<Self> {
        let (press, pressed) = channel();
        // Whoever listened may be gone by then.
        on_interrupt(Box::new(move || _ = press.send(())))?;
        Ok(Self { pressed })
    }

    /// Lets `pause` pass; true as soon as Ctrl-C was pressed.
    #[must_use]
    pub fn within(&self, pause: Duration) -> bool {
        // Disconnected: another listener has taken over, so nobody would ever stop us. Better to end now.
        self.pressed.recv_timeout(pause) != Err(RecvTimeoutError::Timeout)
    }
}

/// Cancels `progress` on Ctrl-C, so that a job leaves nothing behind.
///
/// # Errors
/// When the system refuses.
pub fn cancels(progress: &Arc<Progress>) -> Result<()> {
    let progress = Arc::clone(progress);
    on_interrupt(Box::new(move || progress.cancel()))
}

fn on_interrupt(action: Box<dyn Fn() + Send>) -> Result<()> {
    let mut action = Some(action);
    let cell = ACTION.get_or_init(|| Mutex::new(action.take().unwrap_or_else(|| Box::new(|| ()))));
    match action {
        Some(action) => *cell.lock().unwrap_or_else(PoisonError::into_inner) = action,
        None => ctrlc::set_handler(act).context("Ctrl-C cannot be listened to: start the program again")?,
    }
    Ok(())
}

fn act() {
    if let Some(action) = ACTION.get() {
        action.lock().unwrap_or_else(PoisonError::into_inner)();
    }
}

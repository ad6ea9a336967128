//! What we asked of the server and do not wait for any more: it may hang, libjack then waits for ever, and whoever asks for
//! something else meanwhile waits behind it.
//!
//! Start at [`wait`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::device::patience;

/// Set when the server answered, or is gone.
pub(super) type Over = Arc<AtomicBool>;

/// For each question that was given up, whether it is over.
static GIVEN_UP: Mutex<Vec<Over>> = Mutex::new(Vec::new());

/// Asks the server and waits for its answer no longer than `patience`. Until it comes, or `over` is set, [`any`] knows of it.
pub(super) fn wait<T: Send + 'static>(
    patience: Duration,
    over: Over,
    ask: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let answered = Answered(Arc::clone(&over));
    // What comes too late is dropped before the next may ask: the fields go in order.
    let answer = patience::within(patience, move || (ask(), answered));
    if answer.is_none() {
        given_up().push(over);
    }
    answer.map(|(answer, _)| answer)
}

/// Whether a question that was given up is still not answered.
pub(super) fn any() -> bool {
    let mut given_up = given_up();
    given_up.retain(|over| !over.load(Ordering::Acquire));
    !given_up.is_empty()
}

struct Answered(Over);

impl Drop for Answered {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn given_up() -> MutexGuard<'static, Vec<Over>> {
    GIVEN_UP.lock().unwrap_or_else(PoisonError::into_inner)
}

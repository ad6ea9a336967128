//! What an attached program does while another owns the sidecars: it waits, and follows if that one dies.
//!
//! Start at [`succeed`]. The lock alone says that an owner is gone; how it went stands in `running.json` ([`End`]). Whoever
//! was killed is followed, and whoever only left (a window that was closed) as well. Whoever was asked to end is not:
//! a human wanted the supervision to end, and only a human begins it anew.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::control_loop::Begin;
use crate::endpoint::Endpoint;
use crate::layout::Layout;
use crate::lock::{NotOwned, Ownership};
use crate::owner::{Options, Owner, StartError};
use crate::running::{End, Running};

/// How often the lock is tried. With the start of the sidecars this keeps within the 10 s of the contract.
const GLANCE: Duration = Duration::from_millis(500);

/// What became of waiting.
#[derive(Debug)]
pub enum Succession {
    /// The owner is gone, and we are the owner now.
    Owner(Box<Owner>),
    /// Another program became the owner first: attach to that one.
    Another,
    /// A human ended the supervision. It does not begin by itself; see [`appears`].
    Ended,
    /// We were told to leave.
    Left,
}

/// Waits beside the owner whose `instance` stands in `endpoint.json`, and becomes owner when that one dies or leaves: what a
/// human stopped stays stopped, and while autonomy is off nothing is started. Returns soon once something is sent to `leave`,
/// or its other end is dropped.
///
/// # Errors
/// [`StartError`], when the owner is gone and we cannot own; never [`NotOwned::Another`].
pub fn succeed(options: Options, instance: &str, leave: &Receiver<()>) -> Result<Succession, StartError> {
    loop {
        match Ownership::take(&options.layout) {
            Ok(_) if was_asked_to_end(&options.layout) => return Ok(Succession::Ended),
            Ok(ownership) => {
                let owner = Owner::own(options, ownership, Begin::Takeover)?;
                return Ok(Succession::Owner(Box::new(owner)));
            }
            Err(NotOwned::Another { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        if present(&options.layout).is_some_and(|present| present != instance) {
            return Ok(Succession::Another);
        }
        if leaves(leave) {
            return Ok(Succession::Left);
        }
    }
}

/// Waits until there is an owner to attach to. False: we were told to leave.
#[must_use]
pub fn appears(layout: &Layout, leave: &Receiver<()>) -> bool {
    loop {
        // A file that cannot be locked is told by whoever tries to own.
        if Ownership::is_taken(layout).unwrap_or(false) && present(layout).is_some() {
            return true;
        }
        if leaves(leave) {
            return false;
        }
    }
}

/// Waits for the next glance; true if we are to leave.
fn leaves(leave: &Receiver<()>) -> bool {
    !matches!(leave.recv_timeout(GLANCE), Err(RecvTimeoutError::Timeout))
}

/// The instance that says it is the owner.
fn present(layout: &Layout) -> Option<String> {
    Endpoint::read(layout).ok().flatten().map(|endpoint| endpoint.instance)
}

/// Whether the last owner ended since a human asked for it. A note that cannot be read is no human's word, and neither is one
/// about an earlier owner: whoever came later and was killed before it could write its own has left `endpoint.json` behind,
/// which names that one.
#[must_use]
pub fn was_asked_to_end(layout: &Layout) -> bool {
    let Ok(Some(running)) = Running::read(layout) else { return false };
    let last = present(layout).is_none_or(|instance| instance == running.owner.instance);
    running.end == Some(End::Asked) && last
}

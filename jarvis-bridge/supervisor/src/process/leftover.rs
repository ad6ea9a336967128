//! What a killed owner left over: ended by the next one, if it can be proven to be ours.
//!
//! Proven means: the pid, the start of the process and the instance in its environment are those in `running.json`.
//! A pid alone may be anybody's by now. Start at [`end`].

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Bell;
use crate::running::{Proof, Running};

/// How long a killed process may take to be gone.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(5);

/// A process that an earlier owner started and that was still there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LeftOver {
    /// The sidecar's name.
    pub name: String,
    /// Its process.
    pub pid: u32,
    /// Whether it is gone now.
    pub ended: bool,
}

/// Ends what is left of an earlier owner's sidecars, their groups and descendants in sight. Waits up to 2 s for each.
#[must_use]
pub fn end(earlier: &Running) -> Vec<LeftOver> {
    let left = earlier.sidecars.iter().filter(|sidecar| is_there(&sidecar.proof));
    left.map(|sidecar| {
        let ended = end_one(&sidecar.proof);
        LeftOver { name: sidecar.name.clone(), pid: sidecar.proof.pid, ended }
    })
    .collect()
}

/// True if the very process is there; false where the system does not tell.
#[cfg(target_os = "linux")]
#[must_use]
pub fn is_there(proof: &Proof) -> bool {
    use super::proc;
    proof.started.is_some()
        && proc::started(proof.pid) == proof.started
        && proc::environment(proof.pid, super::system::INSTANCE).as_deref() == Some(&proof.instance)
}

#[cfg(target_os = "linux")]
fn end_one(proof: &Proof) -> bool {
    use rustix::process::{Pid, Signal, kill_process};
    let pause = Bell::default();
    for _ in 0..(PATIENCE.as_millis() / LOOK.as_millis()) {
        for pid in super::proc::family(proof.pid) {
            if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
                // It may be gone already.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        if !is_there(proof) {
            return true;
        }
        pause.wait(LOOK);
    }
    false
}

/// Elsewhere nothing can be proven, so nothing is ended.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn is_there(_: &Proof) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn end_one(_: &Proof) -> bool {
    false
}

/// What proves later that `pid`, which was given `instance`, is the process it is now.
#[must_use]
pub fn proof(pid: u32, instance: &str) -> Proof {
    #[cfg(target_os = "linux")]
    let started = super::proc::started(pid);
    #[cfg(not(target_os = "linux"))]
    let started = None;
    Proof { pid, started, instance: instance.to_owned() }
}

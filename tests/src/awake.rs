//! The machine's cores, kept from idling while sound is tested.

use std::process::{Child, Stdio};

use crate::daemon::{mortal, stop};

/// A loop on each core that runs only when nothing else would (`SCHED_IDLE`).
///
/// An idle core of a virtual machine is its host's, and comes back late. Measured on this kind of machine, a real-time thread
/// on each core that wakes every millisecond: both stood still for 37 to 70 % of some seconds, up to 212 ms at a time; with such
/// a loop beside them for 2 to 5 %.
#[derive(Debug)]
pub(crate) struct Awake {
    loops: Vec<Child>,
}

impl Awake {
    /// Until it is dropped.
    #[track_caller]
    pub(crate) fn start() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { loops: (0..cores).map(spin).collect() }
    }
}

#[track_caller]
fn spin(core: usize) -> Child {
    mortal("chrt")
        .args(["--idle", "0", "taskset", "--cpu-list", &core.to_string(), "sh", "-c", "while :; do :; done"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("setpriv, chrt or taskset is missing ({error}): apt-get install util-linux")
        })
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.loops.iter_mut().for_each(stop);
    }
}

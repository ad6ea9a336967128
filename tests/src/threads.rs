//! This process's threads, as the system sees them: whether one has done what it had to.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// The threads of this process with that name (of which the system knows fifteen letters).
pub fn threads(name: &str) -> Vec<PathBuf> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().path());
    tasks
        .filter(|task| std::fs::read_to_string(task.join("comm")).is_ok_and(|comm| comm.trim() == name))
        .collect()
}

/// How often a thread has waited so far; enough for anybody once it is gone.
pub fn waits(thread: &Path) -> u64 {
    let status = std::fs::read_to_string(thread.join("status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    line.map_or(u64::MAX, |count| count.trim().parse().unwrap())
}

/// Waits until each thread of that name, of which there is one at least, has waited so often again: one that looks round and
/// round has then looked at all that there was, however long the machine stood still.
#[track_caller]
pub fn turns(name: &str, count: u64) {
    const LIMIT: Duration = Duration::from_secs(20);
    // It names itself when it begins.
    crate::until(LIMIT, name, || !threads(name).is_empty());
    let before: Vec<_> = threads(name).into_iter().map(|thread| (waits(&thread), thread)).collect();
    crate::until(LIMIT, name, || {
        before.iter().all(|(before, thread)| waits(thread) >= before.saturating_add(count))
    });
}

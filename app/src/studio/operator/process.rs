//! What the system says of the process that owns the services.

/// Whether it is stopped, by a signal or a debugger: it is there and does nothing. False where the system does not say.
pub(super) fn is_stopped(pid: u32) -> bool {
    // After the name, which may hold anything, in parentheses, comes the state: proc_pid_stat(5).
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok().and_then(|stat| {
        let (_, rest) = stat.rsplit_once(')')?;
        rest.trim_start().chars().next()
    });
    matches!(state, Some('T' | 't'))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::is_stopped;

    #[test]
    fn a_stopped_process_is_told_from_one_that_runs() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let pid = child.id();
        // Not seen red yet; meant for: a process that sleeps taken for one that is stopped.
        assert!(!is_stopped(pid));
        Command::new("kill").args(["-STOP", &pid.to_string()]).status().unwrap();
        let since = Instant::now();
        while !is_stopped(pid) && since.elapsed() < Duration::from_secs(10) {
            std::thread::yield_now();
        }
        assert!(is_stopped(pid));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!is_stopped(pid), "one that is gone");
    }
}

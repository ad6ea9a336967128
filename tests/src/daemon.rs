//! Sound servers as processes of ours: they end with us, however we end.

use std::process::{Child, Command};
use std::time::Duration;

/// How long a SIGTERM may take before it becomes a SIGKILL.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// A command for a server that gets SIGTERM when the thread that starts it is gone: a test that is killed
/// has no drop, and a real-time server that nobody owns would disturb every later test.
///
/// (A server must therefore not be started in a thread that ends before it.)
pub(crate) fn mortal(server: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--", server]);
    command
}

/// SIGTERM, patience, SIGKILL. Nothing, if it has ended already.
pub(crate) fn stop(server: &mut Child) {
    if matches!(server.try_wait(), Ok(None)) {
        // Its id cannot have been taken over: it is ours until we have waited for it.
        let _ = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
        crate::patiently(STOP_LIMIT, || server.try_wait().ok().flatten());
    }
    let _ = server.kill();
    let _ = server.wait();
}

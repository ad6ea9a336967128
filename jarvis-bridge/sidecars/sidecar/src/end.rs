//! How a sidecar is asked to end.

use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::Sender;

/// Tells `end` when it is time: SIGINT and SIGTERM always, and under a supervisor the end of standard input, which comes
/// whatever becomes of the supervisor. By hand standard input is ignored: it may be closed from the start.
pub(crate) fn listen(supervised: bool, end: &Sender<()>) -> io::Result<()> {
    let by_signal = end.clone();
    ctrlc::set_handler(move || _ = by_signal.send(())).map_err(io::Error::other)?;
    if supervised {
        let by_input = end.clone();
        std::thread::Builder::new().name("sidecar-end".to_owned()).spawn(move || {
            read_to_end(io::stdin().lock());
            // Nobody listens when it is ending already.
            let _ = by_input.send(());
        })?;
    }
    Ok(())
}

/// Reads what nobody means to send. An error is an end: there will be nothing more.
fn read_to_end(mut input: impl Read) {
    let mut ignored = [0; 256];
    loop {
        match input.read(&mut ignored) {
            Ok(0) => return,
            Err(error) if error.kind() != ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}

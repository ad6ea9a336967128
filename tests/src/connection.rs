//! Keeps ports of ours connected to the program's, from the moment these appear.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use jack::{Client, PortFlags};

use crate::health::Health;

/// How often to look while something is missing. Far below a period, so that little of a start is missed.
const SEEKING: Duration = Duration::from_millis(1);
/// How often to look whether everything still holds (the program may have been restarted).
const WATCHING: Duration = Duration::from_millis(20);

/// A connection to keep: output port to input port. Each is a full name as [`find_port`] takes it.
pub(crate) type Wanted = (String, String);

/// The thread that makes connections, in the order given, and makes them again if they break.
#[derive(Debug)]
pub(crate) struct Connections {
    thread: Option<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
    complete: Arc<AtomicBool>,
}

impl Connections {
    /// Begins to look. Nothing is connected before all ports are there, so that the order is certain.
    pub(crate) fn keep(
        client: Arc<dyn AsRef<Client> + Send + Sync>,
        health: Arc<Health>,
        wanted: Vec<Wanted>,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let complete = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (stop, complete) = (stop.clone(), complete.clone());
            move || {
                while !stop.load(Ordering::Acquire) && !health.gone() {
                    let all = connect_all((*client).as_ref(), &wanted);
                    complete.store(all, Ordering::Release);
                    std::thread::sleep(if all { WATCHING } else { SEEKING });
                }
            }
        });
        Self { thread: Some(thread), stop, complete }
    }

    /// Whether everything was connected when last looked at.
    pub(crate) fn complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    /// Ends the thread; connections stay.
    pub(crate) fn stop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Connections {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The full name of the port that is meant by `name`, such as `ai-dawg:in_1`.
///
/// The exact port if there is one, else one of a client that JACK has renamed (`ai-dawg-01:in_1`).
pub fn find_port(client: &Client, name: &str) -> Option<String> {
    if client.port_by_name(name).is_some() {
        return Some(name.to_owned());
    }
    let (wanted_client, wanted_port) = name.split_once(':')?;
    client.ports(None, None, PortFlags::empty()).into_iter().find(|candidate| {
        candidate.split_once(':').is_some_and(|(of, port)| {
            let number = of.strip_prefix(wanted_client).and_then(|rest| rest.strip_prefix('-'));
            let renamed = number.is_some_and(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()));
            port == wanted_port && renamed
        })
    })
}

fn connect_all(client: &Client, wanted: &[Wanted]) -> bool {
    let found: Option<Vec<Wanted>> =
        wanted.iter().map(|(from, to)| Some((find_port(client, from)?, find_port(client, to)?))).collect();
    // Fails while a client is not active yet: that is for the next look.
    found.is_some_and(|pairs| pairs.iter().all(|(from, to)| connect(client, from, to)))
}

fn connect(client: &Client, from: &str, to: &str) -> bool {
    let port = client.port_by_name(from);
    if port.is_some_and(|port| port.is_connected_to(to).unwrap_or(false)) {
        return true;
    }
    matches!(client.connect_ports_by_name(from, to), Ok(()) | Err(jack::Error::PortAlreadyConnected(..)))
}

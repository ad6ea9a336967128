//! Opening and closing JACK clients in this process.

use std::sync::Arc;

use jack::{AsyncClient, Client, ClientOptions, PortSpec, ProcessHandler};

use crate::JackServer;
use crate::health::{Health, Watch};

/// A client of ours while it processes. Shared with the thread that keeps its connections.
pub(crate) type Active<P> = Arc<AsyncClient<Watch, P>>;

/// Opens a client on `server`; JACK appends a number if the name is taken.
#[track_caller]
pub(crate) fn open(server: &JackServer, name: &str) -> Client {
    assert!(server.is_running(), "the JACK server is not running, so no client `{name}` can be opened");
    match Client::new(name, ClientOptions::NO_START_SERVER) {
        Ok((client, _)) => client,
        Err(jack::Error::LibraryError(error)) => {
            panic!("libjack.so.0 cannot be loaded ({error}): apt-get install libjack-jackd2-0")
        }
        Err(error) => panic!("cannot open the JACK client `{name}`: {error}\n{}", server.log()),
    }
}

/// Registers ports `{prefix}1`, `{prefix}2`… and gives them with their full names.
#[track_caller]
pub(crate) fn register<S: PortSpec + Copy>(
    client: &Client,
    prefix: &str,
    count: usize,
    spec: S,
) -> (Vec<jack::Port<S>>, Vec<String>) {
    (1..=count)
        .map(|number| {
            let port = client.register_port(&format!("{prefix}{number}"), spec).unwrap();
            let name = port.name().unwrap();
            (port, name)
        })
        .unzip()
}

/// Lets a client process, with its health.
#[track_caller]
pub(crate) fn activate<P>(client: Client, process: P) -> (Active<P>, Arc<Health>)
where
    P: 'static + Send + ProcessHandler,
{
    let health = Arc::new(Health::default());
    let active = client.activate_async(Watch(health.clone()), process).unwrap();
    (Arc::new(active), health)
}

//! The owner of the sidecars: the lock, the control loop in its thread, and the control plane.
//!
//! Start at [`Owner::start`], which `ai-dawg jarvis run` and the app call alike. Whatever goes wrong here, the studio
//! plays and records: the app tells the error and goes on without.

use std::io;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use thiserror::Error;

use crate::audit::Audit;
use crate::client::Client;
use crate::clock::{Bell, Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::control_loop::{Begin, ControlLoop, Parts, Request};
use crate::control_plane::ControlPlane;
use crate::entropy::{Entropy, SystemEntropy};
use crate::event::{Event, What};
use crate::layout::Layout;
use crate::lock::{NotOwned, Ownership};
use crate::probe::HttpProbe;
use crate::process::leftover;
use crate::process::system::{Program, SystemHost};
use crate::running::{End, Proof, Running};
use crate::store::{self, Store};
use crate::stream::Hub;

/// What an owner is made of.
#[derive(Debug)]
pub struct Options {
    /// Its folder.
    pub layout: Layout,
    /// The program it is in.
    pub program: Program,
    /// The value of [`crate::switch::VARIABLE`], if there is one.
    pub environment: Option<String>,
    /// Where the control plane listens, if nobody else does; 0: anywhere. What was chosen and is no port matters only to
    /// whoever comes to own: a client never needs it.
    pub port: Result<u16, WrongPort>,
}

/// What was chosen as a port, and is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{} is “{value}”, which is no port: give 0 to 65535, or take it out of the environment",
    crate::control_plane::VARIABLE
)]
pub struct WrongPort {
    /// As it stands in the environment.
    pub value: String,
}

/// Why nothing is supervised.
#[derive(Debug, Error)]
pub enum StartError {
    /// Another owns the sidecars, or the lock cannot be taken.
    #[error(transparent)]
    NotOwned(#[from] NotOwned),
    /// The declarations are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The control plane cannot be where it is to be.
    #[error("{0}. No sidecar was started")]
    Port(#[from] WrongPort),
    /// The system refuses something.
    #[error(
        "sidecars cannot be supervised ({0}), the studio and its songs are safe: close other programs, then try again"
    )]
    System(#[from] io::Error),
}

/// Owns the sidecars until it is dropped: then they are stopped in order, which may take their grace, and an attached program
/// goes on; not so after [`Client::shutdown`].
#[derive(Debug)]
pub struct Owner {
    client: Client,
    port: u16,
    taken_port: Option<u16>,
    thread: Option<JoinHandle<()>>,
}

impl Owner {
    /// Takes the lock, ends what an earlier owner left over, and starts what is declared.
    ///
    /// # Errors
    /// [`StartError`]; nothing was started.
    pub fn start(options: Options) -> Result<Self, StartError> {
        // Whoever could not own where it is to be leaves nothing behind, but learns first who owns already.
        if !Ownership::is_taken(&options.layout)? {
            options.port.clone()?;
        }
        let ownership = Ownership::take(&options.layout)?;
        Self::own(options, ownership, Begin::Human)
    }

    /// Owns by a lock that is held already.
    pub(crate) fn own(options: Options, ownership: Ownership, begin: Begin) -> Result<Self, StartError> {
        let wanted = options.port.clone()?;
        let config = Config::read(&options.layout)?;
        let mut entropy = SystemEntropy::new()?;
        let instance = entropy.nonce();
        let (requests, inbox) = unbounded();
        let bell = Bell::default();
        let hub = Hub::default();
        let client = Client::in_process(requests.clone(), bell.clone(), hub.clone(), options.layout.clone());
        let plane = ControlPlane::open(
            &options.layout,
            wanted,
            &instance,
            &mut entropy,
            client.clone(),
            &config.control_plane,
        )?;
        let (port, taken_port) = (plane.port(), plane.taken_port());
        let (begun, beginning) = bounded(1);
        let work = Work { options, config, entropy, instance, inbox, bell, hub, begin };
        let thread = std::thread::Builder::new().name("jarvis".to_owned()).spawn(move || {
            work.run(&begun);
            // Nobody finds us any more, before the next owner can say where it is.
            drop(plane);
            // Free only now that all sidecars are gone.
            drop(ownership);
        })?;
        match beginning.recv() {
            Ok(Ok(())) => Ok(Self { client, port, taken_port, thread: Some(thread) }),
            Ok(Err(error)) => Err(error.into()),
            Err(error) => Err(io::Error::other(error).into()),
        }
    }

    /// Speaks to it.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Where the control plane listens on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port that was chosen, if another program has it; none: the control plane listens where it was told to.
    #[must_use]
    pub fn taken_port(&self) -> Option<u16> {
        self.taken_port
    }

    /// Waits until somebody has asked for the end and all sidecars are gone.
    pub fn wait(mut self) {
        self.join();
    }

    /// True once all is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic has been told where it happened.
            let _ = thread.join();
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // It may be over already.
        let _ = self.client.leave();
        self.join();
    }
}

/// What goes into the loop's thread.
struct Work {
    options: Options,
    config: Config,
    entropy: SystemEntropy,
    instance: String,
    inbox: Receiver<Request>,
    bell: Bell,
    hub: Hub,
    begin: Begin,
}

impl Work {
    fn run(self, begun: &Sender<io::Result<()>>) {
        let Self { options, config, entropy, instance, inbox, bell, hub, begin } = self;
        let clock = SystemClock::new();
        let mut store = store::open(&options.layout.events(), clock.wall());
        let mut entropy = entropy;
        let mut audit = Audit::open(&options.layout, clock.wall(), &mut entropy);
        end_left_overs(&options.layout, &clock, store.as_mut(), &mut audit);
        let owner = leftover::proof(std::process::id(), &instance);
        let logs = config.logs.clone();
        let layout = options.layout.clone();
        let host = match SystemHost::new(
            options.program,
            options.layout,
            logs,
            owner.clone(),
            bell.clone(),
            hub.clone(),
        ) {
            Ok(host) => host,
            Err(error) => {
                let _ = begun.send(Err(error));
                return;
            }
        };
        let parts = Parts {
            clock: Box::new(clock),
            host: Box::new(host),
            probe: Box::new(HttpProbe::new(bell.clone())),
            store,
            entropy: Box::new(entropy),
            audit,
            hub,
        };
        let hub = parts.hub.clone();
        let environment = options.environment.as_deref();
        let control_loop = ControlLoop::new(&config, parts, inbox, bell, environment, begin);
        // Whoever started us waits for this.
        let _ = begun.send(Ok(()));
        let end = control_loop.run();
        hub.close();
        note_end(&layout, owner, end);
    }
}

/// Says how we ended, for whoever waits to follow. All sidecars are gone, but for those that could not be ended.
fn note_end(layout: &Layout, owner: Proof, end: End) {
    let ours = Running::read(layout).ok().flatten().filter(|noted| noted.owner == owner);
    let sidecars = ours.map(|noted| noted.sidecars).unwrap_or_default();
    let ended = Running { owner, sidecars, end: Some(end) };
    if let Err(error) = ended.publish(layout) {
        tracing::warn!(%error, "how the supervision ended cannot be noted: an attached program may begin it anew");
    }
}

/// Ends what a killed owner left over.
fn end_left_overs(layout: &Layout, clock: &SystemClock, store: &mut dyn Store, audit: &mut Audit) {
    let earlier = match Running::read(layout) {
        Ok(earlier) => earlier,
        Err(error) => {
            tracing::warn!(%error, "what ran before cannot be read; if a sidecar of an earlier run is left over, end it by hand");
            None
        }
    };
    for left in earlier.iter().flat_map(leftover::end) {
        let event = Event { at: clock.wall(), sidecar: Some(left.name.clone()), what: What::LeftOver(left) };
        event.log();
        audit.event(&event);
        store.record(&event);
    }
}

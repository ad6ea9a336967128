//! The supervisor in the app: owning it, or attaching to the one that runs, and telling it what happens.
//!
//! Start at [`Supervision::start`]. The studio starts and records whatever happens here: all of it runs on threads of its own,
//! and without a supervisor everything but the panel is as before.

mod disk;
mod options;
mod uses;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, bounded};
use jarvis::client::Client;
use jarvis::layout::Layout;
use jarvis_bridge::courier::Supervisor;
use jarvis_bridge::vitals::Source;
use jarvis_bridge::{Bridge, Setup};

use crate::sound::{Vitals, Waker};
use disk::Disk;
pub use options::options;
pub use uses::Used;
use watch::{Seen, Watch};

/// How long the sidecars may take to end with the window: their grace, and a little more. What is left then ends by itself
/// when this program is gone.
const LONGEST_END: Duration = Duration::from_secs(8);
/// How long the window waits where nothing of ours is to be ended: for a supervisor of another program that hangs nobody waits.
const LONGEST_LEAVING: Duration = Duration::from_secs(1);

/// What this program is to the supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Role {
    /// That is being found out.
    #[default]
    Starting,
    /// It is the owner: the supervisor runs in it.
    Owner {
        /// Where the control plane listens.
        port: u16,
    },
    /// Another program is; this one is its client.
    Attached {
        /// The owner's process.
        pid: u32,
        /// Where its control plane listens.
        port: u16,
    },
    /// There is no supervisor.
    Without {
        /// Why, and what to do.
        why: String,
    },
}

/// The supervisor, as this program has it.
#[derive(Debug, Default)]
pub struct Supervision {
    seen: Arc<Seen>,
    watch: Option<Watching>,
    bridge: Option<Bridge>,
    disk: Option<Disk>,
}

/// The thread that owns or follows.
#[derive(Debug)]
struct Watching {
    /// Dropped, it is told to end.
    end: Option<Sender<()>>,
    /// Closed when it has ended.
    over: Receiver<()>,
    /// When it was told to, and how long that may take.
    told: Option<(Instant, Duration)>,
    /// To begin again.
    watch: Watch,
}

impl Watching {
    fn start(watch: Watch) -> Option<Self> {
        let (end, ends) = bounded(0);
        let (done, over) = bounded(0);
        let again = watch.clone();
        let thread = std::thread::Builder::new().name("supervision".to_owned()).spawn(move || {
            watch.run(&ends);
            drop(done);
            (watch.waker)();
        });
        if let Err(error) = thread {
            again.refuse(format!(
                "The system gives no thread ({error}): AI services are not supervised. The studio and its songs are safe."
            ));
            return None;
        }
        Some(Self { end: Some(end), over, told: None, watch: again })
    }
}

impl Supervision {
    /// Begins to find out, on a thread of its own; `waker` is called when the answer is there, and whenever it changes.
    #[must_use]
    pub fn start(data_folder: &Path, waker: Waker) -> Self {
        Self::start_at(data_folder, None, waker)
    }

    /// The same with a port of the control plane that holds whatever the environment says: for tests.
    #[must_use]
    pub fn start_at(data_folder: &Path, port: Option<u16>, waker: Waker) -> Self {
        let seen = Arc::new(Seen::default());
        let layout = Layout::within(data_folder);
        let watch = Watching::start(Watch { layout, port, seen: Arc::clone(&seen), waker });
        Self { seen, watch, ..Self::default() }
    }

    /// From now on it is told how the engine does (`vitals`), what room there is on the disk, and what is used. What cannot be
    /// told waits in `data_folder`.
    pub fn report(&mut self, data_folder: &Path, vitals: Option<Vitals>) {
        let mut sources: Vec<Box<dyn Source>> = Vec::new();
        if let Some(vitals) = vitals {
            sources.push(Box::new(vitals));
        }
        self.disk = Disk::start(data_folder.to_owned()).ok();
        if let Some(disk) = &self.disk {
            sources.push(Box::new(disk.source()));
        }
        let seen = Arc::clone(&self.seen);
        let line = Box::new(move || seen.client().map(|client| Box::new(client) as Box<dyn Supervisor>));
        match Bridge::start(Setup { spool: Layout::within(data_folder).spool(), sources, line }) {
            Ok(bridge) => self.bridge = Some(bridge),
            Err(error) => {
                tracing::warn!(%error, "the supervisor is told nothing: the system gives no thread");
            }
        }
    }

    /// Something was used. Never waits; told once, as soon as there is a supervisor.
    pub fn used(&mut self, used: &Used) {
        if let Some(bridge) = &mut self.bridge {
            bridge.used(used.name(), Some(used.detail()));
        }
    }

    /// To be called now and then: what could not be told at once is tried again.
    pub fn retry(&mut self) {
        if let Some(bridge) = &mut self.bridge {
            bridge.retry();
        }
    }

    /// The disk of `folder` is the one whose room counts.
    pub fn watch_disk(&self, folder: PathBuf) {
        if let Some(disk) = &self.disk {
            disk.watch(folder);
        }
    }

    /// What this program is to the supervisor now.
    #[must_use]
    pub fn role(&self) -> Role {
        self.seen.role()
    }

    /// Whom to ask; none while there is no supervisor. May become another.
    #[must_use]
    pub fn client(&self) -> Option<Client> {
        self.seen.client()
    }

    /// Asks that, later and from any thread.
    pub fn line(&self) -> Box<dyn Fn() -> Option<Client> + Send> {
        let seen = Arc::clone(&self.seen);
        Box::new(move || seen.client())
    }

    /// Ends it: sidecars that this program owns are stopped in order. Does not wait; asked again, it says whether that is
    /// over, or has taken longer than anybody waits.
    pub fn end(&mut self) -> bool {
        // Asked before it is told: who ends owns nothing any more.
        let owns = self.owns();
        let Some(watch) = &mut self.watch else { return true };
        watch.end = None;
        let longest = if owns { LONGEST_END } else { LONGEST_LEAVING };
        let (told, longest) = *watch.told.get_or_insert_with(|| (Instant::now(), longest));
        told.elapsed() > longest || watch.over.try_recv() == Err(TryRecvError::Disconnected)
    }

    /// True while it is coming to its end.
    #[must_use]
    pub fn ends(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.told.is_some())
    }

    /// After all it is not to end: the window stays.
    pub fn go_on(&mut self) {
        // What the first thread still owns the second waits for.
        if let Some(watch) = self.watch.take_if(|watch| watch.told.is_some()) {
            self.watch = Watching::start(watch.watch);
        }
    }

    /// [`end`](Self::end), and waits for it: for a window that is gone already.
    pub fn end_now(&mut self) {
        if self.end() {
            return;
        }
        if let Some(watch) = &self.watch
            && let Some((told, longest)) = watch.told
            && watch.over.recv_timeout(longest.saturating_sub(told.elapsed()))
                == Err(RecvTimeoutError::Timeout)
        {
            tracing::warn!("the supervisor takes long to end: what is left of it ends with this program");
        }
    }

    /// True while sidecars would have to be stopped first.
    #[must_use]
    pub fn holds_up_closing(&self) -> bool {
        self.watch.is_some() && self.owns()
    }

    /// Also while a thread of ours that was to end, and after all was not, still has to let go of what it owns.
    fn owns(&self) -> bool {
        match self.role() {
            Role::Owner { .. } => true,
            Role::Attached { pid, .. } => pid == std::process::id(),
            Role::Starting | Role::Without { .. } => false,
        }
    }
}

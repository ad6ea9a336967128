//! The thread that owns the supervisor, or follows whoever does.
//!
//! Start at [`Watch::run`]. It alone waits: for locks, for the supervisor's answers, for sidecars that end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use jarvis::client::{Client, ClientError};
use jarvis::endpoint::Endpoint;
use jarvis::layout::Layout;
use jarvis::lock::{NotOwned, Ownership};
use jarvis::owner::{Owner, StartError};

use super::{Role, options};
use crate::sound::Waker;

/// How often it looks whether the owner is still there. An owner that dies is followed within 10 s, by contract.
const GLANCE: Duration = Duration::from_millis(500);
/// How often it tries again after the supervisor could not be started: somebody may mend a file meanwhile.
const AGAIN: Duration = Duration::from_secs(5);
/// Said when the supervisor of this program was ended from outside.
const SHUT_DOWN: &str = "The supervisor was ended on purpose (`ai-dawg jarvis shutdown`): AI services are not supervised. \
     The studio and its songs are safe. `ai-dawg jarvis run`, or starting this program again, brings it back.";
/// Said while the sidecars end with the window.
const CLOSING: &str = "The AI services end with this window.";

/// What the window sees of it.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<(Role, Option<Client>)>);

impl Seen {
    pub(super) fn role(&self) -> Role {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    pub(super) fn client(&self) -> Option<Client> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// True if that is news.
    fn set(&self, role: Role, client: Option<Client>) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let news = seen.0 != role;
        *seen = (role, client);
        news
    }
}

/// Somebody wants it to end.
struct End;

/// What the thread knows.
#[derive(Clone)]
pub(super) struct Watch {
    pub(super) layout: Layout,
    pub(super) port: Option<u16>,
    pub(super) seen: Arc<Seen>,
    pub(super) waker: Waker,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch")
            .field("layout", &self.layout)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

impl Watch {
    /// Nothing is supervised; why.
    pub(super) fn refuse(&self, why: String) {
        self.show(Role::Without { why }, None);
    }

    /// Until `end` is closed; then the sidecars that it owns are ended in order.
    pub(super) fn run(&self, end: &Receiver<()>) {
        // Whoever ended it on purpose does not want it back.
        let mut may_own = true;
        while let Ok(shut_down) = self.once(may_own, end) {
            may_own &= !shut_down;
        }
    }

    /// Owns or follows once, until that is over. True if it owned, and somebody ended that from outside.
    fn once(&self, may_own: bool, end: &Receiver<()>) -> Result<bool, End> {
        if may_own {
            match self.start() {
                Ok(owner) => return self.own(owner, end).map(|()| true),
                Err(Refused::Another) => {}
                Err(Refused::Broken(why)) => {
                    self.refuse(why);
                    return pause(end, AGAIN).map(|()| false);
                }
            }
        }
        match Client::find(&self.layout) {
            Ok(client) => self.follow(client, end)?,
            Err(error) if may_own => self.not_found(&error),
            Err(_) => {}
        }
        pause(end, GLANCE).map(|()| false)
    }

    fn start(&self) -> Result<Owner, Refused> {
        let options =
            options(self.layout.clone(), self.port).map_err(|error| Refused::Broken(format!("{error:#}")))?;
        Owner::start(options).map_err(|error| match error {
            StartError::NotOwned(NotOwned::Another { .. }) => Refused::Another,
            error => Refused::Broken(error.to_string()),
        })
    }

    fn own(&self, owner: Owner, end: &Receiver<()>) -> Result<(), End> {
        self.show(Role::Owner { port: owner.port() }, Some(owner.client()));
        while !owner.is_over() {
            if let Err(ended) = pause(end, GLANCE) {
                // Nobody asks it any more; the sidecars are given their grace.
                self.refuse(CLOSING.to_owned());
                drop(owner);
                return Err(ended);
            }
        }
        drop(owner);
        self.refuse(SHUT_DOWN.to_owned());
        Ok(())
    }

    /// Until the owner is another, or gone.
    fn follow(&self, client: Client, end: &Receiver<()>) -> Result<(), End> {
        let Ok(Some(owner)) = Endpoint::read(&self.layout) else { return Ok(()) };
        self.show(Role::Attached { pid: owner.pid, port: owner.port }, Some(client));
        let stays = || {
            let same = |now: &Endpoint| now.instance == owner.instance;
            matches!(Ownership::is_taken(&self.layout), Ok(true))
                && matches!(Endpoint::read(&self.layout), Ok(Some(now)) if same(&now))
        };
        while stays() {
            pause(end, GLANCE)?;
        }
        self.show(Role::Starting, None);
        Ok(())
    }

    /// Another owns the sidecars, and cannot be asked. It may only just begin, which is not worth a word.
    fn not_found(&self, error: &ClientError) {
        if let ClientError::NoAnswer(_) = error {
            self.refuse(error.to_string());
        }
    }

    fn show(&self, role: Role, client: Option<Client>) {
        tracing::debug!(?role, "supervision");
        if self.seen.set(role, client) {
            (self.waker)();
        }
    }
}

fn pause(end: &Receiver<()>, pause: Duration) -> Result<(), End> {
    match end.recv_timeout(pause) {
        Err(RecvTimeoutError::Timeout) => Ok(()),
        _ => Err(End),
    }
}

/// Why it does not own.
enum Refused {
    /// Another does.
    Another,
    /// It cannot; why.
    Broken(String),
}

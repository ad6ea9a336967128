//! The thread that owns the supervisor, or follows whoever does.
//!
//! Start at [`Watch::run`]. It alone waits: for locks, for the supervisor's answers, for sidecars that end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Error;
use crossbeam_channel::{Receiver, RecvTimeoutError};
use jarvis::client::{Client, ClientError};
use jarvis::endpoint::Endpoint;
use jarvis::layout::Layout;
use jarvis::lock::NotOwned;
use jarvis::owner::{Options, Owner, StartError};
use jarvis::takeover::{self, Succession};

use super::{Role, options};
use crate::sound::Waker;

/// How often it looks whether all is over.
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
        let mut next = Step::Own;
        // The owner that was followed last: who comes after it was not started by a human.
        let mut followed = None;
        while !matches!(next, Step::Leave) {
            next = match next {
                Step::Own => self.start(end, followed.as_deref()),
                Step::Attach => self.attach(end, &mut followed),
                Step::Owned(owner) => {
                    // Should it end by a fault of its own, the next one follows it.
                    followed = Some(String::new());
                    self.own(*owner, end)
                }
                Step::Await => self.await_another(end),
                Step::Leave => Step::Leave,
            };
        }
    }

    fn start(&self, end: &Receiver<()>, followed: Option<&str>) -> Step {
        if let Some(instance) = followed {
            return self.succeed(instance, end);
        }
        let started = self.options().and_then(|options| Ok(Owner::start(options)?));
        match started {
            Ok(owner) => Step::Owned(Box::new(owner)),
            Err(error) if is_another(&error) => Step::Attach,
            Err(error) => self.broken(&error, end),
        }
    }

    /// Nothing can be owned; tried again before long.
    fn broken(&self, error: &Error, end: &Receiver<()>) -> Step {
        self.refuse(format!("{error:#}"));
        pause(end, AGAIN, Step::Own)
    }

    fn own(&self, owner: Owner, end: &Receiver<()>) -> Step {
        self.show(Role::Owner { port: owner.port() }, Some(owner.client()));
        while !owner.is_over() {
            if let Step::Leave = pause(end, GLANCE, Step::Own) {
                // Nobody asks it any more; the sidecars are given their grace.
                self.refuse(CLOSING.to_owned());
                return Step::Leave;
            }
        }
        if takeover::was_asked_to_end(&self.layout) {
            return Step::Await;
        }
        // It ended by a fault of its own.
        drop(owner);
        self.refuse(
            "The supervisor ended unexpectedly, and is started again. The song is not touched.".to_owned(),
        );
        pause(end, AGAIN, Step::Own)
    }

    /// Follows the owner until there is another, or none: then this is the next.
    fn attach(&self, end: &Receiver<()>, followed: &mut Option<String>) -> Step {
        let owner = match (Client::find_as(&self.layout, "panel"), Endpoint::read(&self.layout)) {
            (Ok(client), Ok(Some(owner))) => {
                self.show(Role::Attached { pid: owner.pid, port: owner.port }, Some(client));
                owner
            }
            (found, _) => {
                // It may only just begin, or end, which is not worth a word.
                if let Err(error @ ClientError::NoAnswer(_)) = found {
                    self.refuse(error.to_string());
                }
                return pause(end, GLANCE, Step::Own);
            }
        };
        let instance = followed.insert(owner.instance);
        self.succeed(instance, end)
    }

    /// Waits until the owner of that instance is gone, and is the next, if that may be.
    fn succeed(&self, instance: &str, end: &Receiver<()>) -> Step {
        let succeeded = self.options().and_then(|options| Ok(takeover::succeed(options, instance, end)?));
        self.show(Role::Starting, None);
        match succeeded {
            Ok(Succession::Owner(owner)) => Step::Owned(owner),
            Ok(Succession::Another) => Step::Attach,
            Ok(Succession::Ended) => Step::Await,
            Ok(Succession::Left) => Step::Leave,
            Err(error) => self.broken(&error, end),
        }
    }

    /// A human ended the supervision: it comes back only by another's hand.
    fn await_another(&self, end: &Receiver<()>) -> Step {
        self.refuse(SHUT_DOWN.to_owned());
        if takeover::appears(&self.layout, end) { Step::Attach } else { Step::Leave }
    }

    fn options(&self) -> Result<Options, Error> {
        options(self.layout.clone(), self.port)
    }

    fn show(&self, role: Role, client: Option<Client>) {
        tracing::debug!(?role, "supervision");
        if self.seen.set(role, client) {
            (self.waker)();
        }
    }
}

/// What comes next.
enum Step {
    Own,
    Owned(Box<Owner>),
    Attach,
    Await,
    Leave,
}

fn is_another(error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(StartError::NotOwned(NotOwned::Another { .. })))
}

/// Waits for so long, then comes `next`; unless it shall end.
fn pause(end: &Receiver<()>, pause: Duration, next: Step) -> Step {
    match end.recv_timeout(pause) {
        Err(RecvTimeoutError::Timeout) => next,
        _ => Step::Leave,
    }
}

//! What the operator is shown of the supervisor, and what they ask of it. The window never waits for either.
//!
//! Start at [`Operator`]. A thread of its own listens to the supervisor's news and puts them together as [`Seen`], of which
//! the window reads the newest; another asks what takes time (reports, the trail, logs from the disk), a third feels whether
//! an owner in another program is alive, a fourth does what a person wished, so that no answer keeps another waiting.

mod engine;
pub mod happening;
mod listen;
mod local;
pub mod log;
mod process;
mod questions;
mod rules;
mod seen;
pub mod table;
mod worker;

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};
use jarvis::event::Action;
use jarvis::layout::Layout;

pub use engine::Engine;
pub use happening::{Budget, Happening, Tone};
pub use log::Line;
pub use seen::{Attempt, Reports, Rule, Seen, Summary, Verified};
use worker::Ask;

use super::Studio;
use super::notice::Gravity;
use crate::sound::Waker;
use crate::supervision::{Role, Supervision};

/// What the panel asks of the supervisor in a human's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Do something to a service.
    Act {
        /// Which.
        service: String,
        /// What.
        action: Action,
    },
    /// One may act without being asked, or may not.
    Autonomy(bool),
    /// An alert was seen.
    Acknowledge(u64),
    /// Go over the audit trail.
    Verify,
}

/// Something to be told: it could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) detail: String,
}

/// The window's end of it.
pub struct Operator {
    asks: Sender<Ask>,
    // Taken when the worker starts.
    inbox: Option<Receiver<Ask>>,
    seen: Option<triple_buffer::Output<Arc<Seen>>>,
    newest: Arc<Seen>,
    told: (Sender<Told>, Receiver<Told>),
    known: Option<(Role, bool)>,
    watched: bool,
    waker: Waker,
    layout: Layout,
    // Tests show what they made: whoever supervises is left out.
    by_hand: bool,
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operator")
            .field("known", &self.known)
            .field("watched", &self.watched)
            .finish_non_exhaustive()
    }
}

impl Operator {
    /// One that knows nothing yet; its threads start with the first supervisor.
    pub(super) fn new(data_folder: &std::path::Path, waker: Waker) -> Self {
        let (asks, inbox) = unbounded();
        Self {
            asks,
            inbox: Some(inbox),
            seen: None,
            newest: Arc::default(),
            told: unbounded(),
            known: None,
            watched: false,
            waker,
            layout: Layout::within(data_folder),
            by_hand: false,
        }
    }

    /// The newest that is known.
    #[must_use]
    pub fn seen(&self) -> &Arc<Seen> {
        &self.newest
    }

    /// The calendar now; for what a test has made, when it was made.
    #[must_use]
    pub fn now(&self) -> jarvis::clock::Wall {
        if self.by_hand { self.newest.at } else { questions::wall() }
    }

    /// Whether a window shows the panel. From now on it is told what changes, several times a second if need be.
    fn watch(&mut self, watched: bool) {
        if self.watched != watched {
            self.watched = watched;
            self.ask(Ask::Watch(watched));
        }
    }

    /// Does it, on another thread.
    fn wish(&self, wish: Wish) {
        self.ask(Ask::Wish(wish));
    }

    fn ask(&self, ask: Ask) {
        // Nobody listens where the system gave no thread; that was told.
        _ = self.asks.send(ask);
    }

    /// Takes in what is new. Returns what there is to tell.
    fn poll(&mut self, supervision: &Supervision) -> Vec<Told> {
        if !self.by_hand {
            self.follow(supervision);
            if let Some(seen) = &mut self.seen
                && seen.update()
            {
                self.newest = Arc::clone(seen.output_buffer());
            }
        }
        self.told.1.try_iter().collect()
    }

    /// Tells the worker when this program has become something else to the supervisor.
    fn follow(&mut self, supervision: &Supervision) {
        let role = supervision.role();
        let client = supervision.client();
        let now = (role, client.is_some());
        if self.known.as_ref() == Some(&now) {
            return;
        }
        // Before anybody supervises there is nothing to listen to.
        if let Some(inbox) = self.inbox.take_if(|_| client.is_some() || now.0 != Role::Starting) {
            self.start(inbox);
        }
        self.ask(Ask::Role(now.0.clone(), client));
        self.known = Some(now);
    }

    fn start(&mut self, inbox: Receiver<Ask>) {
        let (input, output) = triple_buffer::triple_buffer(&self.newest);
        self.seen = Some(output);
        let worker = worker::Parts {
            inbox,
            asks: self.asks.clone(),
            seen: input,
            told: self.told.0.clone(),
            waker: Arc::clone(&self.waker),
            layout: self.layout.clone(),
        };
        if let Err(error) = worker::start(worker) {
            let detail =
                format!("{error}\nThe studio and its songs are safe. Close other programs and start again.");
            _ = self.told.0.send(Told { title: "The JARVIS panel cannot follow".to_owned(), detail });
        }
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        self.ask(Ask::End);
    }
}

impl Studio {
    /// What the operator is shown of the supervisor.
    #[must_use]
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// Shows the operator what a test has made: from now on nothing else.
    #[doc(hidden)]
    pub fn show_operator(&mut self, seen: Seen) {
        self.operator.by_hand = true;
        self.operator.newest = Arc::new(seen);
    }

    /// The panel is in sight in one of these windows, or in none. Once a frame.
    pub fn watch_supervisor<'a>(&mut self, mut views: impl Iterator<Item = &'a super::view::View>) {
        self.operator.watch(views.any(|view| view.tab == super::view::Tab::Jarvis));
    }

    /// Asks something of the supervisor.
    pub(super) fn ask_supervisor(&self, wish: Wish) {
        self.operator.wish(wish);
    }

    pub(super) fn take_supervision(&mut self) {
        for told in self.operator.poll(&self.supervision) {
            self.notices.tell(Gravity::Failed, told.title, told.detail);
        }
    }
}

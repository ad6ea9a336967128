//! The thread that waits for the supervisor, so that the bridge need not.
//!
//! Start at `Courier::start`. It carries one parcel at a time. A supervisor that hangs holds it up and nothing else; at the
//! end of the program nobody waits for it.

use crossbeam_channel::{Receiver, Sender, bounded};
use jarvis::client::{Client, ClientError};
use jarvis::gauge::Gauge;
use jarvis::usage::{Told, Usage};

/// Who is told.
pub trait Supervisor {
    /// These were measured.
    ///
    /// # Errors
    /// Why they did not arrive.
    fn gauges(&self, gauges: Vec<Gauge>) -> Result<(), ClientError>;

    /// These were used. What is neither kept nor refused then is told again.
    ///
    /// # Errors
    /// Why they did not arrive.
    fn usage(&self, used: Vec<Usage>) -> Result<Told, ClientError>;
}

impl Supervisor for Client {
    fn gauges(&self, gauges: Vec<Gauge>) -> Result<(), ClientError> {
        Client::gauges(self, gauges)
    }

    fn usage(&self, used: Vec<Usage>) -> Result<Told, ClientError> {
        Client::usage(self, used)
    }
}

/// Whom to tell now; none: there is no supervisor.
pub type Line = Box<dyn Fn() -> Option<Box<dyn Supervisor>> + Send>;

/// What is on its way.
#[derive(Debug, Default)]
pub(crate) struct Parcel {
    pub(crate) gauges: Vec<Gauge>,
    pub(crate) usage: Vec<Usage>,
}

/// What became of it.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// False: nobody was told of the gauges.
    pub(crate) gauged: bool,
    /// The ids that need not be told again; none: it was told of no usage.
    pub(crate) kept: Option<Vec<String>>,
    /// Why something did not arrive; none as well if there is no supervisor.
    pub(crate) failed: Option<String>,
}

/// The bridge's hold of it.
#[derive(Debug)]
pub(crate) struct Courier {
    parcels: Sender<Parcel>,
    answers: Receiver<Answer>,
    away: bool,
}

impl Courier {
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(line: Line) -> std::io::Result<Self> {
        let (parcels, inbox) = bounded::<Parcel>(1);
        let (outbox, answers) = bounded(1);
        std::thread::Builder::new().name("bridge courier".to_owned()).spawn(move || {
            for parcel in inbox {
                if outbox.send(carry(&line, parcel)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { parcels, answers, away: false })
    }

    pub(crate) fn is_away(&self) -> bool {
        self.away
    }

    /// Sends it off. Does not wait: it must be there.
    pub(crate) fn send(&mut self, parcel: Parcel) {
        self.away = self.parcels.try_send(parcel).is_ok();
    }

    /// What it came back with.
    pub(crate) fn back(&mut self) -> Option<Answer> {
        let answer = self.answers.try_recv().ok()?;
        self.away = false;
        Some(answer)
    }
}

fn carry(line: &Line, parcel: Parcel) -> Answer {
    let Some(supervisor) = line() else { return Answer::default() };
    let mut answer = Answer { gauged: true, ..Answer::default() };
    // What must not be lost goes first.
    if !parcel.usage.is_empty() {
        match supervisor.usage(parcel.usage) {
            Ok(told) => answer.kept = Some(settled(told)),
            Err(error) => return Answer { failed: Some(error.to_string()), ..Answer::default() },
        }
    }
    if !parcel.gauges.is_empty()
        && let Err(error) = supervisor.gauges(parcel.gauges)
    {
        (answer.gauged, answer.failed) = (false, Some(error.to_string()));
    }
    answer
}

/// What need not be told again: what is kept, and what never will be.
fn settled(told: Told) -> Vec<String> {
    let mut ids = told.kept;
    for refused in told.refused {
        tracing::warn!(
            id = refused.id,
            why = refused.why,
            "the supervisor refuses a use: it is not told again"
        );
        ids.push(refused.id);
    }
    ids
}

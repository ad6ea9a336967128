//! The audio side: what comes in goes into the rings, with a line in the log whenever the song does not go on as it
//! was.
//!
//! Start at [`Listener::hear`]. Real-time safe but for [`listener`].

use std::sync::Arc;

use rtrb::{Consumer, Producer, RingBuffer};

use super::ring::{Bank, Clock};
use super::turns::{Place, Turn};

/// What is heard of the hardware inputs.
#[derive(Debug)]
pub(crate) struct Listener {
    bank: Box<Bank>,
    clock: Arc<Clock>,
    log: Producer<Turn>,
    // Frames heard.
    at: u64,
    // The newest line that was due.
    last: Option<(u64, Place)>,
    lost_since: Option<u64>,
}

/// The control side's ends.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(super) clock: Arc<Clock>,
    pub(super) log: Consumer<Turn>,
}

/// Both sides, listening to nothing yet, with room for so many lines. Not real-time safe.
pub(crate) fn listener(lines: usize) -> (Listener, Heard) {
    let clock = Arc::new(Clock::default());
    let (log, lines) = RingBuffer::new(lines);
    let heard = Heard { clock: Arc::clone(&clock), log: lines };
    (Listener { bank: Box::default(), clock, log, at: 0, last: None, lost_since: None }, heard)
}

impl Listener {
    /// Writes other rings from here on; gives back the former, to be freed elsewhere.
    pub(crate) fn listen(&mut self, bank: Box<Bank>) -> Box<Bank> {
        bank.join(self.at);
        std::mem::replace(&mut self.bank, bank)
    }

    /// Takes `input` (planar hardware channels), frames `from..from + frames` of it, during which the song goes on from
    /// `place`. The transport does not turn within.
    pub(crate) fn hear(&mut self, place: Place, input: &[&[f32]], from: usize, frames: usize) {
        // What it should be doing is compared with what it does: no turn can be forgotten, whoever makes it.
        let expected = self.last.map(|(frame, place)| place.after(self.at - frame));
        if expected != Some(place) || self.lost_since.is_some() {
            self.note(place);
        }
        let until = self.at + frames as u64;
        self.clock.begin(until);
        self.bank.write(self.at, input, from, frames);
        self.clock.publish(until);
        self.at = until;
    }

    fn note(&mut self, place: Place) {
        self.last = Some((self.at, place));
        let turn = Turn { frame: self.at, place, lost_since: self.lost_since };
        match self.log.push(turn) {
            Ok(()) => self.lost_since = None,
            Err(_) => self.lost_since = self.lost_since.or(Some(self.at)),
        }
    }
}

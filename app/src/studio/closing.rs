//! Closing the window: asked when something is under way, brought to its end, and never held up for ever.
//!
//! Start at [`Studio::ask_to_close`].

use std::time::{Duration, Instant};

use super::Studio;
use super::action::CloseAnswer;
use crate::sound::SoundCommand;

/// After this a person may close without waiting any longer: a disk or a device may hang.
const SLOW: Duration = Duration::from_secs(8);

/// How long the song and hidden jobs have once the window is gone.
const LONGEST_END: Duration = Duration::from_secs(8);
/// How long they have when a person would not wait.
const QUICK_END: Duration = Duration::from_millis(500);

/// How far closing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// The person is asked, since a recording or a job is under way.
    Asking,
    /// What is under way is being brought to its end, since then.
    Finishing(Instant),
    /// The window may close.
    Done,
    /// It may, and nothing is waited for any longer.
    GivenUp,
}

impl Closing {
    /// What is under way is being brought to its end.
    #[must_use]
    pub fn finishes(self) -> bool {
        matches!(self, Self::Finishing(_))
    }

    /// The window may close.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::GivenUp)
    }

    /// It takes so long that something may hang.
    #[must_use]
    pub fn is_slow(self) -> bool {
        matches!(self, Self::Finishing(since) if since.elapsed() > SLOW)
    }

    fn begins() -> Self {
        Self::Finishing(Instant::now())
    }
}

impl Studio {
    /// How far closing is.
    #[must_use]
    pub fn closing(&self) -> Option<Closing> {
        self.closing
    }

    /// Closes the window now, or asks if something is under way.
    pub fn ask_to_close(&mut self) {
        // Asked once more it is no faster.
        if self.closing.is_some_and(Closing::finishes) {
            return;
        }
        let busy = self.readout.recording.is_some() || self.jobs.missed().next().is_some();
        self.closing = Some(if busy {
            Closing::Asking
        } else if self.readout.writing {
            // Captures that nobody sees: they end with the song.
            self.sound.send(SoundCommand::Stop);
            Closing::begins()
        } else if self.supervision.holds_up_closing() {
            // Sidecars are stopped in order, while the window goes on to draw.
            self.supervision.end();
            Closing::begins()
        } else {
            Closing::Done
        });
    }

    pub(super) fn answer_close(&mut self, answer: CloseAnswer) {
        self.closing = match answer {
            CloseAnswer::Stay => {
                self.supervision.go_on();
                None
            }
            CloseAnswer::WaitAndClose => {
                self.sound.send(SoundCommand::Stop);
                Some(Closing::begins())
            }
            CloseAnswer::StopAndClose => {
                self.sound.send(SoundCommand::Stop);
                self.cancel_jobs();
                Some(Closing::begins())
            }
            CloseAnswer::CloseAnyway => {
                self.cancel_jobs();
                Some(Closing::GivenUp)
            }
        };
    }

    /// Ends it well, once the window is gone: the song is closed with a snapshot, hidden jobs are waited for. Gives up
    /// after a few seconds, or at once if a person would not wait: every committed step is safe even then.
    pub fn shut_down(&mut self) {
        let hurried = self.closing == Some(Closing::GivenUp);
        self.leave_song();
        if hurried {
            // What is left of the sidecars ends with this program.
            self.supervision.end();
        } else {
            self.supervision.end_now();
        }
        let (start, longest) = (Instant::now(), if hurried { QUICK_END } else { LONGEST_END });
        while self.jobs.at_work() && start.elapsed() < longest {
            self.jobs.take();
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn cancel_jobs(&self) {
        for job in self.jobs.running() {
            job.progress.cancel();
        }
    }

    pub(super) fn follow_closing(&mut self) {
        if self.closing.is_some_and(Closing::finishes)
            && !self.readout.writing
            && self.jobs.missed().next().is_none()
            && self.supervision.end()
        {
            self.closing = Some(Closing::Done);
        }
    }
}

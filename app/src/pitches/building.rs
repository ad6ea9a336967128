//! Finding the pitch in a file's audio: a job, in which it may take minutes, at low priority.
//!
//! Start at [`Build::run`].

use std::sync::Arc;

use dawg_media::{MediaError, Progress, pitch, source};
use dawg_session::MediaId;
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

use super::worker::{Answer, Answers, Files};
use crate::jobs::Outcome;

/// Of 0 to 99, of which 50 is usual: what is played, recorded and drawn goes first.
const PRIORITY: u8 = 25;

/// A curve that is to be found.
#[derive(Debug)]
pub struct Build {
    files: Arc<Files>,
    answers: Answers,
}

impl Build {
    pub(super) fn of(files: Arc<Files>, answers: Answers) -> Self {
        Self { files, answers }
    }

    /// Whose.
    #[must_use]
    pub fn media(&self) -> MediaId {
        self.files.media
    }

    /// As the list of jobs calls it.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Pitch of {}", self.files.name)
    }

    /// Finds it, hands it on, and keeps it on the disk if that is allowed and has room.
    #[must_use]
    pub fn run(self, progress: &Progress) -> Outcome {
        if let Ok(value) = ThreadPriorityValue::try_from(PRIORITY)
            && let Err(error) = set_current_thread_priority(ThreadPriority::Crossplatform(value))
        {
            tracing::debug!(?error, "pitch is found at usual priority");
        }
        match self.find(progress) {
            Ok(()) => Outcome::Nothing,
            Err(MediaError::Cancelled) => Outcome::Cancelled,
            Err(error) => {
                let (files, why) = (self.files, error.to_string());
                self.answers.send(Answer::Unreadable { files, why });
                Outcome::Nothing
            }
        }
    }

    fn find(&self, progress: &Progress) -> Result<(), MediaError> {
        let Self { files, answers } = self;
        let mut source = source::open(&files.audio)?;
        let curve = pitch::follow(source.as_mut(), &files.audio, progress)?;
        progress.check()?;
        // The work of minutes is shown whether the disk takes it or not.
        if files.writable
            && let Err(error) = pitch::write(&curve, source.frames(), &files.pitch)
        {
            answers.send(Answer::Unkept { song: files.song, why: error.to_string() });
        }
        answers.found(files, curve);
        Ok(())
    }
}

//! After a crash: captures that were running become takes, as long as their files are.
//!
//! Start at [`recover`].

use std::path::Path;

use dawg_media::{MediaError, capture};
use dawg_session::{CaptureId, CaptureRow, Edit, Onward, Segment, Session, apply_all};

use super::take;

/// Turns of a loop that may have come after the log was written last: seconds of the shortest loop.
const MOST_TURNS: usize = 1_000;

/// What is to be done about unfinished captures.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Edits that put the takes into the song; one transaction.
    pub edits: Vec<Edit>,
    /// Captures that are finished with that transaction.
    pub finished: Vec<CaptureId>,
    /// Of these, the ones into which nobody had punched: once they are finished, [`remove`](super::remove) them.
    pub unwanted: Vec<CaptureRow>,
    /// What to tell the user.
    pub notices: Vec<String>,
}

/// Mends the files of `unfinished` captures in `audio_folder` and says what belongs into the song. A capture
/// whose file cannot be read now stays unfinished and is tried again at the next opening.
#[must_use]
pub fn recover(session: &Session, audio_folder: &Path, unfinished: Vec<CaptureRow>) -> Recovered {
    let mut recovered = Recovered::default();
    let mut session = session.clone();
    for mut row in unfinished {
        let known = row.frames;
        match capture::recover(&audio_folder.join(&row.file)) {
            Ok(frames) => row.frames = frames as i64,
            Err(MediaError::Missing { .. }) => row.frames = 0, // killed between the row and the file
            Err(error) => {
                recovered
                    .notices
                    .push(format!("a recording that was interrupted could not be read: {error}"));
                continue;
            }
        }
        go_on(&mut row);
        if session.media.contains_key(&row.media) {
            recovered.finished.push(row.id);
            continue;
        }
        // Nobody punched in as far as the log goes, and the file goes hardly further.
        let unpunched = row.log.punches.as_ref().is_some_and(Vec::is_empty);
        if unpunched && row.frames <= known.saturating_add(i64::from(row.rate)) {
            recovered.finished.push(row.id);
            recovered.unwanted.push(row);
            continue;
        }
        recovered.place(&mut session, &row);
    }
    recovered
}

impl Recovered {
    /// Puts the takes of `row` into `session`, or says why not.
    fn place(&mut self, session: &mut Session, row: &CaptureRow) {
        let seconds = row.frames as f64 / f64::from(row.rate.max(1));
        match take::edits(session, row) {
            Ok(takes) if !takes.clips.is_empty() => {
                let kept = match takes.lanes.len() {
                    1 => "the take is".to_owned(),
                    passes => format!("its {passes} takes are"),
                };
                self.notices.push(format!(
                    "a recording on “{}” was interrupted; {kept} kept ({seconds:.2} s)",
                    row.name
                ));
                // Two recordings on one track follow one another. If this is refused, so is the transaction, and told.
                if let Ok(applied) = apply_all(session, &takes.edits) {
                    *session = applied.session;
                }
                self.edits.extend(takes.edits);
                self.finished.push(row.id);
            }
            // Without a line in the log the song had not begun to roll (the first line is committed at once): what
            // the file holds is count-in.
            Ok(_) => {
                if row.frames > 0 {
                    self.notices.push(format!(
                        "a recording on “{}” was interrupted before its take began; what came in until then \
                         ({seconds:.2} s) stays in audio/{}",
                        row.name, row.file
                    ));
                }
                self.finished.push(row.id);
            }
            // Not finished: it is tried again, and told again, at the next opening.
            Err(error) => self.notices.push(format!(
                "an interrupted recording on “{}” cannot be placed ({error}); it stays in audio/{}",
                row.name, row.file
            )),
        }
    }
}

/// The log may be up to 250 ms older than the file: the song went on as it was, round its loop if it had one.
fn go_on(row: &mut CaptureRow) {
    let Some(mut last) = row.log.segments.pop() else { return };
    let left = |segment: &Segment| row.frames.saturating_sub(segment.capture_frame);
    match row.log.onward {
        Onward::Stopped => {}
        Onward::Looping(start, end) if start < end && last.song_position < end => {
            for _ in 0..MOST_TURNS {
                let pass = end.saturating_sub(last.song_position);
                if left(&last) <= pass {
                    break;
                }
                row.log.segments.push(Segment { length: pass, ..last });
                let capture_frame = last.capture_frame.saturating_add(pass);
                last = Segment { capture_frame, song_position: start, length: 0 };
            }
            last.length = last.length.max(left(&last).min(end.saturating_sub(last.song_position)));
        }
        _ => last.length = last.length.max(left(&last)),
    }
    row.log.segments.push(last);
}

#[cfg(test)]
#[path = "recover_tests.rs"]
mod tests;

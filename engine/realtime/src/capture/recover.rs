//! After a crash: captures that were running become takes, as long as their files are.
//!
//! Start at [`recover`].

use std::path::Path;

use dawg_media::{MediaError, capture};
use dawg_session::{CaptureId, CaptureRow, Edit, Session};

use super::take;

/// What is to be done about unfinished captures.
#[derive(Debug, Default)]
pub struct Recovered {
    /// Edits that put the takes into the song; one transaction.
    pub edits: Vec<Edit>,
    /// Captures that are finished with that transaction.
    pub finished: Vec<CaptureId>,
    /// What to tell the user.
    pub notices: Vec<String>,
}

/// Mends the files of `unfinished` captures in `audio_folder` and says what belongs into the song. A capture
/// whose file cannot be read now stays unfinished and is tried again at the next opening.
#[must_use]
pub fn recover(session: &Session, audio_folder: &Path, unfinished: Vec<CaptureRow>) -> Recovered {
    let mut recovered = Recovered::default();
    for mut row in unfinished {
        let seconds = |row: &CaptureRow| row.frames as f64 / f64::from(row.rate.max(1));
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
        // The log may be up to 250 ms older than the file: the song went on as it was.
        if let Some(last) = row.segments.last_mut() {
            last.length = last.length.max(row.frames - last.capture_frame);
        }
        if session.media.contains_key(&row.media) {
            recovered.finished.push(row.id);
            continue;
        }
        match take::edits(session, &row) {
            Ok((edits, clips)) if !clips.is_empty() => {
                recovered.edits.extend(edits);
                recovered.notices.push(format!(
                    "a recording on “{}” was interrupted; the take is kept ({:.2} s)",
                    row.name,
                    seconds(&row)
                ));
                recovered.finished.push(row.id);
            }
            // Without a line in the log the song had not begun to roll (the first line is committed at once): what
            // the file holds is count-in.
            Ok(_) => {
                if row.frames > 0 {
                    recovered.notices.push(format!(
                        "a recording on “{}” was interrupted before the song rolled; what came in until then ({:.2} s) \
                         stays in audio/{}",
                        row.name,
                        seconds(&row),
                        row.file
                    ));
                }
                recovered.finished.push(row.id);
            }
            // Not finished: it is tried again, and told again, at the next opening.
            Err(error) => recovered.notices.push(format!(
                "an interrupted recording on “{}” cannot be placed ({error}); it stays in audio/{}",
                row.name, row.file
            )),
        }
    }
    recovered
}

//! Takes of what was recorded, in the song.
//!
//! Start at [`land`].

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use dawg_engine::capture::{Recorded, RecordedTrack, take};
use dawg_session::{Edit, Media, Session, apply_all};

use crate::cli::output::note;
use crate::intake::note_hashes;
use crate::song::OpenSong;

/// Makes takes of what was recorded, all tracks in one step of history. Returns the tracks that have new takes.
pub(super) fn land(song: &mut OpenSong, recorded: Recorded) -> Result<Vec<RecordedTrack>> {
    let ids = recorded.ids();
    if recorded.tracks.is_empty() {
        bail!(
            "the capture writer failed; the next command that changes the song makes a take of what is in its audio \
             folder"
        );
    }
    let (landed, empty, edits) = placed(song.session(), recorded)?;
    if edits.is_empty() {
        song.store().finish_captures(ids, None).wait()?;
        let error = empty.into_iter().find_map(|track| track.error);
        bail!(
            error.unwrap_or_else(
                || "stopped before anything was recorded; the song has no new take".to_owned()
            )
        );
    }
    for error in empty.into_iter().filter_map(|track| track.error) {
        note(&error);
    }
    let names: Vec<String> = landed.iter().map(|track| format!("“{}”", track.row.name)).collect();
    let files: Vec<String> = landed.iter().map(|track| format!("audio/{}", track.row.file)).collect();
    song.commit_captured(&format!("Record {}", names.join(", ")), edits, ids).with_context(|| {
        format!("the take is safe in {} and comes into the song when it is opened next", files.join(", "))
    })?;
    note_hashes_of(song, &landed);
    Ok(landed)
}

/// The tracks that have something to be placed, those that have not, and the Edits that place it.
fn placed(
    session: &Arc<Session>,
    recorded: Recorded,
) -> Result<(Vec<RecordedTrack>, Vec<RecordedTrack>, Vec<Edit>)> {
    let (mut landed, mut empty, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let mut session = Session::clone(session);
    for track in recorded.tracks {
        // Each into the song as the ones before have left it.
        let edits = take::edits(&session, &track.row)?.edits;
        if edits.is_empty() {
            empty.push(track);
            continue;
        }
        session = apply_all(&session, &edits)?.session;
        all.extend(edits);
        landed.push(track);
    }
    Ok((landed, empty, all))
}

fn note_hashes_of(song: &mut OpenSong, landed: &[RecordedTrack]) {
    // A file whose header is mended at the next opening has another hash then.
    let closed = landed.iter().filter(|track| track.closed);
    let media: Vec<Arc<Media>> =
        closed.filter_map(|track| song.session().media.get(&track.row.media).cloned()).collect();
    if let Err(error) = note_hashes(song, media.iter().map(AsRef::as_ref)) {
        note(&format!("the take is in the song, but its hash could not be noted ({error:#})"));
    }
}

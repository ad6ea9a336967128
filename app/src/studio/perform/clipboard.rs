//! Cut, copy and paste of clips. The clipboard belongs to the open song: clips are windows into its files.

use std::sync::Arc;

use dawg_session::{Clip, ClipId, Edit, Position, TrackId};

use super::super::Studio;
use super::super::notice::Gravity;
use super::super::view::View;
use super::clips::labelled;

/// Clips that were copied.
#[derive(Debug, Clone, Default)]
pub(in crate::studio) struct Clipboard {
    /// Each with its track, and how far it lies behind the first, in frames.
    clips: Vec<(TrackId, i64, Arc<Clip>)>,
}

impl Studio {
    pub(super) fn cut_clips(&mut self, view: &mut View) {
        if self.copy_clips(view) {
            self.delete_clips(view);
        }
    }

    /// Returns whether there was something to copy.
    pub(super) fn copy_clips(&mut self, view: &View) -> bool {
        let Some(clips) = self.some_clips(view) else { return false };
        let Some(session) = self.session() else { return false };
        let start = |clip: &Clip| clip.span(&session.tempo_map, session.sample_rate).0;
        let first = clips.iter().map(|(_, clip)| start(clip)).min().unwrap_or(0);
        let clips = clips.into_iter().filter_map(|(_, clip)| {
            let (track, _, _) = session.clip(clip.id)?;
            Some((track.id, start(&clip) - first, clip))
        });
        self.clipboard = Clipboard { clips: clips.collect() };
        true
    }

    /// The first lands on the playhead, the others as far behind it as they were; each on its own track, or all as
    /// many tracks further down as the selected track lies below the topmost of theirs.
    pub(super) fn paste_clips(&mut self, view: &mut View) {
        let Some(session) = self.session() else { return };
        let row = |id: TrackId| session.tracks.iter().position(|track| track.id == id);
        let top = self.clipboard.clips.iter().filter_map(|(track, ..)| row(*track)).min();
        let down = match (top, view.selection.track.and_then(row)) {
            (Some(top), Some(selected)) => selected as i64 - top as i64,
            _ => 0,
        };
        let at = self.readout.playhead.position;
        let (mut edits, mut ids, mut pasted) = (Vec::new(), Vec::new(), Vec::new());
        for (track, behind, clip) in &self.clipboard.clips {
            if !session.media.contains_key(&clip.media) {
                continue;
            }
            let Some(row) = row(*track) else { continue };
            let target = usize::try_from(row as i64 + down).ok().and_then(|row| session.tracks.get(row));
            let Some(lane) = target.and_then(|track| track.playing()) else { continue };
            let copy =
                Clip { id: ClipId::fresh(), start: Position::Samples(at + behind), ..Clip::clone(clip) };
            ids.push(copy.id);
            pasted.push((lane.id, Arc::clone(clip)));
            edits.push(Edit::AddClip { lane: lane.id, clip: copy, at: None });
        }
        if edits.is_empty() {
            return self.notices.tell(
                Gravity::Told,
                "Nothing to paste here",
                "Copy clips of this song first, and select a track with room below it for them.",
            );
        }
        if self.edit(&labelled("Paste", &pasted), edits) {
            view.selection.clips = ids.into_iter().collect();
        }
    }
}

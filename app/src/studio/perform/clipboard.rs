//! Cut, copy and paste of clips. The clipboard belongs to the open song: clips are windows into its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use dawg_session::{Clip, ClipId, Edit, LaneId, Position, Session, TrackId, comp};

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
        let (mut pasted, mut onto) = (Vec::new(), BTreeMap::<usize, Vec<Clip>>::new());
        for (track, behind, clip) in &self.clipboard.clips {
            if !session.media.contains_key(&clip.media) {
                continue;
            }
            let Some(target) = row(*track).and_then(|row| usize::try_from(row as i64 + down).ok()) else {
                continue;
            };
            if target < session.tracks.len() {
                let start = Position::Samples(at + behind);
                onto.entry(target).or_default().push(Clip {
                    id: ClipId::fresh(),
                    start,
                    ..Clip::clone(clip)
                });
                pasted.push((*track, Arc::clone(clip)));
            }
        }
        let ids: Vec<ClipId> = onto.values().flatten().map(|clip| clip.id).collect();
        let edits: Vec<Edit> =
            onto.into_iter().flat_map(|(target, clips)| landed(session, target, clips)).collect();
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

/// The Edits that put clips on the track in this row, so that they are heard.
fn landed(session: &Session, row: usize, clips: Vec<Clip>) -> Vec<Edit> {
    let Some((track, name)) = session.tracks.get(row).zip(clips.first().map(|clip| clip.name.clone())) else {
        return Vec::new();
    };
    comp::land(session, track, clips, name, LaneId::fresh())
}

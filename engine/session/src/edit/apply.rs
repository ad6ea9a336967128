//! Applying Edits: one kind at a time here, what each does in the files beside.

use std::mem::replace;

use super::draft::Draft;
use super::{Edit, EditError, RejectedEdit, Touched};
use crate::clip::Clip;
use crate::song::Session;

/// What came of one Edit.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// The song after it.
    pub session: Session,
    /// The Edit that takes it back.
    pub inverse: Edit,
    /// What it touched.
    pub touched: Touched,
}

/// What came of a transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct AppliedAll {
    /// The song after it.
    pub session: Session,
    /// The Edits that take it back, in the order in which to apply them.
    pub inverses: Vec<Edit>,
    /// What it touched.
    pub touched: Touched,
}

/// The song after one Edit. The song before shares with it whatever did not change.
///
/// # Errors
/// [`EditError`] when the Edit does not fit the song.
pub fn apply(session: &Session, edit: &Edit) -> Result<Applied, EditError> {
    let mut draft = Draft::new(session, 1);
    let inverse = draft.apply(edit)?;
    debug_check(&draft.session);
    Ok(Applied { session: draft.session, inverse, touched: draft.touched })
}

/// The song after a transaction: all its Edits in order, or none.
///
/// # Errors
/// [`RejectedEdit`] names the first Edit that does not fit.
pub fn apply_all(session: &Session, edits: &[Edit]) -> Result<AppliedAll, RejectedEdit> {
    let mut draft = Draft::new(session, edits.len());
    let mut inverses = Vec::with_capacity(edits.len());
    for (index, edit) in edits.iter().enumerate() {
        inverses.push(draft.apply(edit).map_err(|error| RejectedEdit { index, error })?);
    }
    inverses.reverse();
    debug_check(&draft.session);
    Ok(AppliedAll { session: draft.session, inverses, touched: draft.touched })
}

/// In debug builds, and while it costs little, every result is held against the invariants.
fn debug_check(session: &Session) {
    const SMALL: usize = 64;
    let is_small = || session.clips().take(SMALL).count() < SMALL && session.media.len() < SMALL;
    debug_assert!(!is_small() || session.check().is_ok(), "{:?}", session.check());
}

impl Draft {
    /// Checks an Edit, changes the song, and returns the inverse. Long because it names every kind once, so
    /// that the compiler misses one that is forgotten.
    pub(super) fn apply(&mut self, edit: &Edit) -> Result<Edit, EditError> {
        match edit.clone() {
            Edit::SetSongName { name } => {
                self.touched.about = true;
                Ok(Edit::SetSongName { name: replace(&mut self.session.name, name) })
            }
            Edit::SetSampleRate { sample_rate } => self.set_sample_rate(sample_rate),
            Edit::SetTempo { tempo } => self.set_tempo(tempo),
            Edit::SetMeter { meter } => self.set_meter(meter),
            Edit::SetKey { key } => self.set_key(key),
            Edit::SetDownbeat { at } => self.set_downbeat(at),
            Edit::SetLyrics { lyrics } => self.set_lyrics(lyrics),
            Edit::SetReferencePitch { a4_millihertz } => self.set_reference_pitch(a4_millihertz),
            Edit::SetLoop { range } => self.set_loop(range),
            Edit::SetPunch { punch } => self.set_punch(punch),
            Edit::SetMetronome { metronome } => self.set_metronome(metronome),
            Edit::SetMasterGain { gain } => {
                Ok(Edit::SetMasterGain { gain: replace(&mut self.master_mut().gain, gain) })
            }
            Edit::SetMasterPan { pan } => {
                Ok(Edit::SetMasterPan { pan: replace(&mut self.master_mut().pan, pan) })
            }
            Edit::SetMasterMute { mute } => {
                Ok(Edit::SetMasterMute { mute: replace(&mut self.master_mut().mute, mute) })
            }
            Edit::AddMedia { media } => self.add_media(media),
            Edit::RemoveMedia { media } => self.remove_media(media),
            Edit::RelinkMedia { media, file, hash } => self.relink_media(media, file, hash),
            Edit::SetMediaHash { media, hash } => self.set_media_hash(media, hash),
            Edit::AddTrack { track, at } => self.add_track(track, at),
            Edit::RemoveTrack { track } => self.remove_track(track),
            Edit::MoveTrack { track, to } => self.move_track(track, to),
            Edit::RenameTrack { track, name } => {
                Ok(Edit::RenameTrack { track, name: replace(&mut self.strip_mut(track)?.name, name) })
            }
            Edit::SetTrackColour { track, colour } => Ok(Edit::SetTrackColour {
                track,
                colour: replace(&mut self.strip_mut(track)?.colour, colour),
            }),
            Edit::SetTrackInput { track, input } => self.set_track_input(track, input),
            Edit::RestoreTrackInput { track, input } => self.restore_track_input(track, input),
            Edit::SetTrackLayout { track, layout } => self.set_track_layout(track, layout),
            Edit::SetTrackOutput { track, output } => {
                let before = replace(&mut self.contents_mut(track)?.output, output);
                Ok(Edit::SetTrackOutput { track, output: before })
            }
            Edit::SetTrackGain { track, gain } => {
                Ok(Edit::SetTrackGain { track, gain: replace(&mut self.strip_mut(track)?.gain, gain) })
            }
            Edit::SetTrackPan { track, pan } => {
                Ok(Edit::SetTrackPan { track, pan: replace(&mut self.strip_mut(track)?.pan, pan) })
            }
            Edit::SetTrackMute { track, mute } => {
                Ok(Edit::SetTrackMute { track, mute: replace(&mut self.strip_mut(track)?.mute, mute) })
            }
            Edit::SetTrackSolo { track, solo } => {
                Ok(Edit::SetTrackSolo { track, solo: replace(&mut self.strip_mut(track)?.solo, solo) })
            }
            Edit::SetTrackArm { track, arm } => self.set_track_arm(track, arm),
            Edit::SetTrackMonitor { track, monitor } => {
                let before = replace(&mut self.strip_mut(track)?.monitor, monitor);
                Ok(Edit::SetTrackMonitor { track, monitor: before })
            }
            Edit::AddLane { track, lane, at } => self.add_lane(track, lane, at),
            Edit::RemoveLane { lane } => self.remove_lane(lane),
            Edit::RenameLane { lane, name } => self.rename_lane(lane, name),
            Edit::MoveLane { lane, to } => self.move_lane(lane, to),
            Edit::SetLaneColour { lane, colour } => {
                let before = replace(&mut self.lane_look(lane)?.colour, colour);
                Ok(Edit::SetLaneColour { lane, colour: before })
            }
            Edit::SetLaneRating { lane, rating } => self.set_lane_rating(lane, rating),
            Edit::SetLaneHidden { lane, hidden } => {
                let before = replace(&mut self.lane_look(lane)?.hidden, hidden);
                Ok(Edit::SetLaneHidden { lane, hidden: before })
            }
            Edit::SetTrackShowsLanes { track, shows } => {
                let before = replace(&mut self.strip_mut(track)?.shows_lanes, shows);
                Ok(Edit::SetTrackShowsLanes { track, shows: before })
            }
            Edit::SetPlays { track, plays } => self.set_plays(track, plays),
            Edit::AddComp { track, comp, at } => self.add_comp(track, comp, at),
            Edit::RemoveComp { comp } => self.remove_comp(comp),
            Edit::RenameComp { comp, name } => self.rename_comp(comp, name),
            Edit::SpliceComp { comp, at, remove, insert } => self.splice_comp(comp, at, remove, insert),
            Edit::AddClip { lane, clip, at } => self.add_clip(lane, clip, at),
            Edit::RemoveClip { clip } => self.remove_clip(clip),
            Edit::MoveClip { clip, to, start, at } => self.move_clip(clip, to, start, at),
            Edit::TrimClip { clip, start, offset, length } => self.trim_clip(clip, start, offset, length),
            Edit::RestoreClip { clip } => {
                Ok(Edit::RestoreClip { clip: self.change_clip(clip.id, |_| clip)? })
            }
            Edit::SplitClip { clip, at, new } => self.split_clip(clip, at, new),
            Edit::JoinClips { clip, right, fade_in, fade_out } => {
                self.join_clips(clip, right, fade_in, fade_out)
            }
            Edit::SetClipGain { clip, gain } => {
                let before = self.change_clip(clip, |c| Clip { gain, ..c })?;
                Ok(Edit::SetClipGain { clip, gain: before.gain })
            }
            Edit::SetClipFades { clip, fade_in, fade_out } => {
                let before = self.change_clip(clip, |c| Clip { fade_in, fade_out, ..c })?;
                Ok(Edit::SetClipFades { clip, fade_in: before.fade_in, fade_out: before.fade_out })
            }
            Edit::RenameClip { clip, name } => {
                let before = self.change_clip(clip, |c| Clip { name, ..c })?;
                Ok(Edit::RenameClip { clip, name: before.name })
            }
            Edit::SetClipMute { clip, mute } => {
                let before = self.change_clip(clip, |c| Clip { mute, ..c })?;
                Ok(Edit::SetClipMute { clip, mute: before.mute })
            }
            Edit::SetClipChannels { clip, channels } => {
                let before = self.change_clip(clip, |c| Clip { channels, ..c })?;
                Ok(Edit::SetClipChannels { clip, channels: before.channels })
            }
        }
    }
}

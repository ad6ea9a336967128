//! What kind an Edit is: its name, and whether undo takes it back.

use super::Edit;

/// Whether undo takes an Edit back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undo {
    /// Undo takes it back.
    Undoable,
    /// It is journalled and survives closing, but undo passes it by: a loop range or a solo is no work to undo.
    JournalledOnly,
}

impl Edit {
    /// Whether undo takes it back.
    #[must_use]
    pub const fn undo_kind(&self) -> Undo {
        match self {
            Self::SetLoop { .. }
            | Self::SetPunch { .. }
            | Self::SetTrackSolo { .. }
            | Self::SetTrackArm { .. }
            | Self::SetTrackMonitor { .. }
            | Self::SetLaneHidden { .. }
            | Self::SetTrackShowsLanes { .. }
            | Self::SetMediaHash { .. } => Undo::JournalledOnly,
            _ => Undo::Undoable,
        }
    }

    /// The name of its kind, as `edit` says in JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SetSongName { .. } => "set_song_name",
            Self::SetSampleRate { .. } => "set_sample_rate",
            Self::SetTempo { .. } => "set_tempo",
            Self::SetMeter { .. } => "set_meter",
            Self::SetKey { .. } => "set_key",
            Self::SetDownbeat { .. } => "set_downbeat",
            Self::SetLyrics { .. } => "set_lyrics",
            Self::SetReferencePitch { .. } => "set_reference_pitch",
            Self::SetLoop { .. } => "set_loop",
            Self::SetPunch { .. } => "set_punch",
            Self::SetMetronome { .. } => "set_metronome",
            Self::SetMasterGain { .. } => "set_master_gain",
            Self::SetMasterPan { .. } => "set_master_pan",
            Self::SetMasterMute { .. } => "set_master_mute",
            Self::AddTrack { .. } => "add_track",
            Self::RemoveTrack { .. } => "remove_track",
            Self::MoveTrack { .. } => "move_track",
            Self::RenameTrack { .. } => "rename_track",
            Self::SetTrackColour { .. } => "set_track_colour",
            Self::SetTrackInput { .. } => "set_track_input",
            Self::RestoreTrackInput { .. } => "restore_track_input",
            Self::SetTrackLayout { .. } => "set_track_layout",
            Self::SetTrackOutput { .. } => "set_track_output",
            Self::SetTrackGain { .. } => "set_track_gain",
            Self::SetTrackPan { .. } => "set_track_pan",
            Self::SetTrackMute { .. } => "set_track_mute",
            Self::SetTrackSolo { .. } => "set_track_solo",
            Self::SetTrackArm { .. } => "set_track_arm",
            Self::SetTrackMonitor { .. } => "set_track_monitor",
            Self::AddLane { .. } => "add_lane",
            Self::RemoveLane { .. } => "remove_lane",
            Self::RenameLane { .. } => "rename_lane",
            Self::MoveLane { .. } => "move_lane",
            Self::SetLaneColour { .. } => "set_lane_colour",
            Self::SetLaneRating { .. } => "set_lane_rating",
            Self::SetLaneHidden { .. } => "set_lane_hidden",
            Self::SetTrackShowsLanes { .. } => "set_track_shows_lanes",
            Self::SetPlays { .. } => "set_plays",
            Self::AddComp { .. } => "add_comp",
            Self::RemoveComp { .. } => "remove_comp",
            Self::RenameComp { .. } => "rename_comp",
            Self::SpliceComp { .. } => "splice_comp",
            Self::AddMedia { .. } => "add_media",
            Self::RemoveMedia { .. } => "remove_media",
            Self::RelinkMedia { .. } => "relink_media",
            Self::SetMediaHash { .. } => "set_media_hash",
            Self::AddClip { .. } => "add_clip",
            Self::RemoveClip { .. } => "remove_clip",
            Self::MoveClip { .. } => "move_clip",
            Self::TrimClip { .. } => "trim_clip",
            Self::RestoreClip { .. } => "restore_clip",
            Self::SplitClip { .. } => "split_clip",
            Self::JoinClips { .. } => "join_clips",
            Self::SetClipGain { .. } => "set_clip_gain",
            Self::SetClipFades { .. } => "set_clip_fades",
            Self::RenameClip { .. } => "rename_clip",
            Self::SetClipMute { .. } => "set_clip_mute",
            Self::SetClipChannels { .. } => "set_clip_channels",
        }
    }
}

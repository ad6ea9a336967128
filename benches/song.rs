//! Songs of a given size, built from Edits as a person builds them.
//!
//! Start at [`Builder`]; [`mix`] and [`clips`] are the songs that the benches use.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dawg_session::store::AUDIO_FOLDER;
use dawg_session::{
    Clip, ClipChannels, ClipId, Colour, Comp, CompId, Edit, Fade, FadeShape, Gain, Input, Joint, Lane,
    LaneId, Layout, Media, MediaId, Monitor, Name, Output, Pan, Pick, Plays, Position, Samples, Session,
    SongId, Store, Tempo, Track, TrackId, apply_all,
};

use crate::tracks::{self, RATE};

/// Seconds of the songs that are exported.
pub const MIX_SECONDS: usize = 60;

/// The gain of track `index`, linear: that of the peers' mixes, 0.10 to 0.39.
#[must_use]
pub fn gain(index: usize) -> f32 {
    (10 + (index * 37) % 30) as f32 / 100.0
}

/// The balance of track `index`: that of the peers' mixes, −0.40 to +0.38.
#[must_use]
pub fn pan(index: usize) -> f32 {
    ((30 + (index * 61) % 40) as f32 - 50.0) / 50.0
}

/// A song under construction.
#[derive(Debug)]
pub struct Builder {
    /// The song so far.
    pub session: Session,
}

/// A track with its clips, as the Edits that add it.
#[derive(Debug)]
pub struct NewTrack {
    /// First the file, then the track, then the clips.
    pub edits: Vec<Edit>,
    /// Its lane.
    pub lane: LaneId,
}

impl Builder {
    /// An empty song at [`RATE`].
    #[must_use]
    pub fn new() -> Self {
        let name = Name::new("Bench").unwrap();
        Self { session: Session::new(SongId::fresh(), name, RATE, Tempo::DEFAULT) }
    }

    /// Applies Edits; they must be accepted.
    pub fn edit(&mut self, edits: &[Edit]) {
        self.session = apply_all(&self.session, edits).unwrap().session;
    }

    /// A stereo track, number `index`, on which the file `tNNN.wav` of `frames` frames is cut into `clips` clips
    /// of equal length, one after the other; with fades where there are several.
    #[must_use]
    pub fn track(index: usize, frames: usize, clips: usize) -> NewTrack {
        let name = Name::new(&format!("t{index:03}")).unwrap();
        let media = Media {
            id: MediaId::fresh(),
            file: format!("t{index:03}.wav"),
            name: name.clone(),
            sample_rate: RATE,
            channels: 2,
            frames: Samples(frames as i64),
            hash: None,
        };
        let lane = Lane::new(LaneId::fresh(), Name::new("Take 1").unwrap());
        let lane_id = lane.id;
        let length = frames / clips;
        let fade = Fade { length: Samples(if clips > 1 { 240 } else { 0 }), shape: FadeShape::EqualPower };
        let clips = (0..clips).map(|place| Clip {
            id: ClipId::fresh(),
            name: name.clone(),
            media: media.id,
            channels: ClipChannels::AsIs,
            start: Position::Samples((place * length) as i64),
            length: Samples(length as i64),
            offset: Samples((place * length) as i64),
            gain: Gain::UNITY,
            fade_in: fade,
            fade_out: fade,
            mute: false,
        });
        let clips: Vec<Edit> = clips.map(|clip| Edit::AddClip { lane: lane_id, clip, at: None }).collect();
        let track = Track {
            id: TrackId::fresh(),
            name,
            colour: Colour::PALETTE[0],
            layout: Layout::STEREO,
            input: Input::NONE,
            output: Output::Master,
            plays: Plays::Lane(lane_id),
            lanes: vec![Arc::new(lane)],
            comps: Vec::new(),
            shows_lanes: false,
            gain: Gain::new(gain(index)).unwrap(),
            pan: Pan::new(pan(index)).unwrap(),
            mute: false,
            solo: false,
            arm: false,
            monitor: Monitor::Off,
        };
        let mut edits = vec![Edit::AddMedia { media }, Edit::AddTrack { track, at: index }];
        edits.extend(clips);
        NewTrack { edits, lane: lane_id }
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

/// `tracks` stereo tracks with one clip each of `frames` frames, with the peers' gains and pans.
#[must_use]
pub fn mix(tracks: usize, frames: usize) -> Session {
    clips(tracks, frames, 1)
}

/// `tracks` stereo tracks of `frames` frames, each cut into `clips` clips.
#[must_use]
pub fn clips(tracks: usize, frames: usize, clips: usize) -> Session {
    let mut builder = Builder::new();
    for index in 0..tracks {
        builder.edit(&Builder::track(index, frames, clips).edits);
    }
    builder.session.check().unwrap();
    builder.session
}

/// One stereo track of `lanes` takes, each all of a file of `frames` frames, and a comp of `picks` parts that go from
/// take to take. As many files as there are lanes.
#[must_use]
pub fn takes(lanes: usize, frames: usize, picks: usize) -> Session {
    let mut builder = Builder::new();
    let mut all = Vec::new();
    for index in 0..lanes {
        let NewTrack { edits, .. } = Builder::track(index, frames, 1);
        let name = Name::new(&format!("Take {}", index + 1)).unwrap();
        let mut lane = Lane::new(LaneId::fresh(), name);
        for edit in edits {
            match edit {
                Edit::AddMedia { .. } => builder.edit(&[edit]),
                Edit::AddClip { clip, .. } => lane.clips.push(Arc::new(clip)),
                _ => {}
            }
        }
        all.push(lane);
    }
    let mut comp = Comp::new(CompId::fresh(), Name::new("Comp A").unwrap());
    let joint = Joint::usual(RATE, FadeShape::EqualPower);
    for part in 0..picks {
        let lane = &all[(part * 37) % lanes];
        let at = |part: usize| Samples((part * frames / picks) as i64);
        let (start, end) = (at(part), at(part + 1));
        comp.picks.push(Pick { start, end, lane: lane.id, name: lane.name.clone(), joint });
    }
    let plays = Plays::Comp(comp.id);
    let name = Name::new("Lead vocal").unwrap();
    let mut track = Track::with_lane(TrackId::fresh(), name, Layout::STEREO, all[0].clone());
    track.lanes = all.into_iter().map(Arc::new).collect();
    (track.comps, track.plays, track.shows_lanes) = (vec![Arc::new(comp)], plays, true);
    builder.edit(&[Edit::AddTrack { track, at: 0 }]);
    builder.session.check().unwrap();
    builder.session
}

/// Makes the song folder `folder` of `session`, anew, its audio being the files of `tracks_folder` (linked, not
/// copied).
pub fn store(folder: &Path, session: &Session, tracks_folder: &Path) -> PathBuf {
    if folder.exists() {
        std::fs::remove_dir_all(folder).unwrap();
    }
    Store::create(folder, session).unwrap().close().unwrap();
    let audio = folder.join(AUDIO_FOLDER);
    for index in 0..session.media.len() {
        std::fs::hard_link(tracks::path(tracks_folder, index), tracks::path(&audio, index)).unwrap();
    }
    audio
}

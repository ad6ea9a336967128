//! The torture song: everything that could make a difference between two ways of rendering, in eight seconds.
//!
//! Mono and stereo files in 16, 24 bits and float, clip edges at odd frames, overlaps, fades of both shapes, clip
//! gains, pan and balance, mute, a file with three channels, clips in bars, a comp. It grows with the product. Start at
//! [`make`]; [`Song`] builds other songs in the same way.

use std::path::{Path, PathBuf};

use dawg_media::wav::{SampleFormat, WavSpec, WavWriter};
use dawg_session::{
    Clip, ClipChannels, ClipId, Comp, CompId, Edit, Fade, FadeShape, Gain, Joint, Lane, LaneId, Layout,
    Media, MediaId, Name, Pan, Pick, Plays, Position, Samples, Session, SongId, Tempo, Track, TrackId,
    apply_all,
};

use crate::signal;

/// A song under construction: its Session and the folder with its audio.
#[derive(Debug)]
pub struct Song {
    /// The song so far.
    pub session: Session,
    /// Where its files lie.
    pub audio: PathBuf,
    seed: u32,
}

impl Song {
    /// An empty song at `rate` whose files will lie in `audio` (made if it is not there).
    #[must_use]
    pub fn new(rate: u32, audio: &Path) -> Self {
        let session = Session::new(SongId::fresh(), Name::new("Torture").unwrap(), rate, Tempo::DEFAULT);
        Self::of(session, audio)
    }

    /// Goes on with a song that there is.
    #[must_use]
    pub fn of(session: Session, audio: &Path) -> Self {
        std::fs::create_dir_all(audio).unwrap();
        Self { session, audio: audio.to_owned(), seed: 0 }
    }

    /// Applies Edits; they must be accepted.
    pub fn edit(&mut self, edits: &[Edit]) {
        self.session = apply_all(&self.session, edits).unwrap().session;
    }

    /// Adds a track.
    pub fn track(&mut self, name: &str, layout: Layout) -> TrackId {
        let lane = Lane::new(LaneId::fresh(), Name::new("Take 1").unwrap());
        let track = Track::with_lane(TrackId::fresh(), Name::new(name).unwrap(), layout, lane);
        let id = track.id;
        self.edit(&[Edit::AddTrack { track, at: self.session.tracks.len() }]);
        id
    }

    /// Writes a file of `planes` and adds it to the pool.
    pub fn media(&mut self, planes: &[Vec<f32>], format: SampleFormat) -> MediaId {
        let id = MediaId::fresh();
        let file = format!("{id}.wav");
        let channels = u16::try_from(planes.len()).unwrap();
        let spec = WavSpec { sample_rate: self.session.sample_rate, channels, format };
        let mut writer = WavWriter::create(&self.audio.join(&file), spec, None).unwrap();
        writer.write_planar(&planes.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        writer.finish().unwrap();
        let media = Media {
            id,
            file,
            name: Name::new("noise").unwrap(),
            sample_rate: self.session.sample_rate,
            channels,
            frames: Samples(planes[0].len() as i64),
            hash: None,
        };
        self.edit(&[Edit::AddMedia { media }]);
        id
    }

    /// A file of noise, no two samples alike, at a level that leaves room for a sum.
    pub fn noise(&mut self, channels: u16, frames: usize, format: SampleFormat) -> MediaId {
        let planes: Vec<Vec<f32>> = (0..channels)
            .map(|_| {
                self.seed += 1;
                signal::distinct(frames, self.seed).iter().map(|sample| sample * 0.25).collect()
            })
            .collect();
        self.media(&planes, format)
    }

    /// A clip that shows all of a file from song frame `start` on.
    #[must_use]
    pub fn clip(&self, media: MediaId, start: i64) -> Clip {
        Clip {
            id: ClipId::fresh(),
            name: Name::new("clip").unwrap(),
            media,
            channels: ClipChannels::AsIs,
            start: Position::Samples(start),
            length: self.session.media[&media].frames,
            offset: Samples(0),
            gain: Gain::UNITY,
            fade_in: Fade::default(),
            fade_out: Fade::default(),
            mute: false,
        }
    }

    /// Puts a clip on a track's lane, on top.
    pub fn add(&mut self, track: TrackId, clip: Clip) -> ClipId {
        let id = clip.id;
        let lane = self.session.track(track).unwrap().lanes[0].id;
        self.edit(&[Edit::AddClip { lane, clip, at: None }]);
        id
    }
}

/// The torture song as a song folder `name` in the program's working folder.
pub fn save(program: &crate::Program, name: &str) -> PathBuf {
    let folder = program.path(name);
    let audio = tempfile::tempdir_in(program.folder()).unwrap();
    let song = make(audio.path());
    dawg_session::Store::create(&folder, &song.session).unwrap().close().unwrap();
    for media in song.session.media.values() {
        std::fs::copy(audio.path().join(&media.file), folder.join("audio").join(&media.file)).unwrap();
    }
    folder
}

fn fade(length: i64, shape: FadeShape) -> Fade {
    Fade { length: Samples(length), shape }
}

/// The torture song, its files in `audio`, at 48 kHz; about eight seconds.
#[must_use]
pub fn make(audio: &Path) -> Song {
    let mut song = Song::new(48_000, audio);
    straight(&mut song);
    odd_edges(&mut song);
    overlaps(&mut song);
    unusual_channels(&mut song);
    silenced(&mut song);
    comped(&mut song);
    song.edit(&[
        Edit::SetMasterGain { gain: Gain::new(0.7).unwrap() },
        Edit::SetMasterPan { pan: Pan::new(0.1).unwrap() },
    ]);
    song.session.check().unwrap();
    song
}

fn straight(song: &mut Song) {
    let track = song.track("stereo", Layout::STEREO);
    let media = song.noise(2, 380_000, SampleFormat::Int24);
    let clip = song.clip(media, 0);
    song.add(track, clip);
}

fn odd_edges(song: &mut Song) {
    let track = song.track("mono, panned", Layout::MONO);
    let media = song.noise(1, 100_003, SampleFormat::Int16);
    for (index, start) in [7_i64, 33_333, 99_991, 250_001].into_iter().enumerate() {
        let mut clip = song.clip(media, start);
        clip.offset = Samples(101 * index as i64 + 1);
        clip.length = Samples(20_011 + 1_733 * index as i64);
        clip.fade_in = fade(997 * index as i64, FadeShape::EqualPower);
        clip.fade_out = fade(1_501, FadeShape::Linear);
        clip.gain = Gain::new(0.3 + 0.2 * index as f32).unwrap();
        song.add(track, clip);
    }
    // One frame long, and one in bars.
    let mut clip = song.clip(media, 200_000);
    clip.length = Samples(1);
    song.add(track, clip);
    let mut clip = song.clip(media, 0);
    clip.start = Position::Ticks(1_920 * 7 + 1);
    clip.length = Samples(5_000);
    song.add(track, clip);
    song.edit(&[
        Edit::SetTrackPan { track, pan: Pan::new(-0.37).unwrap() },
        Edit::SetTrackGain { track, gain: Gain::new(0.81).unwrap() },
    ]);
}

fn overlaps(song: &mut Song) {
    let track = song.track("overlaps", Layout::STEREO);
    let media = song.noise(2, 150_000, SampleFormat::Float32);
    for (start, length) in [(1_000_i64, 120_000_i64), (50_000, 10_001), (55_555, 90_000), (300, 2_000)] {
        let mut clip = song.clip(media, start);
        clip.length = Samples(length);
        clip.fade_in = fade(640, FadeShape::Linear);
        clip.fade_out = fade(333, FadeShape::EqualPower);
        song.add(track, clip);
    }
    song.edit(&[Edit::SetTrackPan { track, pan: Pan::new(0.6).unwrap() }]);
}

fn unusual_channels(song: &mut Song) {
    let three = song.noise(3, 90_000, SampleFormat::Int24);
    let track = song.track("three channels", Layout::STEREO);
    let clip = song.clip(three, 12_345);
    song.add(track, clip);
    let mut clip = song.clip(three, 150_000);
    clip.channels = ClipChannels::Pick(vec![3, 1]);
    song.add(track, clip);
    let mono = song.track("stereo on mono", Layout::MONO);
    let media = song.noise(2, 60_000, SampleFormat::Int24);
    let clip = song.clip(media, 222_222);
    song.add(mono, clip);
    let both = song.track("mono on stereo", Layout::STEREO);
    let media = song.noise(1, 60_000, SampleFormat::Int16);
    let clip = song.clip(media, 180_000);
    song.add(both, clip);
}

fn silenced(song: &mut Song) {
    let track = song.track("muted", Layout::STEREO);
    let media = song.noise(2, 380_000, SampleFormat::Int24);
    let clip = song.clip(media, 0);
    song.add(track, clip);
    song.edit(&[Edit::SetTrackMute { track, mute: true }]);
}

/// A comp of four takes: joints of several lengths and both shapes, a gap, a lane that is gone, a pick one frame long, a
/// take that goes on in the same file.
fn comped(song: &mut Song) {
    let track = song.track("comp", Layout::STEREO);
    let lanes = takes(song, track);
    let [one, two, three, same] = lanes;
    let gone = LaneId::fresh();
    let mut comp = Comp::new(CompId::fresh(), Name::new("Comp A").unwrap());
    let mut at = 1_001;
    for (lane, length, joint, shape) in [
        (one, 20_000, 0, FadeShape::Linear),
        (two, 15_333, 480, FadeShape::EqualPower),
        (three, 1, 481, FadeShape::EqualPower),
        (one, 30_000, 97, FadeShape::Linear),
        (same, 25_000, 480, FadeShape::EqualPower),
        (two, 300, 12_001, FadeShape::EqualPower),
        (three, 33_333, 9_999, FadeShape::Linear),
        (gone, 5_000, 480, FadeShape::EqualPower),
        (two, 10_000, 480, FadeShape::EqualPower),
        (one, 40_000, 0, FadeShape::EqualPower),
        (two, 120_000, 24_000, FadeShape::EqualPower),
    ] {
        comp.picks.push(Pick {
            start: Samples(at),
            end: Samples(at + length),
            lane,
            name: Name::new("Take").unwrap(),
            joint: Joint { length: Samples(joint), shape },
        });
        at += length;
    }
    // A gap that nobody picked.
    comp.picks.remove(1);
    let plays = Plays::Comp(comp.id);
    song.edit(&[Edit::AddComp { track, comp, at: 0 }, Edit::SetPlays { track, plays }]);
}

/// Four lanes of windows into files that go on beyond them; the last shows what the first does, from another clip.
fn takes(song: &mut Song, track: TrackId) -> [LaneId; 4] {
    let files = [song.noise(2, 380_000, SampleFormat::Int24), song.noise(1, 300_000, SampleFormat::Int16)];
    let third = song.noise(2, 200_000, SampleFormat::Float32);
    let windows = [
        vec![(files[0], 500, 700, 120_000), (files[0], 150_003, 150_203, 60_000)],
        vec![(files[1], 900, 0, 60_011), (files[1], 60_911, 60_011, 199_000)],
        vec![(third, 15_000, 1_000, 100_000)],
        vec![(files[0], 40_000, 40_200, 90_000)],
    ];
    windows.map(|windows| {
        let mut lane = Lane::new(LaneId::fresh(), Name::new("Take").unwrap());
        for (media, start, offset, length) in windows {
            let clip = Clip { offset: Samples(offset), length: Samples(length), ..song.clip(media, start) };
            lane.clips.push(std::sync::Arc::new(clip));
        }
        let id = lane.id;
        let at = song.session.track(track).unwrap().lanes.len();
        song.edit(&[Edit::AddLane { track, lane, at }]);
        id
    })
}

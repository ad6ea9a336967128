//! Taking audio files into a song: first the files, then one transaction that makes them media, tracks and clips.
//!
//! Start at [`Intake`]. Until [`Intake::keep`] nothing of it is part of the song, and dropping it removes what it
//! has put into the song's folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow};
use dawg_media::import::{ImportTarget, Imported, import};
use dawg_media::{Progress, files, peaks, pitch};
use dawg_session::store::{AUDIO_FOLDER, PEAKS_FOLDER};
use dawg_session::{
    Clip, ClipChannels, ClipId, Colour, Edit, Fade, Gain, Lane, LaneId, Layout, Media, MediaId, Name,
    Position, Samples, Session, TempoMap, Track, TrackId, comp,
};

use crate::song::OpenSong;
use crate::studio::action::ImportWish;

/// A file that lies in the song's folder and is not part of the song yet.
#[derive(Debug, Clone)]
pub struct Landed {
    /// Where it came from.
    pub source: PathBuf,
    /// What was taken in.
    pub imported: Imported,
    /// The medium that it will be.
    pub media: Media,
}

/// Files on their way into a song.
#[derive(Debug)]
pub struct Intake {
    audio: PathBuf,
    peaks: PathBuf,
    landed: Vec<Landed>,
    kept: bool,
}

impl Intake {
    /// An intake into this song. Media folders that someone removed are made again.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn into_song(song: &OpenSong) -> Result<Self> {
        Self::into_folder(song.folder())
    }

    /// An intake into the song in this folder, for a worker that does not have the song itself.
    ///
    /// # Errors
    /// As [`into_song`](Self::into_song).
    pub fn into_folder(song: &Path) -> Result<Self> {
        let (audio, peaks) = (song.join(AUDIO_FOLDER), song.join(PEAKS_FOLDER));
        for folder in [&audio, &peaks] {
            std::fs::create_dir_all(folder).map_err(|error| dawg_media::MediaError::io(folder, error))?;
        }
        Ok(Self { audio, peaks, landed: Vec::new(), kept: false })
    }

    /// Copies or converts a file to `song_rate`. Takes as long as the disk and the decoder need.
    ///
    /// # Errors
    /// As [`import`].
    pub fn take(
        &mut self,
        source: &Path,
        song_rate: u32,
        repair: bool,
        progress: &Progress,
    ) -> Result<&Landed> {
        let id = MediaId::fresh();
        let media_id = id.to_string();
        let target = ImportTarget {
            audio_folder: &self.audio,
            peaks_folder: &self.peaks,
            media_id: &media_id,
            song_rate,
            repair,
        };
        let imported = import(source, &target, progress)?;
        let media = Media {
            id,
            file: imported.file.clone(),
            name: name_from(&imported.name)?,
            sample_rate: imported.sample_rate,
            channels: imported.channels,
            frames: Samples(i64::try_from(imported.frames).unwrap_or(i64::MAX)),
            hash: None,
        };
        self.landed.push(Landed { source: source.to_owned(), imported, media });
        self.landed.last().ok_or_else(|| anyhow!("{} was lost on its way: import it again", source.display()))
    }

    /// What has landed so far.
    #[must_use]
    pub fn landed(&self) -> &[Landed] {
        &self.landed
    }

    /// The song has them now: they stay. Returns them.
    #[must_use]
    pub fn keep(mut self) -> Vec<Landed> {
        self.kept = true;
        std::mem::take(&mut self.landed)
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        for landed in &self.landed {
            let id = landed.media.id.to_string();
            // Tracked later, if at all.
            let _ = std::fs::remove_file(pitch::file_for(&self.peaks, &id));
            for path in [self.audio.join(&landed.media.file), peaks::file_for(&self.peaks, &id)] {
                if let Err(error) = std::fs::remove_file(&path) {
                    tracing::warn!(path = %path.display(), %error, "a file that the song does not use stays behind");
                }
            }
        }
    }
}

/// Notes the hashes of media that have just come in, so that they can be found again after a move. A step of
/// history that undo passes by.
///
/// # Errors
/// When a file cannot be read back or the step not be saved; the song is complete without.
pub fn note_hashes<'a>(song: &mut OpenSong, media: impl Iterator<Item = &'a Media>) -> Result<()> {
    let folder = song.audio_folder();
    let mut edits = Vec::new();
    for media in media {
        let hash = files::hash_file(&folder.join(&media.file), &Progress::new())?;
        edits.push(Edit::SetMediaHash { media: media.id, hash: Some(hash) });
    }
    song.commit("Note hashes of new audio", edits).map(drop)
}

/// A name for people from what a file was called; “audio” where nothing of it is left.
///
/// # Errors
/// None in truth: any text gives a name.
pub fn name_from(text: &str) -> Result<Name> {
    let kept: String = text.chars().filter(|c| !c.is_control()).take(255).collect();
    Ok(Name::new(&kept).or_else(|_| Name::new("audio"))?)
}

/// The layout of a track for files of so many channels.
#[must_use]
pub const fn layout_for(channels: u16) -> Layout {
    if channels == 1 { Layout::MONO } else { Layout::STEREO }
}

/// Which colour of the palette a song's next track takes: of those that are used least, the first.
#[must_use]
pub fn next_colour(session: &Session) -> usize {
    let used = |colour| session.tracks.iter().filter(|track| track.colour == colour).count();
    (0..Colour::PALETTE.len()).min_by_key(|at| used(Colour::PALETTE[*at])).unwrap_or_default()
}

/// A new track with one lane that plays `clips`, in this colour of the palette, which is gone round in.
#[must_use]
pub fn new_track(name: Name, layout: Layout, index: usize, clips: Vec<Clip>) -> Track {
    let lane =
        Lane { clips: clips.into_iter().map(Arc::new).collect(), ..Lane::new(LaneId::fresh(), name.clone()) };
    let colour = Colour::PALETTE[index % Colour::PALETTE.len()];
    Track { colour, ..Track::with_lane(TrackId::fresh(), name, layout, lane) }
}

/// Where landed files go in a song.
#[derive(Debug, Default)]
pub struct Placed {
    /// What puts them there, in one step.
    pub edits: Vec<Edit>,
    /// Their clips, in order.
    pub clips: Vec<ClipId>,
    /// The track of the first.
    pub track: Option<TrackId>,
}

/// Places landed files as a person wished: on the track wished for, one after the other, or each on a new track.
#[must_use]
pub fn place(session: &Session, landed: &[Landed], wish: &ImportWish) -> Placed {
    match wish.track.and_then(|id| session.track(id)) {
        Some(track) => place_on(session, track, landed, wish.at),
        None => place_anew(session, landed, wish.at),
    }
}

fn place_on(session: &Session, track: &Track, landed: &[Landed], at: Position) -> Placed {
    let media = landed.iter().map(|landed| landed.media.clone());
    let mut edits: Vec<Edit> = media.map(|media| Edit::AddMedia { media }).collect();
    let clips = in_a_row(landed, at, &session.tempo_map, session.sample_rate);
    let ids: Vec<ClipId> = clips.iter().map(|clip| clip.id).collect();
    let name = landed.first().map_or_else(|| track.name.clone(), |landed| landed.media.name.clone());
    edits.extend(comp::land(session, track, clips, name, LaneId::fresh()));
    Placed { edits, track: (!ids.is_empty()).then_some(track.id), clips: ids }
}

fn place_anew(session: &Session, landed: &[Landed], at: Position) -> Placed {
    let mut placed = Placed::default();
    for (index, landed) in landed.iter().enumerate() {
        let media = &landed.media;
        let clip = whole_clip(media, at);
        placed.clips.push(clip.id);
        let number = session.tracks.len() + index;
        let colour = next_colour(session) + index;
        let track = new_track(media.name.clone(), layout_for(media.channels), colour, vec![clip]);
        placed.track = placed.track.or(Some(track.id));
        placed.edits.push(Edit::AddMedia { media: media.clone() });
        placed.edits.push(Edit::AddTrack { track, at: number });
    }
    placed
}

/// The files as clips that follow each other, the first at `at`.
#[must_use]
pub fn in_a_row(landed: &[Landed], at: Position, tempo: &TempoMap, rate: u32) -> Vec<Clip> {
    let mut start = at;
    let clip = |landed: &Landed| {
        let clip = whole_clip(&landed.media, start);
        start = Position::from(tempo.to_samples(start, rate) + clip.length);
        clip
    };
    landed.iter().map(clip).collect()
}

/// A clip that shows all of a file.
#[must_use]
pub fn whole_clip(media: &Media, start: Position) -> Clip {
    Clip {
        id: ClipId::fresh(),
        name: media.name.clone(),
        media: media.id,
        channels: ClipChannels::AsIs,
        start,
        length: media.frames,
        offset: Samples::ZERO,
        gain: Gain::UNITY,
        fade_in: Fade::NONE,
        fade_out: Fade::NONE,
        mute: false,
    }
}

//! Pitch curves for drawing: what was sung in the song's media, read or found by workers as they come into sight.
//!
//! Start at [`Pitches::of`]: what is there comes at once, what is not is wished for and wakes the window when it is
//! there. A reader looks whether a curve lies beside the peaks ([`worker`](self)); what has to be found in the audio is
//! a job of its own, one at a time, the newest wish first ([`building`](self)). Nothing here waits for either.

mod building;
pub mod curve;
mod notes;
#[cfg(test)]
mod tests;
mod wish;
mod worker;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use dawg_dsp::pitch::notes::SungNote;
use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::units::Hertz;
use dawg_session::{Media, MediaId, Session, Track, TrackId};

use crate::jobs::{JobState, Jobs, Listed};
use crate::sound::Waker;
pub use building::Build;
pub use curve::Curve;
pub use notes::{Centre, Summary, notes_between};
use wish::Wishes;
use worker::{Answer, Files, Reader, Request};

/// Bytes of curves that are kept: some ten hours of voice.
const BUDGET: usize = 256 << 20;

/// A curve with the notes in it.
#[derive(Debug, Clone)]
pub struct Sung {
    /// The curve.
    pub curve: Arc<Curve>,
    /// Its notes in the tuning that was asked for, or, until those are found, in the one before; in order.
    pub notes: Arc<[SungNote]>,
}

/// Where the song's files lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder of its audio.
    pub audio: PathBuf,
    /// The folder of its peaks, where curves lie too.
    pub peaks: PathBuf,
    /// Whether anything may be written there.
    pub writable: bool,
}

/// How a media's curve is.
#[derive(Debug)]
enum State {
    /// The reader looks for it.
    Asked,
    /// It has to be found in the audio.
    Wanted(Arc<Files>),
    /// It is being found.
    Building,
    /// There.
    Known(Known),
    /// It cannot be had, or is not wanted any more.
    Refused,
}

#[derive(Debug)]
struct Known {
    curve: Arc<Curve>,
    notes: Arc<[SungNote]>,
    /// Of the notes, in millihertz; and what was asked for last.
    a4: u32,
    asked: u32,
    used: u64,
}

/// What is sung on a track, lowest and highest, at these revisions of the song and of the curves.
type Reach = (u64, u64, Option<(f32, f32)>);

/// The curves of the open song.
#[derive(Debug)]
pub struct Pitches {
    reader: Reader,
    // Of the window's thread alone; never held across a call out of this module.
    inner: RefCell<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    place: Option<Arc<Place>>,
    // Answers to an older song are none.
    song: u64,
    states: HashMap<MediaId, State>,
    wishes: Wishes,
    building: Option<(MediaId, u64)>,
    reaches: HashMap<TrackId, Reach>,
    // What is to be told, and whether it was: a full disk is told once, not for each take.
    tell: Vec<(String, String)>,
    told: [bool; 2],
    bytes: usize,
    now: u64,
    revision: u64,
}

impl Pitches {
    /// Starts the reader.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(waker: Waker) -> std::io::Result<Self> {
        Ok(Self { reader: Reader::start(waker)?, inner: RefCell::default() })
    }

    /// The curve of a media, with its notes at this A4 in millihertz. What is not there is wished for.
    pub fn of(&self, media: &Media, a4: u32) -> Option<Sung> {
        let mut inner = self.inner.try_borrow_mut().ok()?;
        inner.take(&self.reader);
        inner.now += 1;
        let (now, song) = (inner.now, inner.song);
        match inner.states.get_mut(&media.id) {
            Some(State::Known(known)) => {
                known.used = now;
                // One question at a time: whoever turns A4 about leaves no queue behind. What is drawn after the answer
                // asks again.
                if known.a4 != a4 && known.asked == known.a4 {
                    known.asked = a4;
                    self.reader.ask(Request::Notes {
                        song,
                        media: media.id,
                        curve: Arc::clone(&known.curve),
                        a4,
                    });
                }
                return Some(Sung { curve: Arc::clone(&known.curve), notes: Arc::clone(&known.notes) });
            }
            Some(State::Wanted(_)) => inner.wishes.wish(media.id),
            Some(State::Asked | State::Building | State::Refused) => {}
            None => inner.ask(&self.reader, media, a4),
        }
        None
    }

    /// The curve of a media if it is there; wishes for nothing.
    #[must_use]
    pub fn known(&self, media: MediaId) -> Option<Sung> {
        match self.inner.try_borrow().ok()?.states.get(&media)? {
            State::Known(known) => {
                Some(Sung { curve: Arc::clone(&known.curve), notes: Arc::clone(&known.notes) })
            }
            _ => None,
        }
    }

    /// Lowest and highest key at A4 = 440 Hz in all known curves of a track's takes, so that they are drawn alike.
    /// `revision` is the song's.
    #[must_use]
    pub fn reach(&self, track: &Track, revision: u64) -> Option<(f32, f32)> {
        let mut inner = self.inner.try_borrow_mut().ok()?;
        let stamp = (revision, inner.revision);
        if let Some((song, own, reach)) = inner.reaches.get(&track.id)
            && (*song, *own) == stamp
        {
            return *reach;
        }
        let clips = track.lanes.iter().flat_map(|lane| &lane.clips);
        let known = clips.filter_map(|clip| match inner.states.get(&clip.media) {
            Some(State::Known(known)) => known.curve.reach(),
            _ => None,
        });
        let reach = known.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        inner.reaches.insert(track.id, (stamp.0, stamp.1, reach));
        reach
    }

    /// Grows whenever something came in: what was drawn before may be drawn better now.
    #[must_use]
    pub fn revision(&self) -> u64 {
        let Ok(mut inner) = self.inner.try_borrow_mut() else { return 0 };
        inner.take(&self.reader);
        inner.revision
    }

    /// Another song is open, or none: all that is known belonged to the one before.
    pub(crate) fn open(&mut self, place: Option<Place>, jobs: &Jobs) {
        let inner = self.inner.get_mut();
        if let Some((_, job)) = inner.building {
            jobs.cancel(job);
        }
        let (song, revision) = (inner.song + 1, inner.revision + 1);
        *inner = Inner { place: place.map(Arc::new), song, revision, ..Inner::default() };
    }

    /// Curves are shown from now on: what was given up is tried again; or they are not any more: what is not there yet is
    /// given up.
    pub(crate) fn show(&mut self, shown: bool, jobs: &Jobs) {
        let inner = self.inner.get_mut();
        if let Some((_, job)) = inner.building.filter(|_| !shown) {
            jobs.cancel(job);
        }
        inner.states.retain(|_, state| matches!(state, State::Known(_)));
        inner.wishes = Wishes::default();
        (inner.told, inner.reaches) = Default::default();
        // Whoever draws them draws, and wishes, anew.
        inner.revision += 1;
    }

    /// Takes in what the workers have sent, and begins the newest wish when nothing is being found. Once a frame. Returns
    /// what there is to tell: title and detail.
    pub(crate) fn follow(&mut self, jobs: &mut Jobs) -> Vec<(String, String)> {
        let inner = self.inner.get_mut();
        inner.take(&self.reader);
        if let Some((media, job)) = inner.building {
            if jobs.list().iter().any(|other| other.id == job && other.state == JobState::Running) {
                return std::mem::take(&mut inner.tell);
            }
            inner.building = None;
            // It was cancelled, or never began.
            if let Some(state @ State::Building) = inner.states.get_mut(&media) {
                *state = State::Refused;
            }
        }
        if let Some(build) = inner.next(&self.reader) {
            let (media, title) = (build.media(), build.title());
            let job = jobs.start(title, Listed::Spare, move |progress| build.run(progress));
            inner.building = Some((media, job));
        }
        std::mem::take(&mut inner.tell)
    }
}

impl Inner {
    fn ask(&mut self, reader: &Reader, media: &Media, a4: u32) {
        let Some(place) = self.place.clone() else { return };
        self.states.insert(media.id, State::Asked);
        self.wishes.wish(media.id);
        let files = Arc::new(Files::of(media, &place, self.song, a4));
        reader.ask(Request::Look(files));
    }

    /// The newest wish, if there is one.
    fn next(&mut self, reader: &Reader) -> Option<Build> {
        let wanted = self.states.iter().filter_map(|(id, state)| match state {
            State::Wanted(files) => Some((self.wishes.rank(*id), *id, Arc::clone(files))),
            _ => None,
        });
        let (_, id, files) = wanted.max_by_key(|(rank, ..)| *rank)?;
        self.states.insert(id, State::Building);
        Some(Build::of(files, reader.answers()))
    }

    /// Takes in what the workers have sent.
    fn take(&mut self, reader: &Reader) {
        while let Some(answer) = reader.answer() {
            match answer {
                Answer::Found { files, curve, notes } if files.song == self.song => {
                    self.bytes += curve.bytes();
                    self.now += 1;
                    let (a4, used) = (files.a4, self.now);
                    let known = Known { curve, notes, a4, asked: a4, used };
                    if let Some(State::Known(old)) = self.states.insert(files.media, State::Known(known)) {
                        self.bytes -= old.curve.bytes();
                    }
                    self.revision += 1;
                    self.shrink();
                }
                Answer::Missing(files) if files.song == self.song => {
                    if let Some(state @ State::Asked) = self.states.get_mut(&files.media) {
                        *state = State::Wanted(files);
                    }
                }
                Answer::Unreadable { files, why } if files.song == self.song => {
                    self.states.insert(files.media, State::Refused);
                    self.tell(0, format!("The pitch of “{}” cannot be shown", files.name), why);
                }
                Answer::Unkept { song, why } if song == self.song => {
                    let why = format!("{why}\nThey are shown, and found anew when the song is opened again.");
                    self.tell(1, "Pitch curves are not kept on the disk".to_owned(), why);
                }
                Answer::Notes { song, media, a4, notes } if song == self.song => {
                    if let Some(State::Known(known)) = self.states.get_mut(&media)
                        && known.asked == a4
                    {
                        (known.notes, known.a4) = (notes, a4);
                        self.revision += 1;
                    }
                }
                // Of a song that is closed.
                _ => {}
            }
        }
    }

    fn tell(&mut self, kind: usize, title: String, detail: String) {
        if !std::mem::replace(&mut self.told[kind], true) {
            self.tell.push((title, detail));
        }
    }

    /// Lets the oldest go until a quarter of the budget is free.
    fn shrink(&mut self) {
        if self.bytes <= BUDGET {
            return;
        }
        let ages = self.states.iter().filter_map(|(id, state)| match state {
            State::Known(known) => Some((known.used, *id)),
            _ => None,
        });
        let mut ages: Vec<(u64, MediaId)> = ages.collect();
        ages.sort_unstable();
        // The newest is what this is for.
        ages.pop();
        for (_, id) in ages {
            if self.bytes <= BUDGET / 4 * 3 {
                break;
            }
            if let Some(State::Known(known)) = self.states.remove(&id) {
                self.bytes -= known.curve.bytes();
            }
        }
    }
}

/// The tuning of a song.
#[must_use]
pub fn tuning_of(session: &Session) -> Tuning {
    tuning(session.a4_millihertz)
}

/// The tuning with this A4, in millihertz.
#[must_use]
pub fn tuning(a4_millihertz: u32) -> Tuning {
    Tuning { a4: Hertz(a4_millihertz as f32 / 1_000.0) }
}

//! One singer: what was agreed on, what is heard, and how each chunk is answered.
//!
//! Start at [`Session::chunk`].

use dawg_dsp::pitch::notes::{IN_TUNE, NoteFinder};
use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::pitch::{Estimate, LIVE_LATENCY_SECONDS, Tracker};
use dawg_dsp::units::Hertz;
use serde::{Deserialize, Serialize};

use super::advice::{Advice, Said, Severity};
use crate::analysis::rounded;
use crate::ear;

/// Bytes of a sample.
const SAMPLE: usize = 4;

/// What a client says in text.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Text {
    Start { rate: u32, format: String, channels: u16, song_time: Option<f64>, a4: Option<f32> },
    At { song_time: f64 },
    Stop,
}

/// What a client is told.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Answer {
    Started(Started),
    Pitch(Pitch),
    Feedback { message: String, severity: Severity, time: f64 },
    Stopped { chunks: u64 },
    Error { message: String },
}

/// What was agreed on.
#[derive(Debug, Serialize)]
pub(super) struct Started {
    rate: u32,
    tracker: String,
    /// By how many seconds at most answers lag behind the samples.
    latency: f64,
}

/// The newest that is known when a chunk has been heard.
#[derive(Debug, Serialize)]
pub(super) struct Pitch {
    /// The chunk's number, from 0.
    seq: u64,
    /// The moment it speaks of, in seconds of the song.
    time: f64,
    frequency: Option<f64>,
    note: Option<String>,
    cents: Option<f64>,
    confidence: f64,
    #[serde(rename = "isInTune")]
    is_in_tune: Option<bool>,
}

/// Why the conversation cannot go on.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) code: u16,
    pub(super) why: String,
}

impl Refused {
    /// Another format.
    fn format(why: impl Into<String>) -> Self {
        Self { code: 1003, why: why.into() }
    }

    /// What cannot be understood.
    pub(super) fn sense(why: impl Into<String>) -> Self {
        Self { code: 1007, why: why.into() }
    }

    fn size(why: impl Into<String>) -> Self {
        Self { code: 1009, why: why.into() }
    }
}

/// Whether it goes on after a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    GoesOn,
    Ends,
}

/// One singer.
#[derive(Debug)]
pub(super) struct Session {
    rate: u32,
    tuning: Tuning,
    tracker: Tracker,
    finder: NoteFinder,
    advice: Advice,
    /// Seconds of the song at sample 0.
    origin: f64,
    /// Samples so far, and chunks.
    taken: u64,
    chunks: u64,
    /// Bytes of a sample that was cut in two.
    rest: Vec<u8>,
    samples: Vec<f32>,
    newest: Option<Estimate>,
}

impl Session {
    /// As the first text asks.
    pub(super) fn begin(text: &str) -> Result<Self, Refused> {
        let Text::Start { rate, format, channels, song_time, a4 } = read(text)? else {
            return Err(Refused::sense("begin with {\"type\":\"start\",…}"));
        };
        if format != "f32le" {
            return Err(Refused::format(format!("the format is {format:?}: send f32le")));
        }
        if channels != 1 {
            return Err(Refused::format(format!("there are {channels} channels: send one, of one singer")));
        }
        let a4 = a4.unwrap_or(Tuning::default().a4.0);
        if !Tuning::REFERENCES.contains(&a4) {
            return Err(Refused::format(format!("a4 is {a4} Hz: give 415 to 466")));
        }
        let tuning = Tuning { a4: Hertz(a4) };
        let tracker = ear::live(rate).map_err(|error| Refused::format(error.to_string()))?;
        Ok(Self {
            rate,
            tuning,
            tracker,
            finder: NoteFinder::new(tuning),
            advice: Advice::new(tuning),
            origin: seconds(song_time.unwrap_or(0.0))?,
            taken: 0,
            chunks: 0,
            rest: Vec::new(),
            samples: Vec::new(),
            newest: None,
        })
    }

    /// Hears a chunk, and says what is known by now. A sample that is cut in two is whole with the next chunk.
    pub(super) fn chunk(&mut self, bytes: &[u8], answers: &mut Vec<Answer>) -> Result<(), Refused> {
        if bytes.len() > self.rate as usize * SAMPLE {
            return Err(Refused::size("this chunk is longer than a second: send shorter ones"));
        }
        self.rest.extend_from_slice(bytes);
        let whole = self.rest.len() / SAMPLE * SAMPLE;
        self.samples.clear();
        let samples = self.rest.get(..whole).unwrap_or_default().chunks_exact(SAMPLE);
        self.samples.extend(samples.filter_map(|bytes| Some(f32::from_le_bytes(bytes.try_into().ok()?))));
        self.rest.drain(..whole);
        self.taken += self.samples.len() as u64;
        let mut said = Vec::new();
        let Self { tracker, finder, advice, samples, newest, .. } = self;
        tracker.push(samples, &mut |estimate| {
            hear(estimate, finder, advice, &mut said);
            *newest = Some(estimate);
        });
        answers.push(Answer::Pitch(self.pitch()));
        self.chunks += 1;
        self.feed_back(said, answers);
        Ok(())
    }

    /// What is said in text while it goes on.
    pub(super) fn told(&mut self, text: &str, answers: &mut Vec<Answer>) -> Result<Told, Refused> {
        match read(text)? {
            Text::Start { .. } => {
                Err(Refused::sense("it has begun already: connect again for another voice"))
            }
            Text::At { song_time } => {
                self.origin = seconds(song_time)? - self.taken as f64 / f64::from(self.rate);
                Ok(Told::GoesOn)
            }
            Text::Stop => {
                let mut said = Vec::new();
                let Self { tracker, finder, advice, .. } = self;
                tracker.finish(&mut |estimate| hear(estimate, finder, advice, &mut said));
                finder.finish(&mut |note| said.extend(advice.note(&note)));
                self.feed_back(said, answers);
                answers.push(Answer::Stopped { chunks: self.chunks });
                Ok(Told::Ends)
            }
        }
    }

    fn pitch(&self) -> Pitch {
        let voiced = self.newest.filter(|estimate| estimate.voiced);
        let nearest = voiced.and_then(|estimate| {
            let (note, cents) = self.tuning.nearest(Hertz(estimate.frequency))?;
            Some((estimate.frequency, note, cents))
        });
        let moment = self.newest.map_or(0.0, |estimate| estimate.seconds());
        let confidence = self.newest.map_or(0.0, |estimate| estimate.confidence.clamp(0.0, 1.0));
        Pitch {
            seq: self.chunks,
            time: thousandths(self.origin + moment),
            frequency: nearest.map(|(frequency, ..)| rounded(frequency, 3)),
            note: nearest.map(|(_, note, _)| note.ascii()),
            cents: nearest.map(|(_, _, cents)| rounded(cents.0, 1)),
            confidence: rounded(confidence, 3),
            is_in_tune: nearest.map(|(_, _, cents)| cents.0.abs() <= IN_TUNE.0),
        }
    }

    fn feed_back(&self, said: Vec<Said>, answers: &mut Vec<Answer>) {
        answers.extend(said.into_iter().map(|said| Answer::Feedback {
            message: said.message,
            severity: said.severity,
            time: thousandths(self.origin + said.seconds),
        }));
    }
}

impl Started {
    pub(super) fn of(session: &Session) -> Self {
        Self { rate: session.rate, tracker: ear::name(), latency: LIVE_LATENCY_SECONDS }
    }
}

fn hear(estimate: Estimate, finder: &mut NoteFinder, advice: &mut Advice, said: &mut Vec<Said>) {
    said.extend(advice.hear(&estimate));
    finder.push(estimate, &mut |note| said.extend(advice.note(&note)));
}

fn read(text: &str) -> Result<Text, Refused> {
    serde_json::from_str(text)
        .map_err(|error| Refused::sense(format!("this text is not understood: {error}")))
}

/// A time that can be one.
fn seconds(time: f64) -> Result<f64, Refused> {
    let fits = time.is_finite() && time.abs() < 1e6;
    fits.then_some(time).ok_or_else(|| Refused::sense("song_time is no time of a song"))
}

fn thousandths(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = r#"{"type":"start","rate":48000,"format":"f32le","channels":1,"song_time":10}"#;

    fn tone(hertz: f64, seconds: f64) -> Vec<u8> {
        let sample = |n: usize| {
            let turn = std::f64::consts::TAU * hertz * n as f64 / 48_000.0;
            (1..6).map(|k| (turn * f64::from(k)).sin() * 0.1 / f64::from(k)).sum::<f64>() as f32
        };
        (0..(seconds * 48_000.0) as usize).flat_map(|n| sample(n).to_le_bytes()).collect()
    }

    fn pitches(session: &mut Session, bytes: &[u8], size: usize) -> Vec<Pitch> {
        let mut answers = Vec::new();
        bytes.chunks(size).for_each(|chunk| session.chunk(chunk, &mut answers).unwrap());
        let pitch = |answer| if let Answer::Pitch(pitch) = answer { Some(pitch) } else { None };
        answers.into_iter().filter_map(pitch).collect()
    }

    #[test]
    fn each_chunk_is_answered_once_whatever_its_size() {
        // Seen red: with chunks of cut samples not counted.
        for size in [19_200, 4_801, 1_001, 191_999] {
            let mut session = Session::begin(START).unwrap();
            let told = pitches(&mut session, &tone(221.0, 1.0), size);
            assert_eq!(told.len(), 192_000_usize.div_ceil(size), "{size}");
            assert!(told.iter().enumerate().all(|(n, told)| told.seq == n as u64));
            let last = told.last().unwrap();
            assert_eq!(last.note.as_deref(), Some("A3"), "{size}");
            assert!((last.cents.unwrap() - 7.9).abs() < 2.0 && last.is_in_tune == Some(true), "{last:?}");
            assert!((10.9..=11.0).contains(&last.time), "{last:?}");
        }
    }

    #[test]
    fn silence_and_what_is_no_number_have_no_pitch() {
        // Seen red: with `isInTune` false in place of null.
        let mut session = Session::begin(START).unwrap();
        let mut broken: Vec<u8> =
            [f32::NAN, f32::INFINITY, -f32::INFINITY].iter().flat_map(|x| x.to_le_bytes()).collect();
        broken = broken.repeat(3_000);
        for told in pitches(&mut session, &broken, 9_000) {
            assert!(told.frequency.is_none() && told.note.is_none() && told.cents.is_none(), "{told:?}");
            assert!(told.is_in_tune.is_none() && told.time.is_finite(), "{told:?}");
        }
        let told = pitches(&mut session, &tone(440.0, 0.5), 19_200);
        assert_eq!(told.last().unwrap().note.as_deref(), Some("A4"));
        assert_eq!(pitches(&mut session, &[], 1).len(), 0);
        session.chunk(&[], &mut Vec::new()).unwrap();
    }

    #[test]
    fn a_place_in_the_song_holds_from_the_next_sample_on() {
        // Seen red: with the place taken for that of sample 0.
        let mut session = Session::begin(START).unwrap();
        pitches(&mut session, &tone(220.0, 0.5), 19_200);
        assert_eq!(session.told(r#"{"type":"at","song_time":100}"#, &mut Vec::new()).unwrap(), Told::GoesOn);
        let told = pitches(&mut session, &tone(220.0, 0.5), 19_200);
        assert!((100.4..=100.5).contains(&told.last().unwrap().time), "{told:?}");
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_code() {
        // Seen red: with 1007 for two channels.
        let begun = |text: &str| Session::begin(text).map_err(|refused| refused.code).err();
        assert_eq!(begun(START), None);
        for (from, to, code) in [
            ("f32le", "s16le", 1003),
            ("\"channels\":1", "\"channels\":2", 1003),
            ("48000", "7999", 1003),
            ("48000", "192001", 1003),
            ("48000", "-1", 1007),
            ("start", "begin", 1007),
            ("{", "[", 1007),
        ] {
            assert_eq!(begun(&START.replace(from, to)), Some(code), "{from} {to}");
        }
        for rate in ["8000", "192000"] {
            assert_eq!(begun(&START.replace("48000", rate)), None, "{rate}");
        }
        let mut session = Session::begin(START).unwrap();
        let refused = session.chunk(&vec![0; 192_001], &mut Vec::new()).unwrap_err();
        assert_eq!(refused.code, 1009);
        assert_eq!(session.told(START, &mut Vec::new()).unwrap_err().code, 1007);
    }
}

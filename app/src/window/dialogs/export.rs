//! A file of the song: what kind, what of it, what it will be called; then how far it is, and what came of it.

mod result;

use std::path::PathBuf;

use dawg_engine::export::{Exported, Range};
use dawg_media::encode::Kind;
use dawg_media::wav::SampleFormat;
use dawg_session::Session;
use egui::Ui;

use super::form::{Answer, Form, Tone, card, path_of, path_words, say, time_words};
use crate::jobs::JobState;
use crate::look::control::text_button;
use crate::studio::Studio;
use crate::studio::action::{Action, ExportWish, Pick};
use crate::studio::view::View;
use crate::window::Scene;

/// The highest sample rate of a FLAC file.
const FLAC_MOST: u32 = 96_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Wav,
    Flac,
    Mp3,
}

impl Format {
    const fn ending(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Flac => "flac",
            Self::Mp3 => "mp3",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Song,
    Loop,
    Selection,
}

/// How far the dialog is.
#[derive(Debug)]
enum Stage {
    /// It asks; what went wrong before stands beneath.
    Asking(Option<String>),
    /// The job with a higher number than this is at work.
    Running(u64),
    /// It is made.
    Done(Exported),
}

/// What a person has chosen so far.
#[derive(Debug)]
pub struct ExportForm {
    format: Format,
    wav: SampleFormat,
    flac: u8,
    kbps: u16,
    part: Part,
    name: String,
    folder: String,
    loop_range: Option<(i64, i64)>,
    selection: Option<(i64, i64)>,
    stage: Stage,
}

impl ExportForm {
    pub(super) fn new(studio: &Studio, view: &View) -> Self {
        let session = studio.session();
        let mut form = Self {
            format: Format::Wav,
            wav: SampleFormat::Int24,
            flac: 24,
            kbps: 320,
            part: Part::Song,
            name: session.map(|session| session.name.to_string()).unwrap_or_default(),
            folder: studio.work().map(|work| path_words(&work.exports_folder())).unwrap_or_default(),
            loop_range: session.and_then(|session| loop_range(session)),
            selection: session.and_then(|session| selection(session, view)),
            stage: Stage::Asking(None),
        };
        form.like_last(view, session.map_or(0, |session| session.sample_rate));
        form
    }

    /// Starts with the kind of the last export, where this song can be made into one.
    fn like_last(&mut self, view: &View, rate: u32) {
        match view.exported {
            Some(Kind::Wav(format)) => (self.format, self.wav) = (Format::Wav, format),
            Some(Kind::Flac { bits }) if rate <= FLAC_MOST => {
                (self.format, self.flac) = (Format::Flac, bits);
            }
            Some(Kind::Mp3 { kbps }) => (self.format, self.kbps) = (Format::Mp3, kbps),
            Some(Kind::Flac { .. }) | None => {}
        }
    }

    pub(super) fn picked(&mut self, paths: &[PathBuf]) {
        let Some(path) = paths.first() else { return };
        let known =
            path.extension().is_some_and(|ending| ["wav", "flac", "mp3"].iter().any(|kind| ending == *kind));
        match path.parent().filter(|_| known) {
            Some(folder) => {
                self.folder = path_words(folder);
                self.name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            }
            None => self.folder = path_words(path),
        }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        self.follow(scene.studio);
        let (answer, off) = card(ui, "Export", 560.0, |ui, form| match &self.stage {
            Stage::Asking(_) => self.ask(ui, form, scene),
            Stage::Running(after) => result::running(ui, form, scene, *after),
            Stage::Done(exported) => match result::done(ui, form, scene, exported) {
                result::Next::Stays => Answer::Stays,
                result::Next::Closes => Answer::Closes,
                result::Next::Again => {
                    self.stage = Stage::Asking(None);
                    Answer::Stays
                }
            },
        });
        if off { Answer::Closes } else { answer }
    }

    /// Takes in what has become of the job.
    fn follow(&mut self, studio: &Studio) {
        let Stage::Running(after) = self.stage else { return };
        let Some(job) = result::job(studio, after) else { return };
        self.stage = match &job.state {
            JobState::Running => return,
            JobState::Cancelled => {
                Stage::Asking(Some("The export was cancelled; nothing is left behind.".to_owned()))
            }
            JobState::Failed(why) => {
                Stage::Asking(Some(format!("{why}\nThe song is safe; no half-made file is left.")))
            }
            JobState::Done(_) => match studio.exported() {
                Some(exported) => Stage::Done(exported.clone()),
                None => Stage::Asking(None),
            },
        };
    }

    fn ask(&mut self, ui: &mut Ui, form: &mut Form, scene: &mut Scene<'_>) -> Answer {
        let Some(session) = scene.studio.session().cloned() else { return Answer::Closes };
        let mut choose = false;
        form.body(ui, |ui, form| {
            self.name_row(ui, form);
            choose = form.path(ui, "Folder", &mut self.folder, "Choose…");
            self.kind_rows(ui, form, session.sample_rate);
            let no_loop =
                self.loop_range.is_none().then_some("There is no loop range: drag one in the ruler");
            let none = self.selection.is_none().then_some("No clips are selected");
            let parts = [
                (Part::Song, "Song", None),
                (Part::Loop, "Loop", no_loop),
                (Part::Selection, "Selection", none),
            ];
            form.segments(ui, "Range", &mut self.part, &parts);
            self.tell(ui, scene.studio, &session);
        });
        if choose {
            scene.wish(Action::Pick(Pick::ExportTo));
        }
        form.foot(ui, |ui, form| {
            let wish = self.wish(scene.studio, &session);
            if form.confirm(ui, "Export", wish.as_ref().err().map(String::as_str))
                && let Ok(wish) = wish
            {
                let last = scene.studio.jobs().list().iter().map(|job| job.id).max();
                self.stage = Stage::Running(last.unwrap_or(0));
                scene.wish(Action::Export(wish));
            }
            match text_button(ui, "Cancel", false).clicked() {
                true => Answer::Closes,
                false => Answer::Stays,
            }
        })
    }

    fn name_row(&mut self, ui: &mut Ui, form: &mut Form) {
        let ending = format!(".{}", self.format.ending());
        form.row(ui, "Name", |ui, form, label| {
            let width = ui.available_width();
            form.line_ending(ui, label, &mut self.name, ("Mix", &ending), width);
        });
    }

    fn kind_rows(&mut self, ui: &mut Ui, form: &mut Form, rate: u32) {
        let too_high = (rate > FLAC_MOST).then_some("FLAC goes up to 96 kHz; this song is above");
        let no_mp3 = (!cfg!(feature = "mp3")).then_some("This build has no MP3 encoder");
        let formats =
            [(Format::Wav, "WAV", None), (Format::Flac, "FLAC", too_high), (Format::Mp3, "MP3", no_mp3)];
        form.segments(ui, "Format", &mut self.format, &formats);
        match self.format {
            Format::Wav => {
                let depths = [
                    (SampleFormat::Int16, "16 bit", None),
                    (SampleFormat::Int24, "24 bit", None),
                    (SampleFormat::Float32, "32 bit float", None),
                ];
                form.segments(ui, "Depth", &mut self.wav, &depths);
            }
            Format::Flac => {
                form.segments(ui, "Depth", &mut self.flac, &[(16, "16 bit", None), (24, "24 bit", None)]);
            }
            Format::Mp3 => {
                let rates =
                    [(128, "128", None), (192, "192", None), (256, "256", None), (320, "320 kbit/s", None)];
                form.segments(ui, "Quality", &mut self.kbps, &rates);
            }
        }
    }

    /// What it will be called and how long it is, or why it cannot be.
    fn tell(&self, ui: &mut Ui, studio: &Studio, session: &Session) {
        ui.add_space(crate::look::Tokens::SPACE[0]);
        match self.wish(studio, session) {
            Ok(wish) => {
                let length = time_words(self.frames(session), session.sample_rate);
                let tail = if self.part == Part::Song { " and what rings on" } else { "" };
                let path = path_words(&wish.path);
                say(
                    ui,
                    Tone::Quiet,
                    &format!(
                        "Makes {path}\nLength {length}{tail}. If a file of this name is there, it is replaced."
                    ),
                );
            }
            Err(why) => {
                say(ui, Tone::Attention, &why);
            }
        }
        if let Stage::Asking(Some(trouble)) = &self.stage {
            say(ui, Tone::Wrong, trouble);
        }
    }

    fn frames(&self, session: &Session) -> i64 {
        let range = match self.part {
            Part::Song => Some((0, session.end().0)),
            Part::Loop => self.loop_range,
            Part::Selection => self.selection,
        };
        range.map_or(0, |(from, to)| to - from)
    }

    /// The export as chosen.
    fn wish(&self, studio: &Studio, session: &Session) -> Result<ExportWish, String> {
        let ending = self.format.ending();
        let name = self.name.trim();
        let bare = name.strip_suffix(&format!(".{ending}")).unwrap_or(name);
        if bare.is_empty() {
            return Err("Give the file a name.".to_owned());
        }
        let Some(folder) = path_of(&self.folder) else {
            return Err("Give the folder as a whole path, such as ~/Music.".to_owned());
        };
        if studio.work().is_some_and(|work| work.audio_folder() == folder) {
            return Err("This folder holds the song's own audio: choose another, such as exports.".to_owned());
        }
        if self.frames(session) <= 0 {
            return Err("The song is empty: there is nothing to export yet.".to_owned());
        }
        let range = match (self.part, self.loop_range, self.selection) {
            (Part::Loop, Some((from, to)), _) | (Part::Selection, _, Some((from, to))) => {
                Range::Frames(from, to)
            }
            _ => Range::Song,
        };
        let path = folder.join(dawg_media::files::safe_name(bare, ending));
        Ok(ExportWish { path, kind: self.kind(), range })
    }

    const fn kind(&self) -> Kind {
        match self.format {
            Format::Wav => Kind::Wav(self.wav),
            Format::Flac => Kind::Flac { bits: self.flac },
            Format::Mp3 => Kind::Mp3 { kbps: self.kbps },
        }
    }
}

fn loop_range(session: &Session) -> Option<(i64, i64)> {
    let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
    let (from, to) = (at(session.loop_range.start), at(session.loop_range.end));
    (to > from).then_some((from.max(0), to))
}

fn selection(session: &Session, view: &View) -> Option<(i64, i64)> {
    if view.selection.clips.is_empty() {
        return None;
    }
    let selected = session.clips().filter(|(_, _, clip)| view.selection.clips.contains(&clip.id));
    let spans = selected.map(|(_, _, clip)| clip.span(&session.tempo_map, session.sample_rate));
    let (from, to) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    (to > from.max(0)).then_some((from.max(0), to))
}

//! Which audio files to take in, and where to.

use std::path::PathBuf;

use dawg_session::{Position, TrackId};
use egui::{Margin, TextEdit, Ui};

use super::form::{Answer, Tone, card, path_of, path_words, say};
use crate::jobs::JobState;
use crate::look::Tokens;
use crate::look::control::text_button;
use crate::studio::Studio;
use crate::studio::action::{Action, ImportWish, Pick};
use crate::studio::view::View;
use crate::window::Scene;

/// Where the first file starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Playhead,
    Start,
}

/// What a person has typed so far.
#[derive(Debug)]
pub struct ImportForm {
    files: String,
    at: At,
    onto_selected: bool,
    selected: Option<(TrackId, String)>,
    // The import with a higher number than this is at work.
    running: Option<u64>,
    // What went wrong before.
    trouble: Option<String>,
}

impl ImportForm {
    pub(super) fn new(studio: &Studio, view: &View) -> Self {
        let track = view.selection.track.and_then(|id| studio.session()?.track(id).cloned());
        let at = if studio.readout().playhead.position > 0 { At::Playhead } else { At::Start };
        Self {
            files: String::new(),
            at,
            onto_selected: false,
            selected: track.map(|track| (track.id, track.name.to_string())),
            running: None,
            trouble: None,
        }
    }

    pub(super) fn picked(&mut self, paths: &[PathBuf]) {
        for path in paths {
            if !self.files.is_empty() && !self.files.ends_with('\n') {
                self.files.push('\n');
            }
            self.files.push_str(&path_words(path));
        }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = self.follow(scene.studio);
        let ((), off) = card(ui, "Import audio", 560.0, |ui, form| {
            form.body(ui, |ui, form| {
                self.file_list(ui, form, scene);
                let choices =
                    [(At::Playhead, "At the playhead", None), (At::Start, "At the song's start", None)];
                form.segments(ui, "Where", &mut self.at, &choices);
                let name = self.selected.as_ref().map_or("", |(_, name)| name.as_str());
                let onto = format!("On “{}”", short(name));
                let why_not = self.selected.is_none().then_some("No track is selected");
                let onto = if self.selected.is_some() { onto.as_str() } else { "On the selected track" };
                let choices = [(false, "On new tracks", None), (true, onto, why_not)];
                form.segments(ui, "Tracks", &mut self.onto_selected, &choices);
                say(ui, Tone::Quiet, "Files are copied into the song; the originals stay where they are.");
                if let Some(trouble) = &self.trouble {
                    say(ui, Tone::Wrong, trouble);
                }
            });
            form.foot(ui, |ui, form| {
                let wish = self.wish(scene.studio);
                if form.confirm(ui, "Import", wish.as_ref().err().map(String::as_str))
                    && let Ok(wish) = wish
                {
                    let last = scene.studio.jobs().list().iter().map(|job| job.id).max();
                    (self.running, self.trouble) = (Some(last.unwrap_or(0)), None);
                    scene.wish(Action::Import(wish));
                }
                let leave = if self.running.is_some() { "Go on in the background" } else { "Cancel" };
                if text_button(ui, leave, false).clicked() {
                    answer = Answer::Closes;
                }
            });
        });
        if off { Answer::Closes } else { answer }
    }

    /// Closes once everything has landed; what was refused stays, with the reason.
    fn follow(&mut self, studio: &Studio) -> Answer {
        let Some(after) = self.running else { return Answer::Stays };
        let mut jobs = studio.jobs().list().iter();
        let Some(job) = jobs.find(|job| job.id > after && job.title.starts_with("Import ")) else {
            // It was not even begun, and a notice tells why.
            return Answer::Closes;
        };
        self.trouble = match &job.state {
            JobState::Running => return Answer::Stays,
            JobState::Done(_) => return Answer::Closes,
            JobState::Cancelled => Some("The import was cancelled; nothing is left behind.".to_owned()),
            JobState::Failed(why) => Some(why.clone()),
        };
        self.running = None;
        if !job.refused.is_empty() {
            // The others are in the song: once more would be twice.
            self.files.clear();
            self.picked(&job.refused);
        }
        Answer::Stays
    }

    fn file_list(&mut self, ui: &mut Ui, form: &mut super::form::Form, scene: &mut Scene<'_>) {
        form.row(ui, "Files", |ui, form, label| {
            ui.vertical(|ui| {
                let list = TextEdit::multiline(&mut self.files)
                    .hint_text("One path a line")
                    .desired_rows(4)
                    .desired_width(f32::INFINITY)
                    .margin(Margin::same(Tokens::SPACE[1] as i8));
                let response = ui.add(list).labelled_by(label);
                form.first(&response);
                if text_button(ui, "Choose files…", false).clicked() {
                    scene.wish(Action::Pick(Pick::Audio));
                }
            });
        });
    }

    /// The import as typed.
    fn wish(&self, studio: &Studio) -> Result<ImportWish, String> {
        if self.running.is_some() {
            return Err("The files are being imported.".to_owned());
        }
        let lines = self.files.lines().map(str::trim).filter(|line| !line.is_empty());
        let files = lines
            .map(|line| path_of(line).ok_or_else(|| format!("“{line}” is no whole path.")))
            .collect::<Result<Vec<_>, _>>()?;
        if files.is_empty() {
            return Err("Choose files, or write their paths, one a line.".to_owned());
        }
        let at = match self.at {
            At::Playhead => Position::Samples(studio.readout().playhead.position.max(0)),
            At::Start => Position::START,
        };
        let track = self.selected.as_ref().filter(|_| self.onto_selected).map(|(id, _)| *id);
        Ok(ImportWish { files, at, track, repair: false })
    }
}

/// A name that fits on a button.
fn short(name: &str) -> String {
    if name.chars().count() <= 24 {
        return name.to_owned();
    }
    name.chars().take(23).chain(['…']).collect()
}

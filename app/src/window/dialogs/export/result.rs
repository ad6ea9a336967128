//! An export under way, and what came of it.

use dawg_engine::export::Exported;
use egui::{Label, ProgressBar, Ui};

use crate::jobs::Job;
use crate::look::control::text_button;
use crate::studio::Studio;
use crate::studio::action::Action;
use crate::window::Scene;
use crate::window::dialogs::form::{Answer, Form, Tone, path_words, say, time_words};

/// What comes after a result.
pub(super) enum Next {
    Stays,
    Closes,
    Again,
}

/// The job that was started after the one with this number.
pub(super) fn job(studio: &Studio, after: u64) -> Option<&Job> {
    studio.jobs().list().iter().find(|job| job.id > after && job.title.starts_with("Export "))
}

/// How far it is.
pub(super) fn running(ui: &mut Ui, form: &mut Form, scene: &mut Scene<'_>, after: u64) -> Answer {
    let job = job(scene.studio, after);
    let (fraction, id) = job.map_or((None, None), |job| (job.progress.fraction(), Some(job.id)));
    form.body(ui, |ui, _| {
        ui.add(Label::new(job.map_or("Export", |job| job.title.as_str())).truncate());
        let bar =
            ProgressBar::new(fraction.unwrap_or(0.0)).desired_width(ui.available_width()).show_percentage();
        ui.add(bar).accessible_name("Export progress");
        say(
            ui,
            Tone::Quiet,
            "The song may be played and changed meanwhile: what is exported is how it was at the start.",
        );
    });
    form.foot(ui, |ui, _| {
        if text_button(ui, "Go on in the background", false).clicked() {
            return Answer::Closes;
        }
        if text_button(ui, "Cancel the export", false).clicked()
            && let Some(id) = id
        {
            scene.wish(Action::CancelJob(id));
        }
        Answer::Stays
    })
}

/// What was made.
pub(super) fn done(ui: &mut Ui, form: &mut Form, scene: &mut Scene<'_>, exported: &Exported) -> Next {
    form.body(ui, |ui, form| {
        say(ui, Tone::Good, "The file is made.");
        form.told(ui, "File", path_words(&exported.path));
        let frames = i64::try_from(exported.frames).unwrap_or(i64::MAX);
        form.told(
            ui,
            "Length",
            format!("{} · {}", time_words(frames, exported.rate), size_words(exported.bytes)),
        );
        form.told(ui, "Peak", format!("{} dBFS", level_words(exported.peak_db)));
        form.told(ui, "True peak", format!("{} dBTP", level_words(exported.true_peak_db)));
        form.told(ui, "Loudness", format!("{} LUFS", level_words(exported.lufs)));
        if exported.clipped > 0 {
            let samples = exported.clipped;
            let words = format!(
                "{samples} samples were too loud and are clipped. Turn the master down and export again."
            );
            say(ui, Tone::Attention, &words);
        }
        if let Some(note) = &exported.note {
            say(ui, Tone::Quiet, note);
        }
    });
    let playing = scene.studio.readout().auditioning.as_deref() == Some(exported.path.as_path());
    form.foot(ui, |ui, form| {
        if form.confirm(ui, "Close", None) {
            if playing {
                scene.wish(Action::Audition(None));
            }
            return Next::Closes;
        }
        if text_button(ui, "Show in folder", false).clicked() {
            scene.wish(Action::ShowInFolder(exported.path.clone()));
        }
        if text_button(ui, if playing { "Stop" } else { "Play" }, false).clicked() {
            scene.wish(Action::Audition((!playing).then(|| exported.path.clone())));
        }
        if text_button(ui, "Export again…", false).clicked() {
            return Next::Again;
        }
        Next::Stays
    })
}

/// "−6.0", or "−∞" for silence.
fn level_words(level: f64) -> String {
    if level.is_finite() { format!("{level:.1}").replace('-', "−") } else { "−∞".to_owned() }
}

fn size_words(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

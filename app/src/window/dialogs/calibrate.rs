//! Measuring the round trip, so that takes land where they were sung: what to connect, a few seconds of noise, and what
//! came of it.

use dawg_engine::calibrate::Measured;
use dawg_session::Samples;
use egui::{Id, Ui};

use super::form::{Answer, Form, Tone, card, say, section};
use crate::calibration::{Source, advice};
use crate::look::control::{progress_bar, text_button};
use crate::sound::{DeviceState, Running};
use crate::studio::Studio;
use crate::studio::action::Action;
use crate::window::{Scene, dialogs::Dialog};

/// What to connect. Two ways: exact, and as it is sung.
const CABLE: &str =
    "With a cable: connect output 1 of the interface to the input that you record. Exact to the sample.";
const HEADPHONES: &str =
    "Without one: hold one side of the headphones to the microphone, turned up as for singing.";
const NOISE: &str = "Some four seconds of noise are played. Take the headphones off.";

/// The dialog's state.
#[derive(Debug)]
pub struct CalibrateForm {
    input: u16,
    begun: bool,
}

impl CalibrateForm {
    pub(super) fn new(studio: &Studio) -> Self {
        let armed = studio.session().and_then(|session| {
            let track = session.tracks.iter().find(|track| track.arm)?;
            track.input.channels().first().copied()
        });
        Self { input: armed.unwrap_or(1), begun: false }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let running = scene.studio.readout().calibrating;
        let ((), off) = card(ui, "Measure the round trip", 560.0, |ui, form| {
            form.body(ui, |ui, form| {
                match &scene.studio.readout().device {
                    DeviceState::Running(device) => self.steps(ui, form, scene.studio, device),
                    _ => {
                        say(ui, Tone::Wrong, "There is no sound device. Choose one in the audio settings.");
                    }
                }
                if let Some(part) = running {
                    progress_bar(ui, "Measuring", Some(part), ui.available_width());
                } else if self.begun
                    && let Some(outcome) = scene.studio.calibrated()
                {
                    section(ui, "Result");
                    result(ui, form, scene.studio, outcome);
                }
            });
            form.foot(ui, |ui, form| self.buttons(ui, form, scene, &mut answer));
        });
        if off { Answer::Closes } else { answer }
    }

    fn steps(&mut self, ui: &mut Ui, form: &mut Form, studio: &Studio, device: &Running) {
        let name = format!("{} · {} frames", device.format.name, device.format.buffer);
        // What was to be connected is, and the figure that counts is the result's.
        if self.begun && matches!(studio.calibrated(), Some(Ok(_))) {
            form.told(ui, "Device", name);
            return;
        }
        for words in [CABLE, HEADPHONES, NOISE] {
            say(ui, Tone::Quiet, words);
        }
        section(ui, "Now");
        form.told(ui, "Device", name);
        form.told(ui, "Round trip", in_use(studio, device));
        let inputs: Vec<(u16, String)> =
            (1..=device.format.inputs).map(|input| (input, format!("Input {input}"))).collect();
        self.input = self.input.clamp(1, device.format.inputs.max(1));
        let measures = studio.readout().calibrating.is_some();
        ui.add_enabled_ui(!measures, |ui| form.combo(ui, "Through", &mut self.input, &inputs));
    }

    fn buttons(&mut self, ui: &mut Ui, form: &mut Form, scene: &mut Scene<'_>, answer: &mut Answer) {
        let readout = scene.studio.readout();
        let (device, rolling) = (&readout.device, readout.playhead.rolling);
        let done = self.begun && matches!(scene.studio.calibrated(), Some(Ok(_)));
        let measured =
            matches!(device, DeviceState::Running(Running { source: Source::Calibrated { .. }, .. }));
        let why_not = match device {
            DeviceState::Running(_) if rolling => Some("Stop the song first."),
            DeviceState::Running(_) => None,
            _ => Some("There is no sound device."),
        };
        if readout.calibrating.is_some() {
            if text_button(ui, "Stop", false).clicked() {
                scene.wish(Action::Calibrate(None));
            }
            return;
        }
        if done {
            if form.confirm(ui, "Done", None) {
                *answer = Answer::Closes;
            }
            if text_button(ui, "Again", false).clicked() {
                self.begin(scene);
            }
        } else {
            if form.confirm(ui, "Measure", why_not) {
                self.begin(scene);
            }
            if text_button(ui, "Close", false).clicked() {
                *answer = Answer::Closes;
            }
        }
        if measured && text_button(ui, "Forget what was measured", false).clicked() {
            self.begun = false;
            scene.wish(Action::ForgetCalibration);
        }
    }

    fn begin(&mut self, scene: &mut Scene<'_>) {
        self.begun = true;
        scene.wish(Action::Calibrate(Some(self.input)));
    }
}

/// Ends a measurement whose dialog was closed.
pub(super) fn watch(ui: &Ui, scene: &mut Scene<'_>) {
    let open = matches!(scene.view.dialog, Some(Dialog::Calibrate(_)));
    let id = Id::unique(("the round trip is measured", ui.ctx().viewport_id()));
    let was_open =
        ui.ctx().data_mut(|data| std::mem::replace(data.get_temp_mut_or_default::<bool>(id), open));
    if was_open && !open && scene.studio.readout().calibrating.is_some() {
        scene.wish(Action::Calibrate(None));
    }
}

/// The round trip that takes are placed by now, and where it comes from.
fn in_use(studio: &Studio, device: &Running) -> String {
    let rate = studio.session().map_or(device.format.rate, |session| session.sample_rate);
    let ms = Samples(device.round_trip).milliseconds(rate);
    let source = match device.source {
        Source::Calibrated { .. } => "measured",
        Source::Driver => "the driver's own figure, not measured",
    };
    format!("{ms:.1} ms ({} frames) · {source}", device.round_trip)
}

fn result(ui: &mut Ui, form: &mut Form, studio: &Studio, outcome: &Result<Measured, String>) {
    let measured = match outcome {
        Ok(measured) => measured,
        Err(why) => {
            let safe = if why.contains("nothing was changed") { "" } else { "\nNothing was changed." };
            say(ui, Tone::Wrong, &format!("{why}{safe}"));
            return;
        }
    };
    let rate = studio.session().map_or(48_000, |session| session.sample_rate);
    let ms = Samples(measured.round_trip).milliseconds(rate);
    form.told(ui, "Round trip", format!("{ms:.1} ms ({} frames)", measured.round_trip));
    // "0", never "-0", and a minus sign where there is one.
    let level = format!("{:.0}", measured.level_db.round() + 0.0).replace('-', "−");
    let upside_down = if measured.inverted { ", upside down" } else { "" };
    form.told(
        ui,
        "It came back",
        format!("at {level} dB{upside_down}, confidence {:.0} %", measured.confidence * 100.0),
    );
    say(ui, Tone::Good, "Kept for this device, rate and block. Every take from now on is placed by it.");
    if let DeviceState::Running(device) = &studio.readout().device
        && let Some(words) = advice(&device.format, measured.round_trip, rate)
    {
        say(ui, Tone::Attention, &words);
    }
}

//! The sound device: host, device, block size, what latency that means, inputs and a test tone.

use dawg_engine::device::Host;
use dawg_session::Samples;
use egui::{Id, Label, RichText, Sense, Ui, Vec2};

use super::form::{Answer, Form, Tone, card, say, section};
use super::new_song::rate_words;
use crate::calibration::{Source, advice};
use crate::look::control::{meter, text_button};
use crate::look::{Tokens, tokens};
use crate::sound::{DeviceChoice, DeviceState, Running};
use crate::studio::Studio;
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::window::{Scene, dialogs::Dialog};

/// Block sizes offered.
const BUFFERS: [u32; 7] = [32, 64, 128, 256, 512, 1_024, 2_048];

/// The dialog's state.
#[derive(Debug, Default)]
pub struct AudioForm {
    asked: bool,
}

impl AudioForm {
    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        if !std::mem::replace(&mut self.asked, true) {
            scene.wish(Action::ListDevices);
            scene.wish(Action::WatchInputs(true));
        }
        let mut answer = Answer::Stays;
        let ((), off) = card(ui, "Audio settings", 600.0, |ui, form| {
            form.body(ui, |ui, form| {
                device_rows(ui, form, scene);
                section(ui, "Now");
                state(ui, form, scene.studio);
                section(ui, "Inputs");
                inputs(ui, scene.studio);
            });
            form.foot(ui, |ui, form| {
                if form.confirm(ui, "Close", None) {
                    answer = Answer::Closes;
                }
                if text_button(ui, "Look for devices again", false).clicked() {
                    scene.wish(Action::ListDevices);
                }
                let sounding = scene.studio.readout().test_tone;
                let words = if sounding { "Stop the test tone" } else { "Test tone" };
                let running = matches!(scene.studio.readout().device, DeviceState::Running(_));
                if ui.add_enabled_ui(running, |ui| text_button(ui, words, false)).inner.clicked() {
                    scene.wish(Action::TestTone(!sounding));
                }
                if ui.add_enabled_ui(running, |ui| text_button(ui, "Measure…", false)).inner.clicked() {
                    scene.command(Command::Calibrate);
                }
            });
        });
        if off { Answer::Closes } else { answer }
    }
}

/// Ends what the dialog had switched on, however it was closed.
pub(super) fn watch(ui: &Ui, scene: &mut Scene<'_>) {
    let open = matches!(scene.view.dialog, Some(Dialog::Audio(_)));
    let id = Id::unique(("audio settings are open", ui.ctx().viewport_id()));
    let was_open =
        ui.ctx().data_mut(|data| std::mem::replace(data.get_temp_mut_or_default::<bool>(id), open));
    if was_open && !open {
        scene.wish(Action::WatchInputs(false));
        scene.wish(Action::TestTone(false));
    }
}

fn device_rows(ui: &mut Ui, form: &mut Form, scene: &mut Scene<'_>) {
    let recording = scene.studio.readout().recording.is_some();
    let mut choice = scene.studio.preferences().device.clone();
    let before = choice.clone();
    ui.add_enabled_ui(!recording, |ui| {
        let hosts = [
            (None, "Automatic", None),
            (Some(Host::Jack), "JACK", (!cfg!(feature = "jack")).then_some("This build has no JACK")),
            (Some(Host::Alsa), "ALSA", None),
            (Some(Host::Timer), "No sound", None),
        ];
        if form.segments(ui, "System", &mut choice.host, &hosts) {
            choice.device = None;
        }
        device_list(ui, form, scene.studio, &mut choice);
        let rate = rate(scene.studio);
        let words = |frames: u32| format!("{frames} frames · {}", latency_words(frames, rate));
        let mut buffers = vec![(None, "Automatic".to_owned())];
        buffers.extend(BUFFERS.map(|frames| (Some(frames), words(frames))));
        form.combo(ui, "Block", &mut choice.buffer, &buffers);
    });
    let song = scene.studio.session().map(|session| session.sample_rate);
    form.told(
        ui,
        "Rate",
        song.map_or("That of the song".to_owned(), |rate| format!("{} · that of the song", rate_words(rate))),
    );
    if recording {
        say(ui, Tone::Attention, "A recording is under way: the device can be changed when it has ended.");
    } else if choice != before {
        scene.wish(Action::Device(choice));
    }
}

fn device_list(ui: &mut Ui, form: &mut Form, studio: &Studio, choice: &mut DeviceChoice) {
    if studio.devices().is_empty() {
        form.told(ui, "Device", "Looking…");
        return;
    }
    let mut devices = vec![(None, "Automatic".to_owned())];
    for device in studio.devices().iter().filter(|device| choice.host.is_none_or(|host| host == device.host))
    {
        let host =
            if choice.host.is_none() { format!("{} · ", host_words(device.host)) } else { String::new() };
        let words = match &device.error {
            Some(why) => format!("{host}{} — {why}", device.name),
            None => format!("{host}{} · {} in, {} out", device.name, device.inputs, device.outputs),
        };
        devices.push((Some((device.host, device.name.clone())), words));
    }
    // A device that is not there now stays chosen, and says so.
    let listed = studio.devices().iter().find(|device| {
        choice.device.as_ref() == Some(&device.name) && choice.host.is_none_or(|host| host == device.host)
    });
    let mut chosen = listed.map(|device| (device.host, device.name.clone()));
    if let (None, Some(name)) = (listed, &choice.device) {
        let host = choice.host.unwrap_or(Host::Alsa);
        chosen = Some((host, name.clone()));
        devices.push((chosen.clone(), format!("{name} — not there now")));
    }
    if form.combo(ui, "Device", &mut chosen, &devices) {
        choice.device = chosen.as_ref().map(|(_, name)| name.clone());
        choice.host = chosen.map(|(host, _)| host).or(choice.host);
    }
}

/// The device in words.
fn state(ui: &mut Ui, form: &mut Form, studio: &Studio) {
    match &studio.readout().device {
        DeviceState::Closed => {
            say(ui, Tone::Quiet, "No device is open: it opens with a song.");
        }
        DeviceState::Opening => {
            say(ui, Tone::Quiet, "The device is being opened…");
        }
        DeviceState::Missing(why) => {
            say(
                ui,
                Tone::Wrong,
                &format!("There is no sound: {why}\nThe song is safe and can be edited and exported."),
            );
        }
        DeviceState::Running(running) => {
            let rate = studio.session().map_or(running.format.rate, |session| session.sample_rate);
            running_rows(ui, form, running, rate);
        }
    }
}

fn running_rows(ui: &mut Ui, form: &mut Form, running: &Running, rate: u32) {
    let format = &running.format;
    let words = format!(
        "{} · {} · {}, {} frames",
        host_words(format.host),
        format.name,
        rate_words(format.rate),
        format.buffer
    );
    form.told(ui, "Runs", words);
    form.told(ui, "Channels", format!("{} in, {} out", format.inputs, format.outputs));
    let frames = running.round_trip + i64::from(running.plan_latency);
    let round_trip = Samples(frames).milliseconds(rate);
    let source = match running.source {
        Source::Calibrated { .. } => "measured",
        Source::Driver => "by the driver's own figures, not measured",
    };
    form.told(ui, "Round trip", format!("{round_trip:.1} ms · {source}"));
    if format.host == Host::Timer {
        say(
            ui,
            Tone::Attention,
            "This is a clock without sound. Choose another system to hear and to record.",
        );
    } else if let Some(words) = advice(format, frames, rate) {
        say(ui, Tone::Attention, &words);
    }
}

/// A meter an input.
fn inputs(ui: &mut Ui, studio: &Studio) {
    let levels = &studio.readout().inputs;
    if levels.is_empty() {
        say(ui, Tone::Quiet, "No input is heard yet.");
        return;
    }
    let look = tokens(ui.ctx());
    ui.horizontal_wrapped(|ui| {
        for (index, level) in levels.iter().enumerate() {
            ui.horizontal(|ui| {
                let number = RichText::new(format!("{:>2}", index + 1)).color(look.secondary).monospace();
                ui.add(Label::new(number).selectable(false));
                let (rect, response) =
                    ui.allocate_exact_size(Vec2::new(112.0, Tokens::SPACE[1]), Sense::hover());
                meter(ui, rect, std::slice::from_ref(level));
                let words = format!("Input {}: {} dB", index + 1, crate::look::control::decibels(level.held));
                response.on_hover_text(&words).widget_info(|| {
                    egui::WidgetInfo::labeled(
                        egui::Role::ProgressIndicator,
                        true,
                        format!("Input {}", index + 1),
                    )
                });
            });
        }
    });
}

fn rate(studio: &Studio) -> u32 {
    match &studio.readout().device {
        DeviceState::Running(running) => running.format.rate,
        _ => studio.session().map_or(48_000, |session| session.sample_rate),
    }
}

/// A block in and a block out: the least that a round trip can be.
fn latency_words(frames: u32, rate: u32) -> String {
    format!("{:.1} ms there and back", 2_000.0 * f64::from(frames) / f64::from(rate.max(1)))
}

const fn host_words(host: Host) -> &'static str {
    match host {
        Host::Jack => "JACK",
        Host::Alsa => "ALSA",
        Host::Timer => "No sound",
    }
}

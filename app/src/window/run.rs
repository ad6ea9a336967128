//! The real window.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use dawg_session::Access;

use super::{Shell, probe, waker};
use crate::jobs::files::load_preferences;
use crate::look;
use crate::studio::preferences::AtStart;
use crate::studio::{Closing, Studio};

/// Opens the studio with a song, or as the preferences say, and runs until it is closed.
///
/// # Errors
/// When there is no display, or no way to draw on it.
pub fn run(song: Option<PathBuf>, data_folder: PathBuf) -> Result<()> {
    let preferences = load_preferences(&data_folder);
    // It is remembered, and may be opened again from another place.
    let song = song.map(|song| std::path::absolute(&song).unwrap_or(song));
    let [width, height] = preferences.window.unwrap_or([1_440.0, 900.0]);
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("AI DAWG")
            .with_app_id("ai-dawg")
            .with_inner_size([width, height])
            .with_min_inner_size([960.0, 600.0]),
        // The only gradients are shades and shadows a few points wide, in which nobody sees bands; and where there is no
        // graphics card it is a tenth of a frame.
        dithering: false,
        ..Default::default()
    };
    let opened = eframe::run_native(
        "AI DAWG",
        options,
        Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            look::fonts(&ctx);
            probe::attach(&ctx)?;
            let waker = waker::of(ctx)?;
            let mut studio = Studio::start(preferences, data_folder, Arc::clone(&waker))?;
            studio.supervise(waker);
            let last = studio.preferences().recent.first().cloned();
            match (song, last, studio.preferences().at_start) {
                (Some(song), _, _) => studio.open(song, Access::Write),
                (None, Some(last), AtStart::LastSong) => studio.open(last, Access::Write),
                _ => studio.new_untitled(),
            }
            Ok(Box::new(App { shell: Shell::new(studio), title: String::new() }))
        }),
    );
    opened.map_err(|error| anyhow!("{error}")).context(
        "the window could not be opened. It needs a display (DISPLAY or WAYLAND_DISPLAY) with OpenGL; every job can \
         be done without one too: `ai-dawg --help`",
    )
}

/// Fewest points that the window is wide: the top bar fits from here.
const NARROWEST: f32 = 640.0;

/// Enlarges everything, but no further than the window has room for.
fn zoom(ctx: &egui::Context, wished: f32) {
    // Whole points, so that no rounding makes it waver from frame to frame.
    let points = (ctx.input(|input| input.viewport_rect().width()) * ctx.zoom_factor()).round();
    ctx.set_zoom_factor(fitting(wished, points));
}

/// The zoom for a window so many points wide at 100 %.
fn fitting(wished: f32, points: f32) -> f32 {
    let most = if points > 0.0 { points / NARROWEST } else { wished };
    wished.min(most.max(1.0))
}

struct App {
    shell: Shell,
    // As the system was last told.
    title: String,
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let preferences = self.shell.studio().preferences();
        look::apply(ui.ctx(), preferences.theme);
        zoom(ui.ctx(), preferences.text_scale.get());
        if ui.ctx().input(|input| input.viewport().close_requested())
            && !self.shell.studio().closing().is_some_and(Closing::is_over)
        {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.shell.studio_mut().ask_to_close();
        }
        let due = self.shell.frame(ui);
        probe::note(ui.ctx(), &self.shell);
        self.tell_title(ui.ctx());
        if self.shell.studio().closing().is_some_and(Closing::is_over) {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
        if let Some(due) = due {
            ui.ctx().request_repaint_after(due.max(Duration::from_millis(5)));
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.shell.studio_mut().shut_down();
    }
}

impl App {
    /// The window is called by its song, as the system's list of windows shows it.
    fn tell_title(&mut self, ctx: &egui::Context) {
        let song = self.shell.studio().session().map(|session| format!(" — {}", session.name));
        let title = format!("AI DAWG{}", song.unwrap_or_default());
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fitting;

    // Seen red: what was wished taken as it is.
    #[test]
    fn text_grows_as_far_as_the_window_has_room() {
        assert_eq!(fitting(2.0, 960.0), 1.5);
        assert_eq!(fitting(2.0, 1_440.0), 2.0);
        assert_eq!(fitting(1.0, 500.0), 1.0, "never below 100 %");
        assert_eq!(fitting(0.8, 960.0), 0.8, "unless that is wished");
    }
}

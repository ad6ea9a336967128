//! The lyrics pad: the song's words beside the timeline. What is typed becomes one step of history when the pad loses
//! the focus, or after a pause.

use std::sync::Arc;
use std::time::Duration;

use dawg_session::{Edit, Session};
use egui::text::{LayoutJob, TextFormat};
use egui::{Frame, Id, Label, Margin, RichText, ScrollArea, TextBuffer, TextEdit, Ui};

use super::Scene;
use super::dialogs::form::{Tone, say};
use crate::look::{Tokens, regular, semibold, tokens};

/// How long a pause in typing is.
const PAUSE: f64 = 2.0;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(work) = scene.studio.work() else { return };
    let kept = Arc::clone(&work.session().lyrics);
    let writable = work.writable();
    let mut text = scene.view.lyrics.take().unwrap_or_else(|| kept.to_string());
    let margin = Margin::same(Tokens::SPACE[0] as i8);
    let focus = std::mem::take(&mut scene.view.focus_lyrics) && writable;
    let done = Frame::new().inner_margin(margin).show(ui, |ui| {
        head(ui, &text);
        pad(ui, &mut text, writable, focus)
    });
    let done = done.inner;
    if text.len() <= Session::MOST_LYRICS && text.contains(|c: char| c.is_control() && c != '\n' && c != '\t')
    {
        // What was pasted may have line ends of another system.
        text = Session::tidy_lyrics(&text).to_string();
    }
    if *kept == *text {
        return;
    }
    if done && text.len() <= Session::MOST_LYRICS {
        scene.edit("Write lyrics", vec![Edit::SetLyrics { lyrics: text.into() }]);
    } else {
        scene.view.lyrics = Some(text);
    }
}

fn head(ui: &mut Ui, text: &str) {
    let look = tokens(ui.ctx());
    ui.horizontal(|ui| {
        ui.add(Label::new(RichText::new("Lyrics").font(semibold(Tokens::TYPE[3]))).truncate());
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        let words = match lines {
            0 => String::new(),
            1 => "1 line".to_owned(),
            lines => format!("{lines} lines"),
        };
        ui.add(Label::new(RichText::new(words).size(Tokens::TYPE[1]).color(look.faint)).truncate());
    });
    if text.len() > Session::MOST_LYRICS {
        let words = "These are more words than a song can hold (64 KB). Shorten them: until then, they are not saved.";
        say(ui, Tone::Attention, words);
    }
}

/// The text itself. Returns whether it is to be kept: the focus is gone, or nothing was typed for a while.
/// With `focus` it takes the focus first.
fn pad(ui: &mut Ui, text: &mut String, writable: bool, focus: bool) -> bool {
    let look = tokens(ui.ctx());
    let room = ui.available_size();
    let size = Tokens::TYPE[3];
    let mut layout = |ui: &Ui, text: &dyn TextBuffer, width: f32| {
        let job = coloured(text.as_str(), size, look.text, look.accent, width);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let response = ScrollArea::vertical().id_salt("lyrics").auto_shrink(false).show(ui, |ui| {
        let edit = TextEdit::multiline(text)
            .id_salt("lyrics")
            .frame(Frame::new().inner_margin(Margin::symmetric(0, Tokens::SPACE[1] as i8)))
            .hint_text("Write the words here.\n[Verse] and [Chorus] on a line of their own name the parts.")
            .desired_width(f32::INFINITY)
            .min_size(room)
            .interactive(writable)
            .layouter(&mut layout);
        ui.add(edit).accessible_name("Lyrics")
    });
    let response = response.inner;
    if focus {
        response.request_focus();
    }
    let id = Id::unique(("lyrics typed at", ui.ctx().viewport_id()));
    let now = ui.input(|input| input.time);
    if response.changed() {
        ui.data_mut(|data| data.insert_temp(id, now));
        ui.ctx().request_repaint_after(Duration::from_secs_f64(PAUSE + 0.02));
    }
    let typed_at = ui.data(|data| data.get_temp::<f64>(id)).unwrap_or(now);
    response.lost_focus() || !response.has_focus() || now - typed_at >= PAUSE
}

/// The words, with lines such as `[Chorus]` in the accent's colour.
fn coloured(text: &str, size: f32, plain: egui::Color32, part: egui::Color32, width: f32) -> LayoutJob {
    let mut job = LayoutJob { wrap: egui::text::TextWrapping::wrap_at_width(width), ..Default::default() };
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let names_a_part = bare.starts_with('[') && bare.ends_with(']');
        let colour = if names_a_part { part } else { plain };
        let format =
            TextFormat { line_height: Some(size * 1.6), ..TextFormat::simple(regular(size), colour) };
        job.append(line, 0.0, format);
    }
    job
}

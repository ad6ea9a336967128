//! The command palette: finds every action by name, tracks of the song and recent songs.
//!
//! Start at [`show`]; how well a text fits is [`score`]'s to say.

use egui::accesskit::Role;
use egui::{Align2, Area, Frame, Id, Key, Modal, Modifiers, Order, Rect, ScrollArea, Sense, TextEdit, Ui};
use egui::{UiKind, Vec2, WidgetInfo};

use super::{Scene, keys, menu};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, mix, regular, tokens, track_colour};
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::view::View;

/// The palette while it is open.
#[derive(Debug, Default)]
pub struct Palette {
    /// What was typed.
    pub text: String,
    /// Which of the finds is chosen.
    pub chosen: usize,
}

/// Width of the card.
const WIDTH: f32 = 560.0;
/// So many finds are in sight; more scroll.
const IN_SIGHT: f32 = 10.0;

/// Something that can be found.
#[derive(Debug, Clone)]
struct Find {
    name: String,
    group: &'static str,
    keys: String,
    what: What,
    score: i32,
}

#[derive(Debug, Clone)]
enum What {
    Command(Command),
    Track(dawg_session::TrackId, egui::Color32),
    Song(std::path::PathBuf),
}

/// Draws it, when open.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(mut palette) = scene.view.palette.take() else { return };
    let finds = finds(scene, &palette.text);
    palette.chosen = palette.chosen.min(finds.len().saturating_sub(1));
    let run = step(ui, &mut palette, finds.len());
    let ctx = ui.ctx().clone();
    let id = Id::unique(("palette", ctx.viewport_id()));
    let down = (ctx.content_rect().height() / 6.0).round();
    let area = Area::new(id)
        .kind(UiKind::Modal)
        .sense(Sense::hover())
        .order(Order::Foreground)
        .anchor(Align2::CENTER_TOP, Vec2::new(0.0, down));
    let tokens = tokens(&ctx);
    let frame = Frame::popup(ui.style()).inner_margin(Tokens::SPACE[1]).corner_radius(Tokens::CORNER[2]);
    let modal = Modal::new(id).area(area).backdrop_color(tokens.scrim).frame(frame);
    let response = modal.show(&ctx, |ui| {
        ui.set_width(WIDTH.min(ctx.content_rect().width() - 2.0 * Tokens::SPACE[4]));
        field(ui, &mut palette);
        ui.add_space(Tokens::SPACE[0]);
        list(ui, &finds, &mut palette)
    });
    let taken = if run { Some(palette.chosen) } else { response.inner };
    if let Some(find) = taken.and_then(|taken| finds.get(taken)) {
        take(scene, find);
    } else if !response.should_close() && !run {
        scene.view.palette = Some(palette);
        return;
    }
    ctx.request_repaint();
}

/// Arrow keys choose; returns whether Enter runs what is chosen.
fn step(ui: &Ui, palette: &mut Palette, count: usize) -> bool {
    ui.input_mut(|input| {
        let by = |key, input: &mut egui::InputState| input.count_and_consume_key(Modifiers::NONE, key);
        let down = by(Key::ArrowDown, input) + 8 * by(Key::PageDown, input);
        let up = by(Key::ArrowUp, input) + 8 * by(Key::PageUp, input);
        palette.chosen = (palette.chosen + down).min(count.saturating_sub(1)).saturating_sub(up);
        input.consume_key(Modifiers::NONE, Key::Enter) && count > 0
    })
}

fn field(ui: &mut Ui, palette: &mut Palette) {
    let edit = TextEdit::singleline(&mut palette.text)
        .hint_text("Find an action, a track or a song")
        .font(regular(Tokens::TYPE[3]))
        .margin(Vec2::new(Tokens::SPACE[2], Tokens::SPACE[1]))
        .desired_width(f32::INFINITY);
    let response = ui.add(edit).accessible_name("Find an action");
    if response.changed() {
        palette.chosen = 0;
    }
    if !response.has_focus() {
        response.request_focus();
    }
}

fn list(ui: &mut Ui, finds: &[Find], palette: &mut Palette) -> Option<usize> {
    let height = Tokens::HEIGHT[2];
    // A window of egui's grows no more by itself than it was: after a short list there is room again for a long one.
    ui.set_max_height(height * (IN_SIGHT + 1.0));
    let mut taken = None;
    if finds.is_empty() {
        ui.add_space(Tokens::SPACE[1]);
        ui.vertical_centered(|ui| ui.weak(format!("Nothing is called “{}”", palette.text)));
        ui.add_space(Tokens::SPACE[1]);
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let moved = ui.data_mut(|data| {
        let before = data.get_temp_mut_or(Id::unique("palette chosen"), usize::MAX);
        std::mem::replace(before, palette.chosen) != palette.chosen
    });
    ScrollArea::vertical().max_height(height * IN_SIGHT).auto_shrink([false, true]).show_rows(
        ui,
        height,
        finds.len(),
        |ui, rows| {
            let top = ui.cursor().top() - rows.start as f32 * height;
            for at in rows {
                if row(ui, &finds[at], at == palette.chosen, height).clicked() {
                    taken = Some(at);
                }
            }
            if moved {
                let at = egui::pos2(ui.cursor().left(), top + palette.chosen as f32 * height);
                let place = Rect::from_min_size(at, Vec2::new(1.0, height));
                ui.scroll_to_rect_animation(place, None, egui::style::ScrollAnimation::none());
            }
        },
    );
    taken
}

fn row(ui: &mut Ui, find: &Find, chosen: bool, height: f32) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &find.name));
    let tokens = tokens(ui.ctx());
    let ground = match (chosen, response.hovered()) {
        (true, _) => Some(tokens.accent_dim),
        (false, true) => Some(mix(tokens.raised, tokens.hover, 0.6)),
        _ => None,
    };
    if let Some(ground) = ground {
        ui.painter().rect_filled(rect, Tokens::CORNER[1], ground);
    }
    let inner = rect.shrink2(Vec2::new(Tokens::SPACE[2], 0.0));
    let mut right = inner.right();
    for cap in find.keys.split('+').rev().filter(|cap| !cap.is_empty()) {
        right = key_cap(ui, inner.with_max_x(right), cap) - Tokens::SPACE[0];
    }
    let group =
        ui.painter().layout_no_wrap(find.group.to_owned(), regular(Tokens::TYPE[1]), tokens.secondary);
    let mut left = inner.left();
    match &find.what {
        What::Track(_, colour) => {
            let at = egui::pos2(left + Tokens::SPACE[0], inner.center().y);
            ui.painter().rect_filled(Rect::from_center_size(at, Vec2::splat(Tokens::SPACE[1])), 2.0, *colour);
            left += Tokens::SPACE[3];
        }
        What::Song(_) => {
            let at = egui::pos2(left + Tokens::SPACE[0], inner.center().y);
            let at = Rect::from_center_size(at, Vec2::splat(Tokens::ICON[0]));
            icon::draw(ui.painter(), Icon::Song, at, tokens.secondary);
            left += Tokens::SPACE[3];
        }
        What::Command(_) => {}
    }
    let room = (right - left - group.size().x - Tokens::SPACE[4]).max(0.0);
    let mut job =
        egui::text::LayoutJob::simple_singleline(find.name.clone(), medium(Tokens::TYPE[2]), tokens.text);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room);
    let name = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let at = |galley: &egui::Galley, x: f32| egui::pos2(x, inner.center().y - galley.size().y / 2.0);
    let beside = left + name.size().x + Tokens::SPACE[1];
    ui.painter().galley(at(&name, left), name, tokens.text);
    ui.painter().galley(at(&group, beside), group, tokens.secondary);
    response
}

/// A key as it looks on a keyboard, at the right of a box. Returns its left edge.
fn key_cap(ui: &Ui, room: Rect, cap: &str) -> f32 {
    let tokens = tokens(ui.ctx());
    let galley = ui.painter().layout_no_wrap(cap.to_owned(), medium(Tokens::TYPE[0]), tokens.secondary);
    let width = (galley.size().x + Tokens::SPACE[2]).max(Tokens::HEIGHT[0]);
    let size = Vec2::new(width, Tokens::HEIGHT[0]);
    let rect = Rect::from_center_size(egui::pos2(room.right() - width / 2.0, room.center().y), size);
    let stroke = egui::Stroke::new(Tokens::HAIRLINE, tokens.hairline);
    ui.painter().rect(rect, Tokens::CORNER[0], tokens.control, stroke, egui::StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, tokens.secondary);
    rect.left()
}

fn take(scene: &mut Scene<'_>, find: &Find) {
    match &find.what {
        What::Command(command) => scene.command(*command),
        What::Track(track, _) => go_to(scene.view, *track),
        What::Song(folder) => {
            scene.wish(Action::Open { folder: folder.clone(), access: dawg_session::Access::Write });
        }
    }
}

/// Selects a track and brings it into sight.
fn go_to(view: &mut View, track: dawg_session::TrackId) {
    view.selection.track = Some(track);
    let Some((top, bottom)) = view.arrange.rows().group_of(track) else { return };
    if top < view.timeline.top || bottom > view.timeline.top + view.timeline.height {
        view.timeline.top = (top - view.panels.track_height).max(0.0);
    }
}

/// All that fits the text, the best first; without a text all commands in the order of the menus.
fn finds(scene: &Scene<'_>, text: &str) -> Vec<Find> {
    let preferences = scene.studio.preferences();
    let mut all = Vec::new();
    for &command in Command::ALL.iter().filter(|command| **command != Command::Palette) {
        let group = command.group().name();
        let spoken = format!("{} {group}", command.name());
        // What cannot be done now is found, but below what can.
        let able = if menu::available(scene, command) { 0 } else { -40 };
        if let Some(score) =
            score(text, command.name()).or_else(|| score(text, &spoken).map(|score| score - 20))
        {
            let keys = keys::keys_of(preferences, command);
            let what = What::Command(command);
            all.push(Find { name: command.name().to_owned(), group, keys, what, score: score + able });
        }
    }
    if !text.trim().is_empty() {
        let open = scene.studio.work().map(crate::studio::work::Work::folder);
        let songs = preferences.recent.iter().filter(|folder| Some(folder.as_path()) != open);
        let songs = songs.map(|folder| {
            (format!("Open {}", menu::song_name(folder)), "Recent song", What::Song(folder.clone()))
        });
        let tracks = scene.studio.session().into_iter().flat_map(|session| &session.tracks).map(|track| {
            let what = What::Track(track.id, track_colour(track.colour));
            (format!("Go to track {}", track.name), "Track", what)
        });
        for (name, group, what) in tracks.chain(songs) {
            if let Some(score) = score(text, &name) {
                all.push(Find { name, group, keys: String::new(), what, score: score - 10 });
            }
        }
        all.sort_by_key(|find| std::cmp::Reverse(find.score));
    }
    all
}

/// How well a text fits a name; none when its letters do not occur in it in this order. Letters that follow each other
/// and beginnings of words count more, long gaps less.
#[must_use]
pub fn score(text: &str, name: &str) -> Option<i32> {
    let letters = text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase);
    let name = name.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    let begins = |at: usize| at == 0 || !name[at - 1].is_alphanumeric();
    let (mut score, mut from) = (0, 0);
    for (count, letter) in letters.enumerate() {
        let rest = || (from..name.len()).filter(|at| name[*at] == letter);
        // The next letter if it follows; else the beginning of a word; else wherever it is.
        let follows = rest().next().filter(|at| count > 0 && *at == from);
        let at = follows.or_else(|| rest().find(|at| begins(*at))).or_else(|| rest().next())?;
        let gap = i32::try_from(at - from).unwrap_or(i32::MAX).min(10);
        score += 10 - gap + if begins(at) { 12 } else { 0 } + if follows.is_some() { 10 } else { 0 };
        from = at + 1;
    }
    Some(score - i32::try_from(name.len() / 8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(text: &str) -> &'static str {
        let scored = Command::ALL.iter().filter_map(|command| Some((score(text, command.name())?, command)));
        scored.max_by_key(|(score, _)| *score).map_or("", |(_, command)| command.name())
    }

    // Seen red: without the points for beginnings of words.
    #[test]
    fn what_is_meant_comes_first() {
        assert_eq!(best("export"), "Export…");
        assert_eq!(best("ast"), "Add stereo track");
        assert_eq!(best("aud set"), "Audio settings…");
        assert_eq!(best("undo"), "Undo");
        assert_eq!(best("metro"), "Metronome on or off");
        assert_eq!(best("whole"), "Zoom to the whole song");
        assert_eq!(score("xqz", "Export…"), None);
    }
}

//! Notices and jobs, floating at the lower right: what happened, what is safe, what to do; and what is under way.
//!
//! Start at [`show`]. Only the cards take the pointer; nothing beside or under them is blocked.

use egui::accesskit::Role;
use egui::{Align2, Area, Color32, Frame, Id, Layout, Order, Rect, RichText, Sense, Ui, Vec2, WidgetInfo};

use super::Scene;
use crate::jobs::{Job, JobState};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, regular, semibold, tokens};
use crate::studio::action::{Action, Dismissed};
use crate::studio::notice::{Gravity, Notice};

/// Width of a card.
const WIDTH: f32 = 344.0;
/// So many notices are in sight at once.
const MOST: usize = 4;
/// So many characters of a detail, however much there is to say.
const MOST_WORDS: usize = 600;

/// Draws them.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let studio = scene.studio;
    let notices = studio.notices().list();
    let jobs = studio.jobs().list().iter().filter(|job| job.shown).collect::<Vec<_>>();
    if notices.is_empty() && jobs.is_empty() {
        return;
    }
    let recording = studio.readout().recording.is_some();
    let most = if recording { 2 } else { MOST };
    let offset = Vec2::splat(-Tokens::SPACE[3]);
    let area = Area::new(Id::unique("notices")).order(Order::Middle).anchor(Align2::RIGHT_BOTTOM, offset);
    area.interactable(true).sense(Sense::hover()).show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        ui.spacing_mut().item_spacing.y = Tokens::SPACE[1];
        let older = notices.len().saturating_sub(most);
        if older > 0 {
            card(ui, Color32::TRANSPARENT, |ui| {
                ui.label(RichText::new(format!("{older} more")).color(tokens(ui.ctx()).secondary));
            });
        }
        for one in &notices[older..] {
            notice(ui, one, recording, scene);
        }
        for one in jobs.iter().rev().take(MOST).rev() {
            job(ui, one, scene);
        }
    });
}

/// A card with an edge that says how grave it is.
fn card(ui: &mut Ui, edge: Color32, add: impl FnOnce(&mut Ui)) {
    let tokens = tokens(ui.ctx());
    let frame = Frame::popup(ui.style()).fill(tokens.raised).corner_radius(Tokens::CORNER[1]).inner_margin(
        egui::Margin {
            left: Tokens::SPACE[3] as i8,
            right: Tokens::SPACE[1] as i8,
            top: Tokens::SPACE[1] as i8 + 2,
            bottom: Tokens::SPACE[1] as i8 + 2,
        },
    );
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = Tokens::SPACE[0] / 2.0;
        add(ui);
    });
    let stripe = shown.response.rect.shrink(1.0);
    let stripe = stripe.with_max_x(stripe.left() + Tokens::SPACE[0] - 1.0);
    let round = egui::CornerRadius { nw: Tokens::CORNER[1] as u8, sw: Tokens::CORNER[1] as u8, ne: 0, se: 0 };
    ui.painter().rect_filled(stripe, round, edge);
}

fn notice(ui: &mut Ui, notice: &Notice, small: bool, scene: &mut Scene<'_>) {
    let tokens = tokens(ui.ctx());
    let (shape, ink) = match notice.gravity {
        Gravity::Told => (Icon::Info, tokens.accent),
        Gravity::Attention => (Icon::Warning, tokens.attention),
        Gravity::Failed => (Icon::Warning, tokens.record),
    };
    card(ui, ink, |ui| {
        head(ui, shape, ink, &notice.title, Some(("Dismiss", Dismissed::Notice(notice.id))), scene);
        let brief = small && notice.gravity == Gravity::Told;
        if !notice.detail.is_empty() && !brief {
            detail(ui, &notice.detail);
        }
        if !notice.offers.is_empty() {
            ui.add_space(Tokens::SPACE[0]);
            ui.horizontal_wrapped(|ui| {
                ui.add_space(Tokens::SPACE[4]);
                for (words, action) in &notice.offers {
                    if ui.button(words).clicked() {
                        scene.wish(action.clone());
                        scene.wish(Action::Dismiss(Dismissed::Notice(notice.id)));
                    }
                }
            });
        }
    });
}

/// Icon, title, and a cross that takes it out of sight.
fn head(
    ui: &mut Ui,
    shape: Icon,
    ink: Color32,
    title: &str,
    cross: Option<(&str, Dismissed)>,
    scene: &mut Scene<'_>,
) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = Tokens::SPACE[1];
        let side = Tokens::ICON[1];
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
        icon::draw(ui.painter(), shape, rect, ink);
        let room = ui.available_width() - Tokens::HEIGHT[0] - Tokens::SPACE[1];
        ui.allocate_ui_with_layout(Vec2::new(room, side), Layout::top_down(egui::Align::Min), |ui| {
            ui.set_width(room);
            ui.add(egui::Label::new(RichText::new(title).font(semibold(Tokens::TYPE[2]))).wrap());
        });
        if let Some((verb, what)) = cross
            && cross_button(ui, &format!("{verb} “{title}”")).clicked()
        {
            scene.wish(Action::Dismiss(what));
        }
    });
}

fn cross_button(ui: &mut Ui, name: &str) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(Tokens::HEIGHT[0]), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let tokens = tokens(ui.ctx());
    if response.hovered() {
        ui.painter().rect_filled(rect, Tokens::CORNER[0], tokens.hover);
    }
    if response.has_focus() {
        let stroke = egui::Stroke::new(Tokens::FOCUS, tokens.accent);
        ui.painter().rect_stroke(rect, Tokens::CORNER[0], stroke, egui::StrokeKind::Inside);
    }
    let side = Rect::from_center_size(rect.center(), Vec2::splat(Tokens::TYPE[0]));
    icon::draw(ui.painter(), Icon::Close, side, tokens.secondary);
    response.on_hover_text("Dismiss")
}

fn detail(ui: &mut Ui, words: &str) {
    let shown = match words.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    };
    ui.horizontal_top(|ui| {
        ui.add_space(Tokens::SPACE[4]);
        let words = RichText::new(shown).font(regular(Tokens::TYPE[1])).color(tokens(ui.ctx()).secondary);
        ui.add(egui::Label::new(words).wrap());
    });
}

fn job(ui: &mut Ui, job: &Job, scene: &mut Scene<'_>) {
    let tokens = tokens(ui.ctx());
    match &job.state {
        JobState::Running => card(ui, tokens.accent, |ui| running(ui, job, scene)),
        JobState::Done(words) if job.made.is_some() || !words.is_empty() => {
            ended(ui, job, (Icon::Check, tokens.in_tune), words, scene);
        }
        // What was made is in sight already, and why something failed is told by a notice.
        _ => scene.wish(Action::Dismiss(Dismissed::Job(job.id))),
    }
}

fn running(ui: &mut Ui, job: &Job, scene: &mut Scene<'_>) {
    let tokens = tokens(ui.ctx());
    let part = job.progress.fraction().map(|part| (part).clamp(0.0, 1.0));
    ui.horizontal(|ui| {
        let room = ui.available_width() - 2.0 * Tokens::SPACE[4] - Tokens::HEIGHT[2] - Tokens::SPACE[1];
        ui.allocate_ui_with_layout(
            Vec2::new(room, Tokens::HEIGHT[0]),
            Layout::left_to_right(egui::Align::Center),
            |ui| {
                ui.set_width(room);
                ui.add(egui::Label::new(RichText::new(&job.title).font(medium(Tokens::TYPE[2]))).truncate());
            },
        );
        let words = part.map_or_else(|| "…".to_owned(), |part| format!("{:.0} %", part * 100.0));
        let (rect, _) =
            ui.allocate_exact_size(Vec2::new(Tokens::HEIGHT[2], Tokens::HEIGHT[0]), Sense::hover());
        ui.painter().text(
            rect.right_center(),
            Align2::RIGHT_CENTER,
            words,
            regular(Tokens::TYPE[1]),
            tokens.secondary,
        );
        if job.cancellable && cross_button(ui, &format!("Cancel “{}”", job.title)).clicked() {
            scene.wish(Action::CancelJob(job.id));
        }
    });
    let (rect, response) = ui.allocate_exact_size(
        Vec2::new(ui.available_width() - Tokens::SPACE[1], Tokens::SPACE[0]),
        Sense::hover(),
    );
    response.widget_info(|| WidgetInfo {
        value: part.map(f64::from),
        ..WidgetInfo::labeled(Role::ProgressIndicator, true, &job.title)
    });
    ui.painter().rect_filled(rect, rect.height() / 2.0, tokens.well);
    let done = rect.with_max_x(rect.left() + rect.width() * part.unwrap_or(0.0));
    ui.painter().rect_filled(done, rect.height() / 2.0, tokens.accent);
}

fn ended(ui: &mut Ui, job: &Job, (shape, ink): (Icon, Color32), words: &str, scene: &mut Scene<'_>) {
    card(ui, ink, |ui| {
        head(ui, shape, ink, &job.title, Some(("Dismiss", Dismissed::Job(job.id))), scene);
        if !words.is_empty() {
            detail(ui, words);
        }
        if let Some(made) = &job.made {
            ui.horizontal(|ui| {
                ui.add_space(Tokens::SPACE[4]);
                if ui.button("Show in folder").clicked() {
                    scene.wish(Action::ShowInFolder(made.clone()));
                }
            });
        }
    });
}

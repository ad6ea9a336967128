//! What the drawer says where there is no curve: what to do first.
//!
//! Start at [`show`].

use dawg_session::{Session, Track};
use egui::{Align, Layout, Rect, RichText, Ui, UiBuilder, vec2};

use super::history::History;
use crate::look::control::text_button;
use crate::look::{Tokens, regular, semibold, tokens};
use crate::sound::DeviceState;
use crate::studio::command::Command;
use crate::window::Scene;

/// Widest and lowest.
const SIZE: egui::Vec2 = vec2(420.0, 84.0);

/// What is to be said: a title, words, and what helps.
struct Hint {
    title: &'static str,
    words: String,
    helps: Option<(&'static str, Command)>,
}

/// Says what keeps the curve away, if anything does.
pub(super) fn show(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    session: &Session,
    track: Option<&Track>,
    history: Option<&History>,
) {
    let Some(hint) = hint(scene, session, track, history) else { return };
    let tokens = tokens(ui.ctx());
    let room = ui.max_rect();
    let wanted = if hint.title.is_empty() { vec2(SIZE.x, Tokens::HEIGHT[0]) } else { SIZE };
    let size = wanted.min(room.size() - vec2(2.0 * Tokens::SPACE[3], 0.0));
    let place = Rect::from_center_size(room.center(), size);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Center)));
    ui.spacing_mut().item_spacing.y = Tokens::SPACE[0];
    if !hint.title.is_empty() {
        ui.label(RichText::new(hint.title).font(semibold(Tokens::TYPE[3])).color(tokens.text));
    }
    ui.label(RichText::new(hint.words).font(regular(Tokens::TYPE[2])).color(tokens.secondary));
    if let Some((words, command)) = hint.helps {
        ui.add_space(Tokens::SPACE[0]);
        if text_button(&mut ui, words, true).clicked() {
            scene.command(command);
        }
    }
}

fn hint(
    scene: &Scene<'_>,
    session: &Session,
    track: Option<&Track>,
    history: Option<&History>,
) -> Option<Hint> {
    if history.is_some_and(|history| history.end() > 0) {
        return None;
    }
    if let DeviceState::Missing(why) = &scene.studio.readout().device {
        let helps = Some(("Audio settings…", Command::AudioSettings));
        return Some(Hint { title: "There is no sound device", words: why.clone(), helps });
    }
    if track.is_none() {
        let (words, helps) = match (session.tracks.is_empty(), scene.view.selection.track) {
            (true, _) => {
                ("The pitch of what you sing is drawn here.", Some(("Add a track", Command::AddMonoTrack)))
            }
            (false, Some(_)) => {
                ("What you sing into it is drawn here, live.", Some(("Arm", Command::ToggleArm)))
            }
            (false, None) => ("Select one and press A: what you sing into it is drawn here, live.", None),
        };
        return Some(Hint { title: "Arm a track to see its pitch", words: words.to_owned(), helps });
    }
    Some(Hint { title: "", words: "Sing: your pitch is drawn here.".to_owned(), helps: None })
}

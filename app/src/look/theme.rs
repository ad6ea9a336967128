//! egui's own style made of the tokens, so that its plain widgets look like ours.

use egui::epaint::Shadow;
use egui::style::{ScrollStyle, Selection, Spacing, WidgetVisuals, Widgets};
use egui::{Color32, Context, CornerRadius, Margin, Stroke, Style, TextStyle, Vec2, Visuals};

use super::fonts::{fonts, medium, regular, semibold};
use super::tokens::{Tokens, put_in_force};
use crate::studio::preferences::Theme;

/// Puts a theme in force: tokens, egui's style and, where they are not yet, the fonts. Cheap when nothing changed, so
/// it may be called in each frame.
pub fn apply(ctx: &Context, theme: Theme) {
    if !put_in_force(ctx, theme) {
        return;
    }
    fonts(ctx);
    let tokens = Tokens::of(theme);
    ctx.set_theme(if tokens.dark { egui::Theme::Dark } else { egui::Theme::Light });
    ctx.all_styles_mut(|style| restyle(style, &tokens));
    ctx.request_repaint();
}

fn restyle(style: &mut Style, tokens: &Tokens) {
    let [ruler, label, body, title, position, _] = Tokens::TYPE;
    style.text_styles = [
        (TextStyle::Small, regular(label)),
        (TextStyle::Body, regular(body)),
        (TextStyle::Button, medium(body)),
        (TextStyle::Heading, semibold(title)),
        (TextStyle::Monospace, regular(body)),
        (TextStyle::Name("ruler".into()), regular(ruler)),
        (TextStyle::Name("position".into()), semibold(position)),
    ]
    .into();
    space(&mut style.spacing);
    style.interaction.tooltip_delay = 0.5;
    style.interaction.selectable_labels = false;
    // A test that stops all motion keeps it stopped.
    style.animation_time = style.animation_time.min(Tokens::MOTION);
    let blink = style.visuals.text_cursor.blink;
    style.visuals = visuals(tokens);
    style.visuals.text_cursor.blink = blink;
    style.visuals.text_cursor.stroke = Stroke::new(Tokens::LINE, tokens.accent);
}

fn space(spacing: &mut Spacing) {
    let [tiny, small, medium, large, _] = Tokens::SPACE;
    spacing.item_spacing = Vec2::new(small, small - tiny / 2.0);
    // A line of body text with this above and below is as high as our own controls.
    spacing.button_padding = Vec2::new(medium - tiny / 2.0, tiny + tiny / 2.0);
    spacing.interact_size = Vec2::new(Tokens::HEIGHT[2], Tokens::HEIGHT[1]);
    spacing.window_margin = Margin::same(large as i8);
    spacing.menu_margin = Margin::same((small - tiny / 2.0) as i8);
    spacing.indent = large;
    spacing.icon_width = Tokens::ICON[1];
    spacing.icon_width_inner = Tokens::SPACE[1];
    spacing.icon_spacing = small;
    spacing.tooltip_width = Tokens::MEASURE;
    spacing.menu_spacing = tiny;
    spacing.slider_rail_height = tiny;
    spacing.combo_height = Tokens::MEASURE;
    spacing.scroll = ScrollStyle {
        bar_width: small,
        floating_width: tiny,
        // A gutter as wide as the bar becomes under the pointer: it never lies over what can be clicked.
        floating_allocated_width: small + tiny / 2.0,
        handle_min_length: Tokens::SPACE[4],
        bar_inner_margin: tiny / 2.0,
        bar_outer_margin: tiny / 2.0,
        foreground_color: true,
        dormant_handle_opacity: 0.25,
        active_handle_opacity: 0.4,
        interact_handle_opacity: 0.6,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.0,
        ..ScrollStyle::floating()
    };
}

fn visuals(tokens: &Tokens) -> Visuals {
    let card = CornerRadius::same(Tokens::CORNER[2] as u8);
    let shadow = |blur: u8, down: i8| Shadow { offset: [0, down], blur, spread: 0, color: tokens.shadow };
    let base = if tokens.dark { Visuals::dark() } else { Visuals::light() };
    Visuals {
        dark_mode: tokens.dark,
        weak_text_color: Some(tokens.secondary),
        widgets: widgets(tokens),
        selection: Selection {
            bg_fill: tokens.accent_dim,
            stroke: Stroke::new(Tokens::FOCUS, tokens.accent),
        },
        hyperlink_color: tokens.accent,
        faint_bg_color: tokens.raised,
        extreme_bg_color: tokens.well,
        text_edit_bg_color: Some(tokens.well),
        code_bg_color: tokens.well,
        warn_fg_color: tokens.attention,
        error_fg_color: tokens.record,
        window_corner_radius: card,
        window_shadow: shadow(32, 12),
        window_fill: tokens.raised,
        window_stroke: edge(tokens),
        window_highlight_topmost: false,
        menu_corner_radius: CornerRadius::same(Tokens::CORNER[1] as u8),
        panel_fill: tokens.panel,
        popup_shadow: shadow(20, 6),
        striped: false,
        slider_trailing_fill: true,
        indent_has_left_vline: false,
        disabled_alpha: 0.45,
        ..base
    }
}

/// The edge of what floats: barely seen, but there on a dark room where shadows are not.
fn edge(tokens: &Tokens) -> Stroke {
    Stroke::new(Tokens::HAIRLINE, tokens.hairline)
}

fn widgets(tokens: &Tokens) -> Widgets {
    let corner = CornerRadius::same(Tokens::CORNER[1] as u8);
    let widget = |fill: Color32, stroke: Stroke, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: stroke,
        corner_radius: corner,
        fg_stroke: Stroke::new(Tokens::LINE, text),
        expansion: 0.0,
    };
    let outline = Stroke::new(Tokens::HAIRLINE, tokens.outline);
    Widgets {
        noninteractive: widget(tokens.panel, edge(tokens), tokens.text),
        inactive: widget(tokens.control, outline, tokens.text),
        hovered: widget(tokens.hover, outline, tokens.text),
        // egui shows keyboard focus as active: this is the focus ring of its widgets.
        active: widget(tokens.pressed, Stroke::new(Tokens::FOCUS, tokens.accent), tokens.text),
        open: widget(tokens.control, outline, tokens.text),
    }
}

//! What an owner in this program is made of: `ai-dawg jarvis run` and the window own the sidecars alike.

use anyhow::{Context, Result};
use jarvis::control_plane;
use jarvis::layout::Layout;
use jarvis::owner::Options;
use jarvis::process::system::Program;
use jarvis::switch;

/// The options of an owner. `port` is what was typed; else the environment's [`control_plane::VARIABLE`] counts, else the
/// usual one.
///
/// # Errors
/// When this program does not find itself, or the environment names no port.
pub fn options(layout: Layout, port: Option<u16>) -> Result<Options> {
    let path =
        std::env::current_exe().context("this program does not find itself: start it by its full path")?;
    let program = Program { path: path.into(), keeper: vec!["sidecar-keeper".into()] };
    let environment = std::env::var_os(switch::VARIABLE).map(|value| value.to_string_lossy().into_owned());
    Ok(Options { layout, program, environment, port: chosen(port)? })
}

fn chosen(port: Option<u16>) -> Result<u16> {
    match (port, std::env::var_os(control_plane::VARIABLE)) {
        (Some(port), _) => Ok(port),
        (None, Some(value)) if !value.is_empty() => {
            value.to_str().and_then(|value| value.parse().ok()).with_context(|| {
                let name = control_plane::VARIABLE;
                format!("{name} is “{}”, which is no port: give 0 to 65535", value.display())
            })
        }
        (None, _) => Ok(control_plane::PORT),
    }
}

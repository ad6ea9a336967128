//! What an owner in this program is made of: `ai-dawg jarvis run` and the window own the sidecars alike.

use anyhow::{Context, Result};
use jarvis::control_plane;
use jarvis::layout::Layout;
use jarvis::owner::{Options, WrongPort};
use jarvis::process::system::Program;
use jarvis::switch;

/// The options of an owner. `port` is what was typed; else the environment's [`control_plane::VARIABLE`] counts, else the
/// usual one. Where that names no port, only owning fails: another's owner is attached to without one.
///
/// # Errors
/// When this program does not find itself.
pub fn options(layout: Layout, port: Option<u16>) -> Result<Options> {
    let path =
        std::env::current_exe().context("this program does not find itself: start it by its full path")?;
    let program = Program { path: path.into(), keeper: vec!["sidecar-keeper".into()] };
    let environment = std::env::var_os(switch::VARIABLE).map(|value| value.to_string_lossy().into_owned());
    Ok(Options { layout, program, environment, port: chosen(port) })
}

fn chosen(port: Option<u16>) -> Result<u16, WrongPort> {
    match (port, std::env::var_os(control_plane::VARIABLE)) {
        (Some(port), _) => Ok(port),
        (None, Some(value)) if !value.is_empty() => {
            let port = value.to_str().and_then(|value| value.parse().ok());
            port.ok_or_else(|| WrongPort { value: value.to_string_lossy().into_owned() })
        }
        (None, _) => Ok(control_plane::PORT),
    }
}

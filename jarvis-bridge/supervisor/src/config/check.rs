//! What the types cannot say: names are unique, needs exist and make no circle, ports and paths make sense.

use std::collections::BTreeSet;

use toml::Spanned;

use super::{Config, ConfigError, Identity, Sidecar, span};
use crate::control_plane::SUPERVISOR;

/// The declarations, sidecars in the order in which they are started.
pub(super) fn check(mut config: Config, text: &str, place: &str) -> Result<Config, ConfigError> {
    let repeated = repeated(&config);
    config.alerts = crate::alert::merged(config.alerts);
    let problem = each(&config).err().or(repeated).or_else(|| limits(&config));
    if let Some(wrong) = problem {
        return Err(ConfigError::Wrong {
            place: place.to_owned(),
            line: span::line(text, wrong.at),
            problem: wrong.problem,
            remedy: wrong.remedy.to_owned(),
        });
    }
    config.sidecars = ordered(config.sidecars).map_err(|(at, names)| ConfigError::Wrong {
        place: place.to_owned(),
        line: span::line(text, at),
        problem: format!("{names} need each other in a circle, so none of them can be first"),
        remedy: "take one of their needs away".to_owned(),
    })?;
    Ok(config)
}

struct Wrong {
    at: usize,
    problem: String,
    remedy: &'static str,
}

fn wrong<T>(at: &Spanned<T>, problem: String, remedy: &'static str) -> Wrong {
    Wrong { at: at.span().start, problem, remedy }
}

fn each(config: &Config) -> Result<(), Wrong> {
    let declared: BTreeSet<&str> = config.sidecars.iter().map(Sidecar::name).collect();
    let mut seen = BTreeSet::new();
    for sidecar in &config.sidecars {
        let name = sidecar.name();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
            let problem = format!("“{name}” cannot name a sidecar");
            return Err(wrong(&sidecar.name, problem, "use 1 to 64 letters, digits, - and _"));
        }
        if name == SUPERVISOR {
            let problem = format!("“{name}” is the supervisor itself");
            return Err(wrong(&sidecar.name, problem, "give the sidecar another name"));
        }
        if !seen.insert(name) {
            let problem = format!("two sidecars are called “{name}”");
            return Err(wrong(&sidecar.name, problem, "give one of them another name"));
        }
        command(sidecar)?;
        if let Some(missing) = sidecar.needs.iter().find(|need| !declared.contains(need.get_ref().as_str())) {
            let problem = format!("“{name}” needs “{}”, which is not declared", missing.get_ref());
            return Err(wrong(missing, problem, "declare it, or take it from `needs`"));
        }
    }
    Ok(())
}

/// Two rules of one name: only one could hold.
fn repeated(config: &Config) -> Option<Wrong> {
    let mut seen = BTreeSet::new();
    let twice = config.alerts.iter().find(|rule| rule.name.is_empty() || !seen.insert(&rule.name))?;
    let problem = format!("two alerts are called “{}”, or one has no name", twice.name);
    Some(Wrong { at: 0, problem, remedy: "give each rule a name of its own" })
}

fn command(sidecar: &Sidecar) -> Result<(), Wrong> {
    let name = sidecar.name();
    if sidecar.command.get_ref().first().is_none_or(String::is_empty) {
        let problem = format!("“{name}” has no command");
        return Err(wrong(&sidecar.command, problem, "say which program to start, then its arguments"));
    }
    if !sidecar.health.get_ref().starts_with('/') {
        let problem = format!("“{}” is no path to ask “{name}” for its health", sidecar.health.get_ref());
        return Err(wrong(&sidecar.health, problem, "begin it with /"));
    }
    if sidecar.identity == Identity::Process && sidecar.port == 0 && !sidecar.moves() {
        let problem = format!("nobody knows at which port “{name}” listens");
        return Err(wrong(&sidecar.name, problem, "give its `port`, or put {port} into its command"));
    }
    Ok(())
}

fn limits(config: &Config) -> Option<Wrong> {
    let no_line = |problem: &str, remedy| Some(Wrong { at: 0, problem: problem.to_owned(), remedy });
    if config.times.flapping_changes < 2 {
        return no_line("`flapping_changes` is below 2", "one change is not flapping: give 2 or more");
    }
    if !(0.0..1.0).contains(&config.restarts.jitter) {
        return no_line("`jitter` is not a share from 0 up to 1", "give a share such as 0.2");
    }
    if config.logs.bytes < 1000 {
        return no_line("`bytes` of a log is below 1000", "leave room for what a sidecar says last");
    }
    config.control_plane.wrong().and_then(|(problem, remedy)| no_line(problem, remedy))
}

/// Each after those it needs, otherwise as declared; or where a circle stands, and who is in it.
fn ordered(mut waiting: Vec<Sidecar>) -> Result<Vec<Sidecar>, (usize, String)> {
    let mut ordered: Vec<Sidecar> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|sidecar| {
            sidecar.needs.iter().all(|need| ordered.iter().any(|first| first.name() == need.get_ref()))
        });
        let Some(ready) = ready else {
            let names: Vec<_> = waiting.iter().map(Sidecar::name).collect();
            let at = waiting.first().map_or(0, |first| first.name.span().start);
            return Err((at, names.join(", ")));
        };
        ordered.push(waiting.remove(ready));
    }
    Ok(ordered)
}

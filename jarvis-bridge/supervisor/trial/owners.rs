//! Owners to be killed: one that knows of nothing but processes, and a whole one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jarvis::clock::Bell;
use jarvis::config::{Identity, Logs};
use jarvis::layout::Layout;
use jarvis::owner::{Options, Owner};
use jarvis::process::system::{Program, SystemHost};
use jarvis::process::{Fate, Order, ProcessHost, RunId, leftover};
use jarvis::stream::Hub;

/// Owns what `folder` declares; says `up` once it does, and `port N`.
pub(crate) fn own(folder: &Path) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = Program { path: program.into(), keeper: vec!["sidecar-keeper".into()] };
    let layout = Layout::within(folder);
    let owner = Owner::start(Options { layout, program, environment: None, port: Ok(0) });
    let owner = owner.map_err(|error| error.to_string())?;
    super::say(&format!("port {}", owner.port()));
    owner.wait();
    Ok(())
}

/// Starts one of each kind, says `pid PID` for both, and waits to be killed.
pub(crate) fn host(folder: &Path) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let layout = Layout::within(folder);
    layout.make().map_err(|error| error.to_string())?;
    let bell = Bell::default();
    let program = Program { path: program.into(), keeper: vec!["sidecar-keeper".into()] };
    let owner = leftover::proof(std::process::id(), "owner");
    let mut host = SystemHost::new(program, layout, Logs::default(), owner, bell.clone(), Hub::default())
        .map_err(|error| error.to_string())?;
    let away = "(setsid sleep 1000 &) ; exec {ai-dawg} foreign --port {port}";
    let commands =
        [(Identity::Nonce, vec!["{ai-dawg}", "sidecar"]), (Identity::Process, vec!["sh", "-c", away])];
    for (number, (identity, command)) in commands.into_iter().enumerate() {
        host.start(Order {
            run: RunId(number as u64),
            name: Arc::from(format!("trial{number}")),
            command: command.into_iter().map(str::to_owned).collect(),
            environment: BTreeMap::new(),
            identity,
            port: 0,
            moves: true,
            instance: format!("trial {number} of {}", std::process::id()),
            token: "secret".to_owned(),
            grace: Duration::from_secs(1),
        });
    }
    loop {
        bell.wait(Duration::from_secs(1));
        for (_, fate) in host.fates() {
            if let Fate::Started { pid, .. } = fate {
                super::say(&format!("pid {pid}"));
            }
        }
    }
}

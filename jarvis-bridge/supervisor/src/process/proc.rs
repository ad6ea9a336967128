//! What Linux tells of processes: `/proc`.
//!
//! All of it is a picture of a moment. A pid alone proves nothing; with its start it does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// One process, as `/proc/PID/stat` tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stat {
    pub(super) parent: u32,
    pub(super) group: u32,
    /// Clock ticks since the machine started.
    started: u64,
    /// It is over and waits to be asked how.
    zombie: bool,
}

/// The process `pid`, unless it is over.
pub(super) fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may hold anything, brackets too.
    let rest = text.get(text.rfind(')')? + 2..)?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Stat {
        parent: u32::try_from(number(1)?).ok()?,
        group: u32::try_from(number(2)?).ok()?,
        started: number(19)?,
        zombie: matches!(*fields.first()?, "Z" | "X"),
    })
    .filter(|stat| !stat.zombie)
}

/// When `pid` began, told apart from all other starts of this machine.
pub(super) fn started(pid: u32) -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(format!("{} {}", boot.trim(), stat(pid)?.started))
}

/// What `pid` was given in its environment as `name`.
pub(super) fn environment(pid: u32, name: &str) -> Option<String> {
    let all = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let entry = all
        .split(|byte| *byte == 0)
        .find_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
    String::from_utf8(entry.to_vec()).ok()
}

/// All processes in sight.
pub(super) fn all() -> BTreeMap<u32, Stat> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid| Some((pid, stat(pid)?))).collect()
}

/// `leader`, all of its group, and all their descendants.
pub(crate) fn family(leader: u32) -> BTreeSet<u32> {
    let all = all();
    let mut family: BTreeSet<u32> = all
        .iter()
        .filter(|(pid, stat)| **pid == leader || stat.group == leader)
        .map(|(pid, _)| *pid)
        .collect();
    loop {
        let more: Vec<u32> = all
            .iter()
            .filter(|(pid, stat)| !family.contains(*pid) && family.contains(&stat.parent))
            .map(|(pid, _)| *pid)
            .collect();
        if more.is_empty() {
            return family;
        }
        family.extend(more);
    }
}

/// The descendants of `ancestor`, without it.
pub(super) fn descendants(ancestor: u32) -> BTreeSet<u32> {
    let all = all();
    let mut found = BTreeSet::from([ancestor]);
    loop {
        let more: Vec<u32> = all
            .iter()
            .filter(|(pid, stat)| !found.contains(*pid) && found.contains(&stat.parent))
            .map(|(pid, _)| *pid)
            .collect();
        if more.is_empty() {
            found.remove(&ancestor);
            return found;
        }
        found.extend(more);
    }
}

/// Who listens at a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listener {
    /// Nobody.
    Nobody,
    /// Processes of the family of the leader that was asked about, and no others.
    Family,
    /// Another program; which, as far as it can be seen.
    Another(Option<u32>),
}

/// Who listens at the TCP port `port`, seen from the family of `leader`.
pub(crate) fn listener(port: u16, leader: Option<u32>) -> Listener {
    let sockets = listening(port);
    if sockets.is_empty() {
        return Listener::Nobody;
    }
    let family = leader.map(family).unwrap_or_default();
    let held = |pids: &mut dyn Iterator<Item = u32>| -> BTreeMap<String, u32> {
        pids.flat_map(|pid| held_sockets(pid).into_iter().map(move |socket| (socket, pid)))
            .filter(|(socket, _)| sockets.contains(socket))
            .collect()
    };
    let ours = held(&mut family.iter().copied());
    let Some(strange) = sockets.iter().find(|socket| !ours.contains_key(*socket)) else {
        return Listener::Family;
    };
    Listener::Another(held(&mut all().into_keys()).get(strange).copied())
}

/// The sockets (`socket:[INODE]`) that take what is sent to 127.0.0.1 at `port`: those at that very address, and only where there
/// is none, those at all addresses. Who listens at the port of another address (`[::1]`, the one of a network) is none of ours.
fn listening(port: u16) -> BTreeSet<String> {
    taking(&tables(), port)
}

/// Whether anybody listens at `port`, at whatever address: who wants it at all of them would not get it.
pub(crate) fn is_anywhere(port: u16) -> bool {
    at(&tables(), port).next().is_some()
}

/// The system's tables of sockets, without their heads.
fn tables() -> Vec<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    let tables = tables.map(|table| fs::read_to_string(table).unwrap_or_default());
    tables.iter().flat_map(|table| table.lines().skip(1)).map(str::to_owned).collect()
}

/// Address and inode of each socket that listens at `port`.
fn at(lines: &[String], port: u16) -> impl Iterator<Item = (&str, &str)> {
    const LISTEN: &str = "0A";
    lines.iter().filter_map(move |line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (local, state, inode) = (*fields.get(1)?, *fields.get(3)?, *fields.get(9)?);
        let (address, at) = local.rsplit_once(':')?;
        (u16::from_str_radix(at, 16) == Ok(port) && state == LISTEN).then_some((address, inode))
    })
}

/// As [`listening`], from the lines of the system's tables.
fn taking(lines: &[String], port: u16) -> BTreeSet<String> {
    // As the kernel chooses: the exact address, then all of IPv4, then all of both.
    const ADDRESSES: [&[&str]; 3] = [
        &["0100007F", "0000000000000000FFFF00000100007F"],
        &["00000000"],
        &["0000000000000000FFFF000000000000", "00000000000000000000000000000000"],
    ];
    let mut found: [BTreeSet<String>; 3] = Default::default();
    for (address, inode) in at(lines, port) {
        let rank = ADDRESSES.iter().position(|known| known.contains(&address));
        if let Some(sockets) = rank.and_then(|rank| found.get_mut(rank)) {
            sockets.insert(format!("socket:[{inode}]"));
        }
    }
    found.into_iter().find(|sockets| !sockets.is_empty()).unwrap_or_default()
}

fn held_sockets(pid: u32) -> Vec<String> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let links = entries.filter_map(|entry| fs::read_link(entry.path()).ok());
    links
        .filter_map(|link| link.to_str().filter(|name| name.starts_with("socket:")).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sockets(addresses: &[&str]) -> Vec<String> {
        // As Linux writes them: address and port, the peer, the state, …, the inode as the tenth.
        let line = |(inode, address): (usize, &&str)| {
            format!(
                "   0: {address}:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1"
            )
        };
        let lines: Vec<String> = addresses.iter().enumerate().map(line).collect();
        taking(&lines, 8000).into_iter().collect()
    }

    #[test]
    fn who_listens_at_another_address_is_not_at_our_port() {
        // Seen red: with the addresses not looked at (a healthy sidecar was called another's, killed and moved).
        let (v6_loopback, network) = ("00000000000000000000000001000000", "0501A8C0");
        assert_eq!(sockets(&["0100007F", v6_loopback, network]), ["socket:[0]"]);
        assert_eq!(sockets(&[v6_loopback, network]), [""; 0]);
        // Who listens everywhere takes what nobody takes at the address itself.
        assert_eq!(sockets(&["00000000", "0100007F", "00000000000000000000000000000000"]), ["socket:[1]"]);
        assert_eq!(sockets(&["00000000000000000000000000000000", "00000000"]), ["socket:[1]"]);
        assert_eq!(sockets(&["00000000000000000000000000000000"]), ["socket:[0]"]);
    }

    #[test]
    fn a_real_listener_at_another_address_is_not_at_our_port() {
        // Seen red: as the test above.
        let elsewhere = std::net::TcpListener::bind(("127.0.0.2", 0)).unwrap();
        let port = elsewhere.local_addr().unwrap().port();
        assert_eq!(listener(port, None), Listener::Nobody);
        // Who wants it at all addresses must know. Seen red: with the same question for both.
        assert!(is_anywhere(port));
        let here = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
        assert_eq!(listener(port, Some(std::process::id())), Listener::Family);
        drop((here, elsewhere));
        let all = std::net::TcpListener::bind(("0.0.0.0", 0)).unwrap();
        let port = all.local_addr().unwrap().port();
        assert_eq!(listener(port, Some(std::process::id())), Listener::Family);
    }
}

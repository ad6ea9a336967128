//! How a sidecar is started: by a supervisor, or by hand.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

use thiserror::Error;

/// The environment variable that holds the nonce by which `/health` is known to be of this run.
const INSTANCE: &str = "DAWG_INSTANCE";
/// The environment variable that holds what callers must show.
const TOKEN: &str = "DAWG_TOKEN";

/// How it was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// By a supervisor: it ends when its standard input does, and takes another port when its own is taken.
    pub supervised: bool,
    /// The port on loopback; 0: any.
    pub port: u16,
    /// What `/health` says it is.
    pub instance: String,
    /// What callers must show; none: started by hand without one, and callers are let in by Host and Origin alone.
    pub token: Option<String>,
}

/// Why it does not run.
#[derive(Debug, Error)]
pub enum StartError {
    /// Another program has the port.
    #[error("port {0} is taken by another program: end that, or give another by --port (0: any)")]
    Taken(u16),
    /// Supervised, it must know who it is.
    #[error(
        "--supervised is for the supervisor, which sets DAWG_INSTANCE and DAWG_TOKEN: leave it out to start by hand"
    )]
    NoInstance,
    /// The system refuses something.
    #[error("it cannot run ({0}): close other programs, then start it again")]
    System(#[from] io::Error),
}

impl Start {
    /// As typed, and as the environment says.
    ///
    /// # Errors
    /// [`StartError::NoInstance`].
    pub fn from_environment(supervised: bool, port: u16) -> Result<Self, StartError> {
        let said = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self::new(supervised, port, said(INSTANCE), said(TOKEN))
    }

    fn new(
        supervised: bool,
        port: u16,
        instance: Option<String>,
        token: Option<String>,
    ) -> Result<Self, StartError> {
        if supervised && (instance.is_none() || token.is_none()) {
            return Err(StartError::NoInstance);
        }
        let instance = instance.unwrap_or_else(|| format!("by-hand-{}", std::process::id()));
        Ok(Self { supervised, port, instance, token })
    }

    /// Listens on loopback. What a supervisor wishes is a wish: it is told which port it became.
    pub(crate) fn listen(&self) -> Result<TcpListener, StartError> {
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && self.supervised => {
                tracing::warn!(port = self.port, "another program has this port: taking any other");
                TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err(StartError::Taken(self.port));
            }
            bound => bound?,
        };
        listener.set_nonblocking(true)?;
        Ok(listener)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn supervised_it_knows_who_it_is_and_by_hand_it_need_not() {
        // Seen red: with one of instance and token taken for enough.
        let some = |text: &str| Some(text.to_owned());
        for (instance, token) in [(None, some("t")), (some("i"), None), (None, None)] {
            assert!(matches!(Start::new(true, 0, instance, token), Err(StartError::NoInstance)));
        }
        let by_hand = Start::new(false, 0, None, None).unwrap();
        assert!(by_hand.instance.starts_with("by-hand-") && by_hand.token.is_none());
    }

    #[test]
    fn a_taken_port_is_an_error_by_hand_and_another_port_under_a_supervisor() {
        // Seen red: with another port taken by hand too.
        let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = other.local_addr().unwrap().port();
        let by_hand = Start::new(false, port, None, None).unwrap();
        assert!(matches!(by_hand.listen(), Err(StartError::Taken(taken)) if taken == port));
        let supervised = Start { supervised: true, ..by_hand };
        assert_ne!(supervised.listen().unwrap().local_addr().unwrap().port(), port);
    }
}

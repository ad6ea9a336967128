//! What the control plane asks and tells of the owner while it routes requests; in the owner's program only.

use super::{Client, ClientError, Transport};
use crate::audit::Record;
use crate::control_loop::{Address, Request};
use crate::latency::Sample;

impl Client {
    /// Where a service is reached, if it serves now. From another program: for the panel alone.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn address(&self, name: &str) -> Result<Option<Address>, ClientError> {
        match &self.0 {
            Transport::InProcess(owner) => owner.ask(|answer| Request::Address(name.to_owned(), answer)),
            Transport::Http(http) => http.address(name),
        }
    }

    /// A service was asked through the control plane.
    pub(crate) fn routed(&self, service: &str, sample: Sample) {
        self.tell(Request::Routed(service.to_owned(), sample));
    }

    /// For the audit trail.
    pub(crate) fn record(&self, record: Record) {
        self.tell(Request::Audit(record));
    }

    fn tell(&self, request: Request) {
        if let Transport::InProcess(owner) = &self.0 {
            // An owner that has ended keeps nothing any more.
            let _ = owner.send(request);
        }
    }
}

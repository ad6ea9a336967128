//! A connection that is given up once the other end has taken nothing for so long.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// How often it is looked whether something was taken, in the time that nothing may be.
const LOOKS: u32 = 16;

/// A stream that gives up writing once the other end has taken nothing for so long.
pub(super) struct Paced {
    stream: TcpStream,
    unread: Duration,
    /// While something waits to be taken.
    waits: Option<Waits>,
}

struct Waits {
    /// When something was taken last.
    since: Instant,
    look: Pin<Box<Sleep>>,
}

impl Paced {
    pub(super) fn new(stream: TcpStream, unread: Duration) -> Self {
        Self { stream, unread, waits: None }
    }

    /// What was taken sets the clock back; what was not lets it run. `bytes` is what waits.
    fn paced(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if wrote.is_ready() {
            self.waits = None;
            return wrote;
        }
        let (unread, step) = (self.unread, self.unread / LOOKS);
        let waits =
            self.waits.get_or_insert_with(|| Waits { since: Instant::now(), look: Box::pin(sleep(step)) });
        while waits.look.as_mut().poll(context).is_ready() {
            // The system says that there is room only when a third of its buffer is free, which is a megabyte: who reads
            // slowly would seem not to read. So it is tried.
            match SockRef::from(&self.stream).send(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                tried => {
                    self.waits = None;
                    return Poll::Ready(tried);
                }
            }
            let now = Instant::now();
            let end = waits.since + unread;
            if now >= end {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            waits.look.as_mut().reset(end.min(now + step));
        }
        Poll::Pending
    }
}

impl AsyncRead for Paced {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Paced {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.paced(context, bytes, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        let first = pieces.iter().find(|piece| !piece.is_empty());
        self.paced(context, first.map_or(&[], |piece| &**piece), wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A socket keeps nothing back: this says nothing of what is taken.
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

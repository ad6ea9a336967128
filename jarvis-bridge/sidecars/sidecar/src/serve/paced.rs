//! A connection that is given up once the other end has taken nothing for so long, and whose end is heard out: whoever
//! closes while something comes in makes the system reset the connection, and what was answered is lost on its way.

use std::future::Future as _;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::coop::poll_proceed;
use tokio::time::{Instant, Sleep, sleep};

use super::owed::Owed;

/// How often it is looked whether something was taken, in the time that nothing may be.
const LOOKS: u32 = 16;
/// How long whoever was refused may send nothing more before the connection is closed ...
const PAUSE: Duration = Duration::from_secs(2);
/// ... and how long it may go on sending.
const HEARD_OUT: Duration = Duration::from_secs(10);
/// What is thrown away at a time, in bytes.
const SCRAP: usize = 16 * 1024;

/// A stream that gives up writing once the other end has taken nothing for so long.
pub(super) struct Paced {
    stream: TcpStream,
    unread: Duration,
    /// While something waits to be taken.
    waits: Option<Waits>,
    /// There was room of which the system has not told yet. All of it is filled, so that many small pieces are not each
    /// taken for a sign of life.
    room: bool,
    owed: Owed,
    /// The most that is thrown away at the end, in bytes.
    refused: u64,
    /// While what is owed comes in.
    last: Option<Last>,
}

struct Waits {
    /// When something was taken last.
    since: Instant,
    look: Pin<Box<Sleep>>,
}

/// What comes in after the last answer, and is thrown away.
struct Last {
    left: u64,
    /// When something came last.
    heard: Instant,
    end: Instant,
    pause: Pin<Box<Sleep>>,
}

impl Paced {
    pub(super) fn new(stream: TcpStream, unread: Duration, owed: Owed, refused: u64) -> Self {
        Self { stream, unread, waits: None, room: false, owed, refused, last: None }
    }

    /// What was taken sets the clock back; what was not lets it run. `bytes` is what waits.
    fn paced(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if wrote.is_ready() {
            (self.waits, self.room) = (None, false);
            return wrote;
        }
        if self.room {
            // Others have their turn, too, while the other end takes all that comes.
            let turn = ready!(poll_proceed(context));
            if let Some(tried) = tried(&self.stream, bytes) {
                turn.made_progress();
                return Poll::Ready(tried);
            }
            self.room = false;
        }
        let (unread, step) = (self.unread, self.unread / LOOKS);
        let waits =
            self.waits.get_or_insert_with(|| Waits { since: Instant::now(), look: Box::pin(sleep(step)) });
        while waits.look.as_mut().poll(context).is_ready() {
            // The system says that there is room only when a third of its buffer is free, which is a megabyte: who reads
            // slowly would seem not to read. So it is tried.
            if let Some(tried) = tried(&self.stream, bytes) {
                (self.waits, self.room) = (None, true);
                return Poll::Ready(tried);
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

    /// Throws away what comes in, until the other end closes, or has had what it may have.
    fn hear_out(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let left = self.refused;
        let last = self.last.get_or_insert_with(|| {
            let now = Instant::now();
            Last { left, heard: now, end: now + HEARD_OUT, pause: Box::pin(sleep(PAUSE)) }
        });
        while last.left > 0 && Instant::now() < last.end {
            let mut scrap = [MaybeUninit::uninit(); SCRAP];
            let mut scrap = ReadBuf::uninit(&mut scrap);
            match Pin::new(&mut self.stream).poll_read(context, &mut scrap) {
                Poll::Ready(Ok(())) if !scrap.filled().is_empty() => {
                    last.left = last.left.saturating_sub(scrap.filled().len() as u64);
                    last.heard = Instant::now();
                }
                // It has closed, or is gone.
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => {
                    let until = last.end.min(last.heard + PAUSE);
                    if last.pause.deadline() != until {
                        last.pause.as_mut().reset(until);
                    }
                    return last.pause.as_mut().poll(context);
                }
            }
        }
        Poll::Ready(())
    }
}

/// What the system takes of these bytes without being asked whether there is room; none: there is none.
fn tried(stream: &TcpStream, bytes: &[u8]) -> Option<io::Result<usize>> {
    match SockRef::from(stream).send(bytes) {
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => None,
        tried => Some(tried),
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
        if self.last.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        }
        if self.owed.is_something() {
            ready!(self.hear_out(context));
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::future::poll_fn;

    use super::*;

    const PIECE: [u8; 100] = [7; 100];

    /// Writes small pieces for so long, and counts them.
    async fn write(paced: &mut Paced, span: Duration) -> usize {
        let (mut count, end) = (0, Instant::now() + span);
        let write = async {
            while Instant::now() < end {
                poll_fn(|context| Pin::new(&mut *paced).poll_write(context, &PIECE)).await.unwrap();
                count += 1;
            }
        };
        _ = tokio::time::timeout(span, write).await;
        count
    }

    // Seen red: with one piece written at each look: there was room for more, and ten seconds later still.
    #[tokio::test]
    async fn who_reads_nothing_takes_no_small_pieces_for_ever() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let _deaf = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let stream = listener.accept().unwrap().0;
        stream.set_nonblocking(true).unwrap();
        let stream = TcpStream::from_std(stream).unwrap();
        let mut paced = Paced::new(stream, Duration::from_secs(8), Owed::default(), 0);
        let mut taken = Vec::new();
        while taken.last() != Some(&0) {
            taken.push(write(&mut paced, Duration::from_secs(1)).await);
            assert!(taken.len() < 10, "pieces in each second: {taken:?}");
        }
    }
}

//! One frame of output: gathered whatever flushes on the way, and written in one piece when it is whole.

use std::io::{self, Write};
use std::os::fd::AsFd;

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};

use super::sgr::sixteen;

/// What is written to in whole pieces. Standard output by itself writes up to the last line feed first and the rest
/// after it, and a scrolling frame has line feeds.
#[derive(Debug)]
pub(super) struct Whole<F>(pub(super) F);

impl<F: AsFd> Write for Whole<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(&self.0, bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A frame on its way to `out`.
#[derive(Debug)]
pub(super) struct Frame<W: Write> {
    pub(super) out: W,
    bytes: Vec<u8>,
    /// Bytes of the last frame that was sent.
    pub(super) sent: usize,
}

impl<W: Write> Frame<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, bytes: Vec::new(), sent: 0 }
    }

    /// Writes what was gathered, in one write. A terminal that knows how shows it all at once; one that does not skips
    /// the two marks. A frame without anything in it is not written.
    pub(super) fn send(&mut self) -> io::Result<()> {
        self.sent = 0;
        if self.bytes.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(self.bytes.len() + 16);
        queue!(whole, BeginSynchronizedUpdate)?;
        whole.append(&mut sixteen(&std::mem::take(&mut self.bytes)));
        queue!(whole, EndSynchronizedUpdate)?;
        self.sent = whole.len();
        self.out.write_all(&whole)?;
        self.out.flush()
    }

    /// Writes bytes that are no part of a frame, at once: between two frames, as a frame is written whole.
    pub(super) fn aside(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }
}

impl<W: Write> Write for Frame<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: those who draw flush after each move of the cursor, and each would be a write of its own.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    /// Keeps each write apart.
    #[derive(Default)]
    struct Writes(Vec<Vec<u8>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_frame_is_one_write_however_often_it_is_flushed() {
        let mut frame = Frame::new(Writes::default());
        for part in ["a", "b", "c"] {
            frame.write_all(part.as_bytes()).unwrap();
            frame.flush().unwrap();
        }
        frame.send().unwrap();
        assert_eq!(frame.out.0, [b"\x1b[?2026habc\x1b[?2026l".to_vec()]);
    }

    #[test]
    fn a_frame_with_line_feeds_is_one_write_to_the_system() {
        // What is written at once arrives at once here, and nothing else does.
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let mut frame = Frame::new(Whole(ours));
        frame.write_all(b"\x1b[2;9r\x1b[9;1H\n\n\x1b[r").unwrap();
        frame.write_all("x".repeat(5_000).as_bytes()).unwrap();
        frame.send().unwrap();
        theirs.set_nonblocking(true).unwrap();
        let mut bytes = [0; 16_000];
        assert_eq!(theirs.recv(&mut bytes).unwrap(), frame.sent);
        assert!(theirs.recv(&mut bytes).is_err(), "there was more than one write");
    }

    #[test]
    fn an_empty_frame_is_not_written() {
        let mut frame = Frame::new(Writes::default());
        frame.send().unwrap();
        frame.write_all(b"once").unwrap();
        frame.send().unwrap();
        frame.send().unwrap();
        assert_eq!(frame.out.0.len(), 1);
    }
}

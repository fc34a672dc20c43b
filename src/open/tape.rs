//! Reads a recorded feed from its file, which may be compressed as the service's logging leaves it in S3.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;

use crate::app::replay::{Replay, Speed};
use crate::messaging::recording;

/// The most bytes that are read: all of it is held in memory.
const MOST: u64 = 1024 * 1024 * 1024;
/// The bytes with which gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads what is to be played.
///
/// # Errors
/// Why it can't be, in words.
pub(super) fn load(path: &Path, speed: Speed) -> Result<Replay, String> {
    let text = read(path, MOST).map_err(|error| words(&error))?;
    let tape = recording::read(&text);
    if tape.frames.is_empty() {
        let first = tape.first_broken.map(|(line, why)| format!("; line {line}: {why}")).unwrap_or_default();
        return Err(format!("it holds neither recorded frames nor chat log records{first}"));
    }
    let name = path.file_name().map_or_else(|| "replay".into(), |name| name.to_string_lossy());
    Ok(Replay { name: name.into_owned(), tape: Arc::new(tape), speed })
}

/// The file's text. What is not UTF-8 in it breaks its own line only.
fn read(path: &Path, most: u64) -> io::Result<String> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut start = Vec::new();
    let mut file = BufReader::new(file);
    file.by_ref().take(2).read_to_end(&mut start)?;
    let is_compressed = start == GZIP;
    let whole = BufReader::new(io::Cursor::new(start).chain(file));
    let mut bytes = Vec::new();
    if is_compressed {
        MultiGzDecoder::new(whole).take(most + 1).read_to_end(&mut bytes)?;
    } else {
        whole.take(most + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it is larger than {} MiB", most / 1024 / 1024)));
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tempfile::TempDir;

    use super::*;

    const LINE: &str = r#"{"event_timestamp":"2023-01-05T14:33:32.894Z","type":"EVENT","version":"1.0","payload":{"Type":"EVENT","Id":"AbCdEf123456","EventName":"poll"}}"#;

    #[test]
    fn plain_and_compressed_files_are_read_and_name_the_room() {
        let folder = TempDir::new().unwrap();
        let (plain, packed) = (folder.path().join("log.jsonl"), folder.path().join("log.gz"));
        fs::write(&plain, LINE).unwrap();
        // The service's files may be several compressed ones behind each other.
        let mut bytes = Vec::new();
        for _ in 0..2 {
            let mut member = GzEncoder::new(&mut bytes, Compression::fast());
            member.write_all(format!("{LINE}\n").as_bytes()).unwrap();
            member.finish().unwrap();
        }
        fs::write(&packed, bytes).unwrap();
        let one = load(&plain, Speed::AtOnce).unwrap();
        assert_eq!((one.name.as_str(), one.tape.frames.len()), ("log.jsonl", 1));
        assert_eq!(load(&packed, Speed::AtOnce).unwrap().tape.frames.len(), 2);
    }

    #[test]
    fn what_can_not_be_played_says_why() {
        let folder = TempDir::new().unwrap();
        let file = |name: &str, text: &[u8]| {
            fs::write(folder.path().join(name), text).unwrap();
            load(&folder.path().join(name), Speed::AtOnce).err().unwrap()
        };
        assert!(file("notes", b"mine\n").contains("neither recorded frames nor chat log records; line 1: "));
        assert!(file("empty", b"").ends_with("chat log records"));
        assert!(file("cut", &[0x1f, 0x8b, 0x08]).contains("end of file"));
        let no = |path: &Path| load(path, Speed::AtOnce).err().unwrap();
        assert_eq!(no(&folder.path().join("none")), "there is no such file");
        assert_eq!(no(folder.path()), "it is a folder");
        fs::write(folder.path().join("large"), LINE).unwrap();
        assert!(read(&folder.path().join("large"), 10).unwrap_err().to_string().contains("larger than"));
    }

    #[test]
    fn a_line_that_is_not_utf_8_does_not_cost_the_others() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, [LINE.as_bytes(), b"\n\xff\xfe\n", LINE.as_bytes()].concat()).unwrap();
        let tape = load(&path, Speed::AtOnce).unwrap().tape;
        assert_eq!((tape.frames.len(), tape.broken), (2, 1));
    }
}

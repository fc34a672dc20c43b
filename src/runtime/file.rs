//! Files that the reader names: read whole up to a limit, written whole or not at all, and never through a link.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use secrecy::ExposeSecret;

use crate::app::file::{FileTrouble, MOST, PRIVATE, ToWrite};

/// `~` and `~/...` are in the home; other users' homes are not looked up.
pub(super) fn expand(path: &str) -> PathBuf {
    let home = || env::home_dir().unwrap_or_else(|| PathBuf::from("~"));
    match path.strip_prefix('~') {
        Some("") => home(),
        Some(rest) if rest.starts_with('/') => home().join(rest.trim_start_matches('/')),
        Some(_) | None => PathBuf::from(path),
    }
}

/// Opens a file that is one, and nothing else of that name.
pub(super) fn open_to_read(path: &str) -> Result<File, String> {
    let path = expand(path);
    let other = |why: String| format!("{}: {why}", path.display());
    // Without blocking, or a pipe of this name would never answer.
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(&path).map_err(|error| other(words(&error)))?;
    if !file.metadata().map_err(|error| other(words(&error)))?.is_file() {
        return Err(other("is not a file".to_owned()));
    }
    Ok(file)
}

/// Reads a text file.
pub(super) fn read(path: &str) -> Result<String, FileTrouble> {
    let file = open_to_read(path).map_err(FileTrouble::Other)?;
    let other = |why: String| FileTrouble::Other(format!("{}: {why}", expand(path).display()));
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| other(words(&error)))?;
    if bytes.len() as u64 > MOST {
        return Err(other(format!("is larger than {} KiB", MOST / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| other("is not UTF-8 text".to_owned()))
}

/// Writes a file; returns where it is.
pub(super) fn write(file: &ToWrite) -> Result<String, FileTrouble> {
    let path = expand(&file.path);
    let other = |error: &io::Error| FileTrouble::Other(format!("{}: {}", path.display(), words(error)));
    if let Some(folder) = path.parent().filter(|_| file.make_folder) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| other(&error))?;
    }
    match fs::symlink_metadata(&path) {
        Ok(found) if !found.is_file() => {
            let what = if found.is_symlink() { "is a symbolic link" } else { "is there, and not a file" };
            return Err(FileTrouble::Other(format!("{}: {what}: give another name", path.display())));
        }
        Ok(_) if !file.overwrite => return Err(FileTrouble::Exists),
        Ok(_) => replace(&path, file).map_err(|error| other(&error))?,
        Err(_) => create(&path, file).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => FileTrouble::Exists,
            _ => other(&error),
        })?,
    }
    Ok(path.display().to_string())
}

/// Makes a file that is not there; a link in its place counts as there.
fn create(path: &Path, file: &ToWrite) -> io::Result<()> {
    let mut made = OpenOptions::new().write(true).create_new(true).mode(file.mode).open(path)?;
    let done = fill(&mut made, file);
    if done.is_err() {
        // Half a file is worse than none. It is our own, made above.
        let _ = fs::remove_file(path);
    }
    done
}

fn fill(made: &mut File, file: &ToWrite) -> io::Result<()> {
    if file.mode == PRIVATE {
        // Whatever the mask is.
        made.set_permissions(fs::Permissions::from_mode(PRIVATE))?;
    }
    made.write_all(file.text.expose_secret().as_bytes())?;
    made.sync_all()
}

/// Puts a new file in the place of an old one: in one step, so that there is always a whole one, and with permissions of
/// its own.
fn replace(path: &Path, file: &ToWrite) -> io::Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{:016x}", fastrand::u64(..)));
    create(&beside, file)?;
    fs::rename(&beside, path).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

pub(super) fn words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "you may not".to_owned(),
        ErrorKind::IsADirectory => "is a folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;
    use crate::app::file::PLAIN;

    fn to_write(folder: &TempDir, name: &str, mode: u32, overwrite: bool) -> ToWrite {
        let path = folder.path().join(name).display().to_string();
        ToWrite { path, text: "secret\n".into(), mode, make_folder: false, overwrite }
    }

    #[test]
    fn a_private_file_is_its_owner_s_alone_and_nothing_is_overwritten_unasked() {
        let folder = TempDir::new().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        write(&to_write(&folder, "token", PRIVATE, false)).unwrap();
        assert_eq!(mode("token"), 0o600);
        assert_eq!(write(&to_write(&folder, "token", PRIVATE, false)), Err(FileTrouble::Exists));
        // An old file that others may read does not lend its permissions to a token.
        fs::write(folder.path().join("open"), "old").unwrap();
        fs::set_permissions(folder.path().join("open"), fs::Permissions::from_mode(0o644)).unwrap();
        write(&to_write(&folder, "open", PRIVATE, true)).unwrap();
        assert_eq!(mode("open"), 0o600);
        assert_eq!(fs::read_to_string(folder.path().join("open")).unwrap(), "secret\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside them");
    }

    #[test]
    fn nothing_is_written_through_a_link_even_if_it_may_be_overwritten() {
        let folder = TempDir::new().unwrap();
        symlink(folder.path().join("elsewhere"), folder.path().join("link")).unwrap();
        for overwrite in [false, true] {
            let no = write(&to_write(&folder, "link", PRIVATE, overwrite)).unwrap_err();
            assert!(matches!(&no, FileTrouble::Other(why) if why.contains("symbolic link")), "{no:?}");
        }
        assert!(!folder.path().join("elsewhere").exists());
    }

    #[test]
    fn what_can_not_be_read_says_why() {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(path("large"), vec![b' '; 64 * 1024 + 1]).unwrap();
        fs::write(path("most"), vec![b' '; 64 * 1024]).unwrap();
        fs::write(path("bytes"), [0xff, 0xfe]).unwrap();
        assert!(read(&path("most")).is_ok());
        for (name, why) in
            [("large", "larger than 64 KiB"), ("bytes", "UTF-8"), ("none", "no such file"), ("", "not a file")]
        {
            let no = read(&path(name)).unwrap_err();
            assert!(matches!(&no, FileTrouble::Other(words) if words.contains(why)), "{no:?}");
        }
        let no = write(&to_write(&folder, "none/x", PLAIN, false)).unwrap_err();
        assert!(matches!(&no, FileTrouble::Other(words) if words.contains("no such file or folder")), "{no:?}");
    }

    #[test]
    fn a_tilde_is_the_home() {
        let home = env::home_dir().unwrap();
        assert_eq!(expand("~/a/b"), home.join("a/b"));
        assert_eq!(expand("~"), home);
        assert_eq!(expand("a~/b"), PathBuf::from("a~/b"));
        assert_eq!(expand("~nadia/b"), PathBuf::from("~nadia/b"));
    }
}

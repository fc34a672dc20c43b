//! Tells others where the simulator is: one line of JSON, on standard output and in a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use uuid::Uuid;

use crate::simulator::server::Running;

/// Where the simulator is and how to sign for it.
#[derive(Serialize)]
pub(super) struct Ready<'a> {
    endpoint: &'a str,
    messaging_endpoint: &'a str,
    region: &'a str,
    access_key_id: &'a str,
    secret_access_key: &'a str,
}

impl<'a> From<&'a Running> for Ready<'a> {
    fn from(running: &'a Running) -> Self {
        Self {
            endpoint: &running.endpoint,
            messaging_endpoint: &running.messaging_endpoint,
            region: &running.region,
            access_key_id: &running.access_key_id,
            secret_access_key: &running.secret_access_key,
        }
    }
}

impl Ready<'_> {
    /// The JSON, without a line's end.
    pub(super) fn line(&self) -> String {
        serde_json::to_string(self).expect("texts are JSON")
    }

    /// Writes the line to `path`, readable by its owner only. Whoever waits for the file finds it whole: it is written
    /// under another name and renamed.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_string_lossy();
        let draft = path.with_file_name(format!(".{name}.{}", Uuid::new_v4()));
        let written = private(&draft).and_then(|mut file| {
            writeln!(file, "{}", self.line())?;
            file.sync_all()?;
            fs::rename(&draft, path)
        });
        if written.is_err() {
            // What is left of the draft is of no use; that it may not even exist is no second error.
            let _ = fs::remove_file(&draft);
        }
        written
    }
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

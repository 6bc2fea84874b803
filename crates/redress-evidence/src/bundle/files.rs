//! Writing the files of a bundle below one folder.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use redress_store::file::create_private;
use sha2::{Digest, Sha256};

use super::manifest::FileLine;
use crate::hash::Hash;

/// A file being written, and its digest.
pub(crate) struct Writer {
    path: String,
    file: io::BufWriter<File>,
    hasher: Sha256,
    bytes: u64,
}

impl Writer {
    /// Creates a file that was not there, and the folders above it.
    pub(crate) fn create(folder: &Path, path: &str) -> io::Result<Self> {
        let full = folder.join(path);
        if let Some(above) = full.parent() {
            fs::create_dir_all(above)?;
        }
        Ok(Self {
            path: path.to_owned(),
            file: io::BufWriter::new(create_private(&full)?),
            hasher: Sha256::new(),
            bytes: 0,
        })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.file.write_all(bytes)
    }

    /// Puts it on disk and tells its line of the manifest.
    pub(crate) fn finish(mut self) -> io::Result<FileLine> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok(FileLine {
            path: self.path,
            bytes: self.bytes,
            sha256: Hash::new(self.hasher.finalize().into()).to_string(),
        })
    }
}

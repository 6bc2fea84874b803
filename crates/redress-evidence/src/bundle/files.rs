//! Reading and writing the files of a bundle below one folder.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

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
            file: io::BufWriter::new(File::create_new(full)?),
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

/// Opens a regular file; links are not followed out of the folder.
pub(crate) fn open(folder: &Path, path: &str) -> io::Result<File> {
    let full = folder.join(path);
    if !fs::symlink_metadata(&full)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    File::open(full)
}

/// Reads a file of at most so many bytes.
pub(crate) fn read(folder: &Path, path: &str, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(folder, path)?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// The length and the digest of a file.
pub(crate) fn digest(folder: &Path, path: &str) -> io::Result<(u64, String)> {
    let mut file = open(folder, path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0_u64;
    loop {
        let count = file.read(&mut buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        if read.is_empty() {
            return Ok((length, Hash::new(hasher.finalize().into()).to_string()));
        }
        hasher.update(read);
        length = length.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    }
}

/// Every path below the folder, with `/` between its pieces; what is no folder counts as a file.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut left = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = left.pop() {
        list_one(&path, &prefix, &mut found, &mut left)?;
    }
    found.sort();
    Ok(found)
}

fn list_one(
    path: &Path,
    prefix: &str,
    found: &mut Vec<String>,
    left: &mut Vec<(PathBuf, String)>,
) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            left.push((entry.path(), name + "/"));
        } else {
            found.push(name);
        }
    }
    Ok(())
}

//! Where the files of a bundle are read from: a folder, or memory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::hash::Hash;

/// Where the files of a bundle are read from.
///
/// ```
/// use redress_evidence::bundle::{Anchors, MemoryFiles, Source, verify_source};
///
/// let mut files = MemoryFiles::default();
/// files.insert("manifest.json".to_owned(), b"{}".to_vec());
/// assert_eq!(files.list()?, ["manifest.json"]);
/// let report = verify_source(&files, &Anchors::default());
/// assert_eq!(report.findings[0].to_string(), "manifest.json: this is not as the format writes it");
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Source {
    /// Opens a file by its path within the bundle, with `/` between its pieces.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it cannot be read.
    fn open<'a>(&'a self, path: &str) -> io::Result<Box<dyn Read + 'a>>;

    /// The paths of all files, sorted.
    ///
    /// # Errors
    ///
    /// When they cannot be listed.
    fn list(&self) -> io::Result<Vec<String>>;
}

/// The files of a bundle in memory, by their paths.
pub type MemoryFiles = BTreeMap<String, Vec<u8>>;

impl Source for MemoryFiles {
    fn open<'a>(&'a self, path: &str) -> io::Result<Box<dyn Read + 'a>> {
        let bytes = self.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(bytes.as_slice()))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.keys().cloned().collect())
    }
}

impl Source for &Path {
    fn open<'a>(&'a self, path: &str) -> io::Result<Box<dyn Read + 'a>> {
        Ok(Box::new(open(self, path)?))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut left = vec![(self.to_path_buf(), String::new())];
        while let Some((path, prefix)) = left.pop() {
            list_one(&path, &prefix, &mut found, &mut left)?;
        }
        found.sort();
        Ok(found)
    }
}

/// Opens a file below a folder. What is no regular file is not read, so that no link leads out of it.
pub(super) fn open(folder: &Path, path: &str) -> io::Result<File> {
    let full = folder.join(path);
    if !fs::symlink_metadata(&full)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    File::open(full)
}

/// What is no folder counts as a file.
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

/// Reads a file of at most so many bytes.
pub(super) fn read(source: &dyn Source, path: &str, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source
        .open(path)?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// The length and the digest of what is read.
pub(super) fn digest(mut file: impl Read) -> io::Result<(u64, String)> {
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

//! Files: written whole or not at all, told apart by identity, and opened only where they are plain files.
//!
//! Every file that a ledger keeps beside itself, and every file that a command writes for its user, is put in place here:
//! a temporary file in the same folder, made by this process alone and readable by its owner alone, then synchronised,
//! renamed, and its folder synchronised. No link is ever written through.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How many names are tried for a temporary file.
const ATTEMPTS: u32 = 1_000;

/// What happens to a file that has the name of a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the new one is refused.
    Keep,
    /// The new one takes its place at once.
    Replace,
}

/// A file that is being written, and has its name only once it is whole.
///
/// Dropped before [`NewFile::put_in_place`], it leaves nothing behind.
///
/// ```
/// use redress_store::file::{Existing, NewFile};
/// use std::io::Write;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("list.csv");
///
/// let mut file = NewFile::create(&path, Existing::Keep)?;
/// file.write_all(b"one\n")?;
/// assert!(!path.exists());
/// file.put_in_place()?;
/// assert_eq!(std::fs::read(&path)?, b"one\n");
///
/// let second = NewFile::create(&path, Existing::Keep)?.put_in_place();
/// assert_eq!(second.unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct NewFile {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    existing: Existing,
}

impl NewFile {
    /// Begins a file for this path, under a name in the same folder that no other file has.
    ///
    /// # Errors
    ///
    /// What the system says where the folder is not there or cannot be written.
    pub fn create(path: &Path, existing: Existing) -> io::Result<Self> {
        for number in 0..ATTEMPTS {
            let name = format!(".redress-{}-{number}.new", std::process::id());
            let temporary = folder_of(path).join(name);
            match create_private(&temporary) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => return Ok(Self::with(made?, temporary, path, existing)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Begins a file that a ledger keeps: its temporary name is its own with `.new` after it, so that what a killed process
    /// left there is found and removed.
    ///
    /// # Errors
    ///
    /// What the system says where the folder is not there or cannot be written.
    pub fn replacing(path: &Path) -> io::Result<Self> {
        let temporary = temporary(path);
        remove_if_there(&temporary)?;
        let file = create_private(&temporary)?;
        Ok(Self::with(file, temporary, path, Existing::Replace))
    }

    fn with(file: File, temporary: PathBuf, path: &Path, existing: Existing) -> Self {
        Self {
            file,
            temporary,
            path: path.to_owned(),
            existing,
        }
    }

    /// Gives the file its name, durably.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::AlreadyExists`] where a file has the name and is to be kept, [`io::ErrorKind::InvalidInput`] where a
    /// device or a pipe has it, and what the system says.
    pub fn put_in_place(self) -> io::Result<()> {
        self.file.sync_all()?;
        match self.existing {
            Existing::Replace => self.rename()?,
            Existing::Keep => self.link()?,
        }
        sync_folder(&self.path)
    }

    fn rename(&self) -> io::Result<()> {
        // Another process may have begun the same file; its half must not be taken for this one.
        if !is_open_file(&self.file, &self.temporary)? {
            let message = "another process writes this file; try again";
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, message));
        }
        match fs::symlink_metadata(&self.path) {
            Ok(found) if !found.is_symlink() => check_plain(&found)?,
            Ok(_) | Err(_) => {}
        }
        fs::rename(&self.temporary, &self.path)
    }

    /// Gives it its name unless something has it, in one step where the file system has links.
    fn link(&self) -> io::Result<()> {
        match fs::hard_link(&self.temporary, &self.path) {
            Ok(()) => fs::remove_file(&self.temporary),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Err(_) if fs::symlink_metadata(&self.path).is_ok() => {
                Err(io::ErrorKind::AlreadyExists.into())
            }
            Err(_) => fs::rename(&self.temporary, &self.path),
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if is_open_file(&self.file, &self.temporary).unwrap_or(false) {
            // What stays behind has a name of its own and is nobody's.
            fs::remove_file(&self.temporary).ok();
        }
    }
}

/// Puts a file that a ledger keeps in the place of the one before: there is always a whole one, durably.
///
/// # Errors
///
/// What the system says; the file before stays then, unless only its folder could not be synchronised.
pub fn put_in_place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = NewFile::replacing(path)?;
    file.write_all(bytes)?;
    file.put_in_place()
}

/// The name under which a file that a ledger keeps is written before it takes the place of the one before.
#[must_use]
pub fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// A new file, readable by its owner alone from its first moment on, where nothing has the name, no link either.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] where something has the name, and what the system says.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens a file that a ledger keeps, to read and write it, and makes it where there is none, readable by its owner alone.
///
/// # Errors
///
/// [`io::ErrorKind::InvalidInput`] where a link, a device or a pipe has the name, and what the system says.
pub fn open_private(path: &Path) -> io::Result<File> {
    for _ in 0..ATTEMPTS {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_symlink() => {
                let message = "a link stands here; remove it, for nothing is written through links";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
            Ok(found) => check_plain(&found)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => match create_private(path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                made => return made,
            },
            Err(error) => return Err(error),
        }
        match OpenOptions::new().read(true).write(true).open(path) {
            // It was removed in between.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Opens a file to read it; a pipe or a device, which might never end, is refused.
///
/// # Errors
///
/// [`io::ErrorKind::InvalidInput`] for a pipe, a socket or a device, and what the system says.
pub fn open_plain(path: &Path) -> io::Result<File> {
    check_plain(&fs::metadata(path)?)?;
    File::open(path)
}

/// Reads a file to its end, as [`open_plain`] opens it.
///
/// # Errors
///
/// As [`open_plain`].
pub fn read_plain(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut open_plain(path)?, &mut bytes)?;
    Ok(bytes)
}

/// Lets folders pass: the system says of itself that they cannot be read.
fn check_plain(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() || metadata.is_dir() {
        return Ok(());
    }
    let message =
        "it is a pipe, a socket or a device; copy what it gives into a file, and name that";
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// The file that a path means, behind every link; where there is none yet, its name in the folder behind every link.
#[must_use]
pub fn resolve(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| in_resolved_folder(path))
}

fn in_resolved_folder(path: &Path) -> PathBuf {
    let folder = fs::canonicalize(folder_of(path));
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        (Err(_), _) | (_, None) => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

/// Whether two paths mean the same file, or the same name where there is none yet, however they are spelt.
///
/// Files are compared by identity, so links of both kinds are seen through. Names in one folder that differ in case alone
/// count as the same, for on some file systems they are.
#[must_use]
pub fn is_same(one: &Path, other: &Path) -> bool {
    // Where the standard library tells no identity, resolved names are all there is to compare.
    let is_one_file = || match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => has_same_identity(&one, &other),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
    };
    (cfg!(unix) && is_one_file())
        || is_same_name(&resolve(one), &resolve(other))
        || is_same_name(&in_resolved_folder(one), &in_resolved_folder(other))
}

fn is_same_name(one: &Path, other: &Path) -> bool {
    let folded = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().to_lowercase()
    };
    one == other || (one.parent() == other.parent() && folded(one) == folded(other))
}

/// Whether an open file still has this name.
///
/// # Errors
///
/// What the system says of the open file.
pub fn is_open_file(file: &File, path: &Path) -> io::Result<bool> {
    let open = file.metadata()?;
    Ok(fs::symlink_metadata(path).is_ok_and(|named| has_same_identity(&open, &named)))
}

#[cfg(unix)]
fn has_same_identity(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Elsewhere the standard library tells no identity, and an open file cannot be removed.
#[cfg(not(unix))]
fn has_same_identity(_one: &Metadata, _other: &Metadata) -> bool {
    true
}

/// How many names a file has, where the system tells.
///
/// # Errors
///
/// What the system says.
pub fn names(path: &Path) -> io::Result<u64> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    return Ok(std::os::unix::fs::MetadataExt::nlink(&metadata));
    #[cfg(not(unix))]
    return Ok(u64::from(metadata.is_file()));
}

/// Makes a name in a folder durable, or that there is one less, where the system has a call for that.
///
/// # Errors
///
/// What the system says.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder_of(path))?.sync_all()?;
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

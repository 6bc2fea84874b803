//! Files put in place, told apart, and refused.
#![cfg(unix)]

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use redress_store::file::{
    Existing, NewFile, is_same, names, open_plain, open_private, put_in_place, resolve,
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_that_a_ledger_keeps_is_replaced_and_nothing_is_written_through_links() {
    let folder = tempfile::tempdir().unwrap();
    let (path, victim) = (folder.path().join("kept"), folder.path().join("victim"));
    fs::write(&victim, "mine").unwrap();
    symlink(&victim, folder.path().join("kept.new")).unwrap();
    symlink(&victim, &path).unwrap();
    for content in ["one", "two"] {
        put_in_place(&path, content.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
        assert_eq!(mode(&path), 0o600);
    }
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    assert_eq!(names_in(folder.path()), ["kept", "victim"]);
}

#[test]
fn a_new_file_takes_no_name_that_is_taken_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let mut dropped = NewFile::create(&path, Existing::Keep).unwrap();
    dropped.write_all(b"half").unwrap();
    drop(dropped);
    assert_eq!(names_in(folder.path()), [""; 0]);
    let (mut one, mut two) = (
        NewFile::create(&path, Existing::Keep).unwrap(),
        NewFile::create(&path, Existing::Keep).unwrap(),
    );
    one.write_all(b"one").unwrap();
    two.write_all(b"two").unwrap();
    one.put_in_place().unwrap();
    let late = two.put_in_place().unwrap_err();
    assert_eq!(late.kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!((mode(&path), names(&path).unwrap()), (0o600, 1));
    assert_eq!(names_in(folder.path()), ["file"]);
}

#[test]
fn half_of_another_process_is_not_taken_for_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let first = NewFile::replacing(&path).unwrap();
    let second = NewFile::replacing(&path).unwrap();
    assert_eq!(
        first.put_in_place().unwrap_err().kind(),
        ErrorKind::ResourceBusy
    );
    second.put_in_place().unwrap();
    assert_eq!(names_in(folder.path()), ["file"]);
}

#[test]
fn files_are_the_same_by_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("sub")).unwrap();
    fs::write(at("file"), "").unwrap();
    fs::write(at("other"), "").unwrap();
    symlink(at("file"), at("link")).unwrap();
    symlink(at("missing"), at("dangling")).unwrap();
    fs::hard_link(at("file"), at("hard")).unwrap();
    symlink(folder.path(), at("sub/here")).unwrap();
    for same in [
        "link",
        "hard",
        "sub/../file",
        "./file",
        "sub/here/file",
        "File",
    ] {
        assert!(is_same(&at("file"), &at(same)), "{same}");
    }
    for same in ["sub/../missing", "sub/here/missing", "MISSING"] {
        assert!(is_same(&at("missing"), &at(same)), "{same}");
    }
    assert!(!is_same(&at("file"), &at("other")));
    assert!(!is_same(&at("missing"), &at("file")));
    let folder = fs::canonicalize(folder.path()).unwrap();
    assert_eq!(resolve(&at("sub/here/missing")), folder.join("missing"));
    assert_eq!(resolve(&at("link")), folder.join("file"));
}

#[test]
fn links_pipes_and_devices_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    symlink(at("missing"), at("link")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(at("pipe"))
        .status();
    assert!(made.unwrap().success());
    for name in ["link", "pipe"] {
        let refused = open_private(&at(name)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{name}: {refused}");
    }
    assert!(!at("missing").exists());
    for path in [at("pipe"), "/dev/zero".into()] {
        let refused = open_plain(&path).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput);
        let put = put_in_place(&at("pipe"), b"").unwrap_err();
        assert_eq!(put.kind(), ErrorKind::InvalidInput);
    }
    open_private(&at("new")).unwrap();
    assert_eq!(mode(&at("new")), 0o600);
}

//! Whatever an output option names: no ledger, no file of one, no key and no input is ever written over.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use redress::LedgerPaths;

use crate::evidence::Signed;
use crate::program::{Folder, Ran, command, import, rows, run, text};

/// Every name in a folder with what it is: a link's target, a file's bytes.
fn listing(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap();
        let bytes = if kind.is_symlink() {
            let to = fs::read_link(&path).unwrap();
            to.into_os_string().into_encoded_bytes()
        } else if kind.is_dir() {
            all.extend(listing(&path));
            b"folder".to_vec()
        } else {
            fs::read(&path).unwrap()
        };
        all.insert(path, bytes);
    }
    all
}

/// A ledger that was signed, with its inputs in files, and another ledger beside it.
struct Desk {
    signed: Signed,
    csv: PathBuf,
    mapping: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let signed = Signed::new();
        let csv = signed.folder.path("log.csv");
        let other = signed.folder.path("other.redress");
        assert_eq!(import(&csv, &other).code, 0);
        let mappings =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../redress-interchange/mappings");
        let mapping = signed.folder.path("incidents.toml");
        fs::copy(mappings.join("uci-incidents.toml"), &mapping).unwrap();
        Self {
            signed,
            csv,
            mapping,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.signed.folder.path(name)
    }

    fn root(&self) -> PathBuf {
        self.path("x").parent().unwrap().to_owned()
    }

    /// Every output option, with the file that it names.
    fn outputs<'a>(&'a self, out: &'a str) -> Vec<Vec<&'a str>> {
        let (ledger, key) = (text(&self.signed.ledger), text(&self.signed.key));
        let (csv, mapping) = (text(&self.csv), text(&self.mapping));
        let import = ["import", csv, ledger, "--mapping", mapping, "--rejects"];
        let mut outputs = vec![
            vec!["key", "new", out],
            vec!["export", ledger, "--bundle", out],
        ];
        let may_force = [
            vec!["checkpoint", ledger, "--key", key, "--out", out],
            [&import[..], &[out]].concat(),
            vec!["prove", ledger, "INC0000045", "--out", out],
        ];
        for output in may_force {
            outputs.push([&output[..], &["--force"]].concat());
            outputs.push(output);
        }
        outputs
    }

    /// Everything that is to stay: the ledgers' files, whether they are there or not, the keys and the inputs.
    fn kept(&self) -> Vec<PathBuf> {
        let mut kept = LedgerPaths::of(&self.signed.ledger).all();
        kept.push(self.path("other.redress"));
        kept.push(self.path("other.keys"));
        kept.push(self.path("other.tree"));
        kept
    }

    /// Runs every output option and checks that each is refused and that nothing was changed.
    #[track_caller]
    fn check_all_refused(&self, out: &Path, except: impl Fn(&[&str]) -> bool) {
        let before = listing(&self.root());
        for args in self.outputs(text(out)) {
            if except(&args) {
                continue;
            }
            let ran = run(&args);
            assert_ne!(ran.code, 0, "{args:?}: {}", ran.out);
            assert!(
                ran.err.contains("nothing is written to"),
                "{args:?}: {}",
                ran.err
            );
            assert!(
                listing(&self.root()) == before,
                "{args:?} changed something"
            );
        }
    }

    /// By its own name, by others, and by links of both kinds.
    #[track_caller]
    fn check_every_spelling(&self, kept: &Path, except: impl Fn(&[&str]) -> bool + Copy) {
        self.check_all_refused(kept, except);
        let name = kept.file_name().unwrap();
        fs::create_dir_all(self.path("sub")).unwrap();
        self.check_all_refused(&self.path("sub/..").join(name), except);
        let link = self.path("link");
        symlink(kept, &link).unwrap();
        self.check_all_refused(&link, |_| false);
        fs::remove_file(&link).unwrap();
        if kept.exists() {
            fs::hard_link(kept, &link).unwrap();
            self.check_all_refused(&link, except);
            fs::remove_file(&link).unwrap();
        }
    }
}

#[test]
fn no_output_takes_the_place_of_a_file_of_a_ledger() {
    let desk = Desk::new();
    for kept in desk.kept() {
        desk.check_every_spelling(&kept, |_| false);
    }
    // On some file systems this is the same name.
    desk.check_all_refused(&desk.path("C.Histories.NEW"), |_| false);
}

#[test]
fn no_output_takes_the_place_of_an_input() {
    let desk = Desk::new();
    // What another command reads is a foreign file to this one.
    let is_read_by = |command: &'static str| {
        move |args: &[&str]| args[0] != command && args.contains(&"--force")
    };
    for input in [&desk.csv, &desk.mapping] {
        desk.check_every_spelling(input, is_read_by("import"));
    }
    desk.check_every_spelling(&desk.signed.key, is_read_by("checkpoint"));
}

#[test]
fn a_foreign_file_stays_unless_force_says_so() {
    let desk = Desk::new();
    let foreign = desk.signed.folder.write("notes.txt", "mine");
    let has_force = |args: &[&str]| args.contains(&"--force");
    desk.check_all_refused(&foreign, has_force);
    for args in desk
        .outputs(text(&foreign))
        .iter()
        .filter(|args| has_force(args))
    {
        fs::write(&foreign, "mine").unwrap();
        let ran = run(args);
        let is_folder = args[0] == "prove";
        assert_eq!(ran.code == 1, is_folder, "{args:?}: {}", ran.err);
        assert_eq!(
            fs::read(&foreign).unwrap() == b"mine",
            is_folder,
            "{args:?}"
        );
    }
    assert_eq!(
        fs::metadata(&foreign).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn a_proof_that_is_there_stays_unless_force_says_so() {
    let desk = Desk::new();
    let (ledger, out) = (text(&desk.signed.ledger), desk.path("proofs"));
    let prove = ["prove", ledger, "INC0000045", "--out", text(&out)];
    assert_eq!(run(&prove).code, 0);
    let proof = fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
    fs::write(&proof, "mine").unwrap();
    let before = listing(&out);
    assert_eq!(run(&prove).code, 1);
    assert!(listing(&out) == before);
    // Not through a link either: what it leads to stays.
    let victim = desk.signed.folder.write("victim", "mine");
    fs::remove_file(&proof).unwrap();
    symlink(&victim, &proof).unwrap();
    assert_eq!(run(&[&prove[..], &["--force"]].concat()).code, 1);
    assert_eq!(fs::read(&victim).unwrap(), b"mine");
    fs::remove_file(&proof).unwrap();
    assert_eq!(run(&[&prove[..], &["--force"]].concat()).code, 0);
    assert!(fs::read_to_string(&proof).unwrap().contains("proof"));
}

#[test]
fn a_list_of_an_earlier_import_is_replaced() {
    let folder = Folder::new();
    let csv = folder.write("log.csv", rows(5));
    let ledger = folder.path("c.redress");
    assert_eq!(import(&csv, &ledger).code, 0);
    assert_eq!(import(&csv, &ledger).code, 0);
    let list = folder.path("c.rejects.csv");
    assert_eq!(
        fs::metadata(&list).unwrap().permissions().mode() & 0o777,
        0o600
    );
    fs::write(&list, "somebody's own table\r\n").unwrap();
    let ran = import(&csv, &ledger);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("--force"), "{}", ran.err);
    assert_eq!(fs::read(&list).unwrap(), b"somebody's own table\r\n");
}

#[test]
fn what_waits_where_a_checkpoint_is_written_first_is_not_written_through() {
    let desk = Desk::new();
    desk.signed.grow();
    let victim = desk.signed.folder.write("victim", "mine");
    for ending in ["checkpoint.new", "heads.new", "histories.new"] {
        symlink(&victim, desk.path("c").with_extension(ending)).unwrap();
    }
    assert_eq!(desk.signed.checkpoint("second.checkpoint").code, 0);
    assert_eq!(fs::read(&victim).unwrap(), b"mine");
    // A link in the place of the tree is refused, for the tree is written where it stands.
    let tree = desk.path("c.tree");
    fs::remove_file(&tree).unwrap();
    symlink(&victim, &tree).unwrap();
    let ran = desk.signed.checkpoint("third.checkpoint");
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert_eq!(fs::read(&victim).unwrap(), b"mine");
}

#[test]
fn a_ledger_by_a_link_is_the_ledger() {
    let desk = Desk::new();
    let sub = desk.path("sub");
    fs::create_dir(&sub).unwrap();
    let link = sub.join("link.redress");
    symlink("../c.redress", &link).unwrap();
    let old = fs::read(&desk.signed.ledger).unwrap();
    desk.signed.grow();
    let more = desk.signed.folder.write("even_more.csv", rows(60));
    assert_eq!(import(&more, &link).code, 0);
    let (ledger, key) = (text(&link), text(&desk.signed.key));
    for args in [
        vec!["checkpoint", ledger, "--key", key],
        vec!["archive", ledger],
        vec!["sla", ledger],
        vec!["kpi", ledger],
        vec!["verify", ledger],
        vec!["rewrap", ledger, "--to", "key-file"],
    ] {
        let ran = run(&args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    }
    let names: Vec<PathBuf> = listing(&sub).into_keys().collect();
    assert_eq!(names, [link.clone(), sub.join("link.rejects.csv")]);
    // Cut off, it is not signed anew by its other name.
    fs::write(&desk.signed.ledger, old).unwrap();
    let ran = run(&["checkpoint", ledger, "--key", key]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("it was truncated"), "{}", ran.err);
}

#[test]
fn a_ledger_by_a_hard_link_is_refused() {
    let desk = Desk::new();
    let second = desk.path("second.redress");
    fs::hard_link(&desk.signed.ledger, &second).unwrap();
    let before = listing(&desk.root());
    for ledger in [&second, &desk.signed.ledger] {
        for ran in [run(&["archive", text(ledger)]), import(&desk.csv, ledger)] {
            assert_eq!(ran.code, 1, "{}", ran.out);
            assert!(ran.err.contains("hard links"), "{}", ran.err);
        }
    }
    assert!(listing(&desk.root()) == before);
}

#[test]
fn a_ledgers_files_are_its_owners_alone() {
    let desk = Desk::new();
    let bundle = desk.signed.export("bundle");
    let mut wide = Vec::new();
    let mut check = |path: PathBuf| {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        if mode != 0o600 {
            wide.push((path, format!("{mode:o}")));
        }
    };
    LedgerPaths::of(&desk.signed.ledger)
        .all()
        .into_iter()
        .filter(|path| path.exists())
        .for_each(&mut check);
    check(desk.path("first.checkpoint"));
    check(desk.signed.key.clone());
    listing(&bundle)
        .into_keys()
        .filter(|path| path.is_file())
        .for_each(&mut check);
    assert_eq!(wide, []);
}

#[test]
fn a_passphrase_that_is_none_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    let csv = folder.write("log.csv", rows(5));
    let ledger = folder.path("c.redress");
    let words = [(&b""[..], "is empty"), (b"caf\xe9", "is not UTF-8 text")];
    for (value, why) in words {
        let value = std::ffi::OsStr::from_bytes(value);
        let mapping = "uci-incidents";
        let args = ["import", "--mapping", mapping, text(&csv), text(&ledger)];
        let ran = with(&args, "REDRESS_PASSPHRASE", value);
        assert_eq!((ran.code, ran.err.contains(why)), (1, true), "{}", ran.err);
        assert!(!ledger.exists() && !folder.path("c.key").exists());
    }
    assert_eq!(import(&csv, &ledger).code, 0);
    for (value, why) in words {
        let value = std::ffi::OsStr::from_bytes(value);
        let args = ["rewrap", text(&ledger), "--to", "passphrase"];
        let ran = with(&args, "REDRESS_NEW_PASSPHRASE", value);
        assert_eq!((ran.code, ran.err.contains(why)), (1, true), "{}", ran.err);
        assert!(folder.path("c.key").exists());
    }
}

fn with(args: &[&str], variable: &str, value: &std::ffi::OsStr) -> Ran {
    let output = command(args).env(variable, value).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Puts a pipe that nobody writes in the place of a file.
fn pipe(path: &Path) {
    fs::remove_file(path).ok();
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

#[test]
fn pipes_and_devices_are_no_inputs() {
    let desk = Desk::new();
    let fifo = desk.path("fifo");
    pipe(&fifo);
    let new = desk.path("new.redress");
    let new = text(&new);
    let (ledger, key, csv) = (
        text(&desk.signed.ledger),
        text(&desk.signed.key),
        text(&desk.csv),
    );
    for input in [text(&fifo), "/dev/zero"] {
        for args in [
            vec!["archive", input],
            vec!["replay", input],
            vec!["verify", input],
            vec!["verify", ledger, "--checkpoint", input],
            vec!["checkpoint", ledger, "--key", input],
            vec!["import", "--mapping", "uci-incidents", input, ledger],
            vec!["import", "--mapping", input, csv, ledger],
            vec![
                "import",
                "--mapping",
                "uci-incidents",
                csv,
                new,
                "--policy",
                input,
            ],
            vec!["audit", "--rules", input, ledger],
            vec!["policy", "check", input],
            vec!["policy", "days", input],
            vec!["import", "--bundle", input, new],
        ] {
            let ran = run(&args);
            assert_ne!(ran.code, 0, "{args:?}: {}", ran.out);
        }
    }
    let bundle = desk.signed.export("bundle");
    pipe(&bundle.join("checkpoint"));
    assert_ne!(run(&["verify", text(&bundle)]).code, 0);
    for (ending, args) in [
        ("views", vec!["archive", ledger]),
        ("sla", vec!["sla", ledger]),
        ("tree", vec!["verify", ledger]),
        ("checkpoint", vec!["verify", ledger]),
        ("tree", vec!["checkpoint", ledger, "--key", key]),
        ("key", vec!["show", ledger, "INC0000045", "--personal"]),
        ("keys", vec!["show", ledger, "INC0000045", "--personal"]),
        ("redress-lock", vec!["rewrap", ledger, "--to", "key-file"]),
        ("redress-lock", vec!["oversee", ledger]),
    ] {
        pipe(&desk.path(&format!("c.{ending}")));
        // That it ends is the point; views are folded anew in its place.
        run(&args);
    }
}

#[test]
fn cells_are_masked_unless_they_are_asked_for() {
    let folder = Folder::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import");
    let mut desk = fs::read(data.join("service_desk.csv")).unwrap();
    let mapping = data.join("service_desk.toml");
    // Somebody's name and number where a time should be.
    let (time, person) = (b"2026/2/30 10:00", b"Wang 13800001111");
    let mut windows = desk.windows(time.len());
    let start = windows.position(|bytes| bytes == time).unwrap();
    desk.splice(start..start + time.len(), *person);
    let csv = folder.write("desk.csv", desk);
    for (shown, name) in [(true, "shown"), (false, "masked")] {
        let ledger = folder.path(&format!("{name}.redress"));
        let mut args = vec![
            "import",
            "--mapping",
            text(&mapping),
            text(&csv),
            text(&ledger),
        ];
        if shown {
            args.push("--show-personal");
        }
        for format in ["table", "json"] {
            let ran = run(&[&args[..], &["--format", format]].concat());
            let list = fs::read_to_string(ledger.with_extension("rejects.csv")).unwrap();
            for told in [&ran.out, &ran.err, &list] {
                assert!(!told.contains("13800001111") || shown, "{told}");
            }
            let wanted = if shown {
                "Wang 13800001111"
            } else {
                "xxxx 99999999999"
            };
            assert!(list.contains(wanted), "{list}");
        }
    }
}

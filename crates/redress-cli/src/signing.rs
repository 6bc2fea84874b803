//! `redress key` and `redress checkpoint`: a key to sign with, and what it signs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use redress::evidence::{InvalidKey, SigningKey};
use redress::{Environment as _, Evidence, LedgerError, SystemEnvironment};

use crate::error::{Exit, Failure};
use crate::evidence_args::{CheckpointArgs, KeyCommand, KeyNewArgs};
use crate::reading;

/// Runs `redress key`.
pub(crate) fn key(command: &KeyCommand, writer: &mut dyn Write) -> Result<Exit, Failure> {
    match command {
        KeyCommand::New(args) => new_key(args, writer),
    }
}

fn new_key(args: &KeyNewArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let name = args.name.clone().unwrap_or_else(|| {
        let stem = args.file.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    });
    let invalid = |why| Failure::Key {
        path: args.file.clone(),
        why,
    };
    let key = SigningKey::from_seed(name, &seed()?).map_err(invalid)?;
    let written = create_secret(&args.file).and_then(|mut file| {
        writeln!(file, "{}", key.to_text())?;
        file.sync_all()
    });
    written.map_err(|source| Failure::file("write the key", &args.file, source))?;
    writeln!(writer, "{}", key.verifier())?;
    Ok(Exit::Done)
}

fn seed() -> Result<[u8; 32], Failure> {
    let random = || SystemEnvironment.random().map_err(LedgerError::Random);
    let mut seed = [0; 32];
    let (first, second) = seed.split_at_mut(16);
    first.copy_from_slice(&random()?);
    second.copy_from_slice(&random()?);
    Ok(seed)
}

/// A new file that nobody else can read, from its first moment on.
fn create_secret(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Runs `redress checkpoint`.
pub(crate) fn checkpoint(args: &CheckpointArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let key = read_key(&args.key)?;
    let ledger = reading::open(&args.ledger)?;
    let note = pollster::block_on(async {
        let ledger = ledger.as_async().clone();
        let mut evidence = Evidence::open(ledger, &args.ledger).await?;
        if args.anew {
            evidence.checkpoint_anew(&key).await
        } else {
            evidence.checkpoint(&key).await
        }
    })?;
    if let Some(path) = &args.out {
        fs::write(path, note.to_string())
            .map_err(|source| Failure::file("write the checkpoint", path, source))?;
    }
    // As it is, byte for byte: a note has no characters that steer a terminal but line ends.
    write!(writer, "{note}")?;
    Ok(Exit::Done)
}

fn read_key(path: &Path) -> Result<SigningKey, Failure> {
    let text = reading::text("key", path)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let invalid = |why: InvalidKey| Failure::Key {
        path: path.to_owned(),
        why,
    };
    SigningKey::parse(line).map_err(invalid)
}

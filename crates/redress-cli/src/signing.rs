//! `redress key` and `redress checkpoint`: a key to sign with, and what it signs.

use std::io::Write;
use std::path::Path;

use redress::evidence::{InvalidKey, SigningKey};
use redress::{Environment as _, Evidence, LedgerError, SystemEnvironment};

use crate::error::{Exit, Failure};
use crate::evidence_args::{CheckpointArgs, KeyCommand, KeyNewArgs};
use crate::reading;
use crate::target::{Kept, Target};

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
    // A key that was there signs for somebody; it is never replaced.
    Target::check(&args.file, &Kept::default(), None)?
        .write(format!("{}\n", key.to_text()).as_bytes())?;
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

/// Runs `redress checkpoint`.
pub(crate) fn checkpoint(args: &CheckpointArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let kept = Kept::ledger(&args.ledger).and(&args.key, "the key to sign with");
    let out = args.out.as_deref();
    // Before anything is signed: what was signed last is what the next checkpoint follows from.
    let out = out.map(|path| Target::check(path, &kept, Some(args.force)));
    let out = out.transpose()?;
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
    if let Some(out) = out {
        out.write(note.to_string().as_bytes())?;
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

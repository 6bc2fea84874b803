//! `redress erase` and `redress hold`: a customer's data erased for ever, or kept from being erased.

use std::io::Write;
use std::path::Path;

use redress::blocking::Ledger;
use redress::sqlite::SqliteStore;
use redress::{Actor, ActorKind, ComplaintId, Policy, Position, SubjectId};
use serde::Serialize;

use crate::erasure_args::{EraseArgs, HoldArgs, SubjectArgs};
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::{reading, secret};

/// What an erasure came to, for programs.
#[derive(Serialize)]
struct Erased {
    subject: SubjectId,
    receipt: Position,
    keys: usize,
    parts_removed: usize,
    complaints: Vec<ComplaintId>,
}

/// How a customer's data stand, for programs.
#[derive(Serialize)]
struct Held<'a> {
    subject: SubjectId,
    held: bool,
    basis: &'a str,
}

/// Runs `redress erase`.
pub(crate) fn erase(args: &EraseArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let SubjectArgs { subject, basis, .. } = &args.wish;
    let ledger = open(&args.ledger)?;
    let erasure = ledger.erase_subject(*subject, basis, &actor(&args.wish))??;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Erased {
            subject: erasure.subject,
            receipt: erasure.receipt,
            keys: erasure.keys,
            parts_removed: erasure.parts,
            complaints: erasure.complaints,
        })?;
        return Ok(Exit::Done);
    }
    output.line(&format!(
        "{subject} is erased; the receipt stands at position {}",
        erasure.receipt
    ))?;
    output.line(&format!(
        "keys destroyed: {}; personal parts removed now: {}; complaints with a tombstone: {}",
        erasure.keys,
        erasure.parts,
        erasure.complaints.len()
    ))?;
    output.line("Copies of the key store, if there are any, must be destroyed too.")?;
    output.line("Sign a checkpoint over the receipt with `redress checkpoint`.")?;
    Ok(Exit::Done)
}

/// Runs `redress hold`.
pub(crate) fn hold(args: &HoldArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let SubjectArgs { subject, basis, .. } = &args.wish;
    let ledger = open(&args.ledger)?;
    if args.release {
        ledger.release(*subject, basis, &actor(&args.wish))??;
    } else {
        ledger.hold(*subject, basis, &actor(&args.wish))??;
    }
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Held {
            subject: *subject,
            held: !args.release,
            basis,
        })?;
    } else if args.release {
        output.line(&format!("{subject} may be erased again"))?;
    } else {
        output.line(&format!(
            "{subject} is under a hold, and is not erased until it is released"
        ))?;
    }
    Ok(Exit::Done)
}

fn open(path: &Path) -> Result<Ledger<SqliteStore>, Failure> {
    // A ledger that does not exist is not made here.
    drop(reading::open(path)?);
    let secret = secret::from_environment()?;
    Ok(Ledger::open_with(path, Policy::standard(), secret)?)
}

fn actor(wish: &SubjectArgs) -> Actor {
    Actor {
        id: wish.by.clone(),
        role: wish.role.clone(),
        department: None,
        kind: ActorKind::Human,
    }
}

//! What cannot be brought about from outside.

use redress_store::MemoryStore;

use super::*;
use crate::environment::SystemEnvironment;

/// No fold is known to panic, so the trace of one is left by hand.
#[test]
fn views_whose_fold_was_broken_off_are_not_shown() {
    let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    let archive = Archive::in_memory(store.ledger_id()).unwrap();
    let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    assert!(pollster::block_on(ledger.views()).is_ok());
    ledger.lock_views().unwrap().is_folding = true;
    for _ in 0..2 {
        let error = pollster::block_on(ledger.views()).map(drop).unwrap_err();
        assert!(matches!(error, LedgerError::ViewsPoisoned), "{error}");
    }
}

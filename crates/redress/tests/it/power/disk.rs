//! A disk that keeps what was synchronised, and of the rest what chance lets it keep.
//!
//! Of a file, each sector of a write that no `fsync` of that file followed may be there or not, whatever became of the
//! ones before it; so may a change of its length. Of a folder, the changes of names after its last `fsync` are there up to
//! any one of them, in their order, as on file systems that journal names, or each by itself. Synchronising a file makes
//! its bytes durable, not its name. Handles go on when a file gets another name.

use std::collections::{BTreeMap, BTreeSet};

use super::trace::Call;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// What is on the disk after the power came back.
pub(super) type Folder = BTreeMap<String, Vec<u8>>;

/// What becomes of changes that were not synchronised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// None is there.
    Lost,
    /// Each is there.
    Kept,
    /// The names are there, the bytes are not.
    NamesOnly,
    /// Chance decides about each.
    Torn,
}

impl Fate {
    pub(super) const ALL: [Self; 4] = [Self::Lost, Self::Kept, Self::NamesOnly, Self::Torn];
}

/// Numbers that look random and are the same each time.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // xorshift64*, Vigna 2016.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(mixed).unwrap() % bound.max(1)
    }
}

#[derive(Clone, Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    SetLength(usize),
}

#[derive(Clone, Debug, Default)]
struct File {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone, Debug)]
enum NameChange {
    Given { name: String, file: usize },
    Moved { from: String, to: String },
    Removed { name: String },
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Given { name, file } => {
                names.insert(name.clone(), *file);
            }
            Self::Moved { from, to } => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
            Self::Removed { name } => {
                names.remove(name);
            }
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Given { name, .. } => format!("{name} made"),
            Self::Moved { to, .. } => format!("{to} put in place"),
            Self::Removed { name } => format!("{name} removed"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Folder,
    File(usize),
}

/// The disk under a folder while a process writes.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    files: Vec<File>,
    /// As the process sees them.
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    pending_names: Vec<NameChange>,
    handles: BTreeMap<u32, Target>,
    /// What would be durable, had no synchronisation been left out.
    owed: BTreeSet<Target>,
}

impl Disk {
    /// Does what a call asks, but for a synchronisation that is named in `without`.
    pub(super) fn apply(&mut self, call: &Call, without: Option<&str>) {
        match call {
            Call::Open {
                handle,
                name,
                creates,
                empties,
            } => self.open(*handle, name, *creates, *empties),
            Call::Write { handle, at, bytes } => {
                let (at, bytes) = (*at, bytes.clone());
                self.change(*handle, Change::Write { at, bytes });
            }
            Call::SetLength { handle, length } => self.change(*handle, Change::SetLength(*length)),
            Call::Sync { handle } => {
                let is_left_out = without.is_some_and(|without| {
                    self.sync_name(*handle).is_some_and(|name| name == without)
                });
                if is_left_out {
                    self.owed.insert(self.handles[handle]);
                } else {
                    self.sync(*handle);
                }
            }
            Call::Rename { from, to } => {
                let (from, to) = (from.clone(), to.clone());
                self.rename(NameChange::Moved { from, to });
            }
            Call::Link { from, to } => {
                let (name, file) = (to.clone(), self.names[from]);
                self.rename(NameChange::Given { name, file });
            }
            Call::Remove { name } => self.rename(NameChange::Removed { name: name.clone() }),
        }
    }

    /// Whether anything is not durable that would be, had no synchronisation been left out.
    pub(super) fn owes(&self) -> bool {
        !self.owed.is_empty()
    }

    /// What a synchronisation through this handle is of: a file by its name, a folder by what changed in it last. `None` where
    /// nothing waits to be made durable.
    pub(super) fn sync_name(&self, handle: u32) -> Option<String> {
        match self.handles[&handle] {
            Target::Folder => {
                let change = self.pending_names.last()?;
                Some(format!("the folder, {}", change.describe()))
            }
            Target::File(file) => {
                (!self.files[file].pending.is_empty()).then(|| self.name_of(file))
            }
        }
    }

    fn name_of(&self, file: usize) -> String {
        let name = self.names.iter().find(|(_, it)| **it == file);
        name.map_or_else(|| "a removed file".to_owned(), |(name, _)| name.clone())
    }

    fn open(&mut self, handle: u32, name: &str, creates: bool, empties: bool) {
        if name.is_empty() {
            self.handles.insert(handle, Target::Folder);
            return;
        }
        if creates {
            self.files.push(File::default());
            let (name, file) = (name.to_owned(), self.files.len() - 1);
            self.rename(NameChange::Given { name, file });
        }
        let file = self.names[name];
        self.handles.insert(handle, Target::File(file));
        if empties && !creates {
            self.files[file].pending.push(Change::SetLength(0));
        }
    }

    fn rename(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.pending_names.push(change);
    }

    fn change(&mut self, handle: u32, change: Change) {
        match self.handles[&handle] {
            Target::File(file) => self.files[file].pending.push(change),
            Target::Folder => panic!("a folder is not written"),
        }
    }

    fn sync(&mut self, handle: u32) {
        let target = self.handles[&handle];
        self.owed.remove(&target);
        match target {
            Target::File(file) => {
                let File { durable, pending } = &mut self.files[file];
                for change in pending.drain(..) {
                    keep(durable, &change);
                }
            }
            Target::Folder => {
                for change in self.pending_names.drain(..) {
                    change.apply(&mut self.durable_names);
                }
            }
        }
    }

    /// What is there when the power goes now.
    pub(super) fn lose_power(&self, fate: Fate, chance: &mut Chance) -> Folder {
        let pending = self.pending_names.len();
        let in_order = match fate {
            Fate::Lost => 0,
            Fate::Kept | Fate::NamesOnly => pending,
            Fate::Torn => chance.below(pending + 1),
        };
        let any_order = fate == Fate::Torn && chance.below(2) == 0;
        let mut names = self.durable_names.clone();
        for (number, change) in self.pending_names.iter().enumerate() {
            let is_kept = if any_order {
                chance.below(2) == 0
            } else {
                number < in_order
            };
            if is_kept {
                change.apply(&mut names);
            }
        }
        names
            .into_iter()
            .map(|(name, file)| (name, self.files[file].after(fate, chance)))
            .collect()
    }
}

impl File {
    fn after(&self, fate: Fate, chance: &mut Chance) -> Vec<u8> {
        let mut content = self.durable.clone();
        for change in &self.pending {
            match fate {
                Fate::Lost | Fate::NamesOnly => {}
                Fate::Kept => keep(&mut content, change),
                Fate::Torn => tear(&mut content, change, chance),
            }
        }
        content
    }
}

fn keep(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { at, bytes } => put(content, *at, bytes),
        Change::SetLength(length) => content.resize(*length, 0),
    }
}

/// Each sector by itself; one that is not there may have made the file longer all the same.
fn tear(content: &mut Vec<u8>, change: &Change, chance: &mut Chance) {
    let Change::Write { at, bytes } = change else {
        if chance.below(2) == 0 {
            keep(content, change);
        }
        return;
    };
    let (mut at, mut rest) = (*at, bytes.as_slice());
    while !rest.is_empty() {
        let room = SECTOR - at % SECTOR;
        let (sector, after) = rest.split_at(room.min(rest.len()));
        match chance.below(8) {
            0..4 => put(content, at, sector),
            4 => content.resize(content.len().max(at + sector.len()), 0),
            _ => {}
        }
        at += sector.len();
        rest = after;
    }
}

fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    content.resize(content.len().max(at + bytes.len()), 0);
    content[at..at + bytes.len()].copy_from_slice(bytes);
}

//! Every bit of every file of a bundle flipped.

use redress_core::Position;
use redress_evidence::Tile;
use redress_evidence::bundle::{Fault, Finding, MemoryFiles, Pieces, verify_source};

use super::sample::Sample;
use super::{ALL, SIZE, draws, grouped, on_every_core, step};

/// What reads a file, and where the pieces of it begin.
enum Reader {
    /// The lines of entries, by where they begin.
    Lines(Vec<usize>),
    /// Preimages, by where they begin.
    Preimages(Tile, Vec<usize>),
    Tile(Tile),
    Checkpoint(u64),
    Heads,
    Manifest,
    /// Nothing but its digest.
    Digest,
}

impl Reader {
    fn of(sample: &Sample, path: &str) -> Self {
        let bytes = &sample.files[path];
        let [early, newest] = sample.checkpoints;
        for tile in Tile::all(newest) {
            if tile.path() == path {
                return Self::Tile(tile);
            }
            if tile.level == 0 && tile.entries_path() == path {
                return Self::Preimages(tile, preimages(bytes));
            }
        }
        match path {
            "entries.ndjson" => Self::Lines(lines(bytes)),
            "checkpoint" => Self::Checkpoint(newest),
            "stream-heads" => Self::Heads,
            "manifest.json" => Self::Manifest,
            "README.md" | "policies/000.toml" => Self::Digest,
            early_path => {
                assert_eq!(early_path, format!("checkpoints/{early}"));
                Self::Checkpoint(early)
            }
        }
    }

    /// Where the alteration of this byte should be told.
    fn place(&self, byte: usize) -> Option<u64> {
        let number = |index: usize| u64::try_from(index).unwrap();
        match self {
            Self::Lines(starts) => Some(number(piece_of(starts, byte))),
            Self::Preimages(tile, starts) => {
                Some(tile.index * 256 + number(piece_of(starts, byte)))
            }
            Self::Tile(tile) => {
                Some((tile.index * 256 + number(byte / 32)) << (8 * u64::from(tile.level)))
            }
            Self::Checkpoint(_) | Self::Heads | Self::Manifest | Self::Digest => None,
        }
    }

    /// Whether a line begins at this byte.
    fn begins(&self, byte: usize) -> bool {
        if let Self::Lines(starts) = self {
            starts.binary_search(&byte).is_ok()
        } else {
            false
        }
    }

    /// What the pieces that read this byte find; `files` is the bundle as it was.
    fn check(
        &self,
        pieces: &Pieces<'_>,
        path: &str,
        bytes: &[u8],
        byte: usize,
        sample: &Sample,
    ) -> Vec<Finding> {
        match self {
            Self::Lines(starts) => {
                let line = piece_of(starts, byte);
                let rest = &bytes[starts[line]..];
                // A line ends where the reader finds its end, which may be another place than before.
                let end = rest.iter().position(|byte| *byte == b'\n');
                let end = end.map_or(rest.len(), |end| end + 1);
                pieces.entry(u64::try_from(line).unwrap(), &rest[..end])
            }
            Self::Preimages(tile, starts) => {
                let number = piece_of(starts, byte);
                let from = self.place(byte).unwrap();
                pieces.preimages(tile, from, &bytes[starts[number]..])
            }
            Self::Tile(tile) => pieces.tile(tile, bytes),
            Self::Checkpoint(size) => pieces.checkpoint(*size, bytes),
            Self::Heads => pieces.stream_heads(bytes),
            Self::Manifest => pieces
                .manifest(&sample.files, bytes)
                .unwrap_or_else(|| whole(sample, path, bytes)),
            Self::Digest => pieces.file(path, bytes),
        }
    }
}

fn lines(bytes: &[u8]) -> Vec<usize> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
    starts.filter(|start| *start < bytes.len()).collect()
}

fn preimages(bytes: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        starts.push(at);
        at += 2 + usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    }
    starts
}

/// The number of the piece that holds a byte.
fn piece_of(starts: &[usize], byte: usize) -> usize {
    starts.partition_point(|start| *start <= byte) - 1
}

fn whole(sample: &Sample, path: &str, bytes: &[u8]) -> Vec<Finding> {
    let mut files: MemoryFiles = sample.files.clone();
    files.insert(path.to_owned(), bytes.to_vec());
    verify_source(&files, &sample.anchors).findings
}

/// Whether the place is named: by the finding itself, or as the entry that belongs there.
fn names(finding: &Finding, path: &str, place: Option<u64>) -> bool {
    let place = place.map(Position::new);
    let mut belongs = None;
    if let Fault::Gap(here) | Fault::OutOfOrder(here) = finding.fault {
        belongs = Some(here);
    }
    // What a manifest tells of another file contradicts that file: which of the two is false, nothing tells.
    path == "manifest.json"
        || finding.file == path && (finding.position == place || belongs == place)
}

#[track_caller]
fn check_named(findings: &[Finding], path: &str, byte: usize, place: Option<u64>) {
    let named = findings.iter().any(|one| names(one, path, place));
    assert!(named, "{path}, byte {byte}, {place:?}: {findings:?}");
}

#[test]
fn every_flipped_bit_of_a_bundle_is_found_in_its_place() {
    let sample = Sample::new(SIZE);
    let pieces = Pieces::of(&sample.files, &sample.anchors).unwrap();
    let mut total = 0;
    for (path, bytes) in &sample.files {
        let reader = Reader::of(&sample, path);
        let step = step(if matches!(reader, Reader::Manifest) {
            97
        } else {
            1_021
        });
        let flips = on_every_core(|core, cores| {
            let mut bytes = bytes.clone();
            let mut flips = 0;
            for bit in (core * step..bytes.len() * 8).step_by(step * cores) {
                let byte = bit / 8;
                bytes[byte] ^= 1 << (bit % 8);
                let found = reader.check(&pieces, path, &bytes, byte, &sample);
                check_named(&found, path, byte, reader.place(byte));
                bytes[byte] ^= 1 << (bit % 8);
                flips += 1;
            }
            flips
        });
        println!("{path}: {} flips, all found", grouped(flips));
        total += flips;
    }
    let (files, total) = (sample.files.len(), grouped(total));
    println!("bundle of {SIZE} entries: {total} flips in {files} files: {total} found");
}

#[test]
fn the_whole_check_finds_what_the_pieces_find() {
    let sample = Sample::new(SIZE);
    let pieces = Pieces::of(&sample.files, &sample.anchors).unwrap();
    let samples = if ALL { 2_000 } else { 40 };
    let paths: Vec<&String> = sample.files.keys().collect();
    let mut draws = draws(5);
    let mut draw = || draws.next().unwrap();
    for number in 0..samples {
        // Every second one in the entries, which are most of the bundle.
        let path = match number % 2 {
            0 => "entries.ndjson",
            _ => paths[draw() % paths.len()],
        };
        let reader = Reader::of(&sample, path);
        let mut bytes = sample.files[path].clone();
        let bit = draw() % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let of_pieces = reader.check(&pieces, path, &bytes, bit / 8, &sample);
        let of_whole = whole(&sample, path, &bytes);
        for one in &of_pieces {
            assert!(
                of_whole.contains(one),
                "{path}, bit {bit}: {one:?} is not in {of_whole:?}"
            );
        }
        check_named(&of_whole, path, bit / 8, reader.place(bit / 8));
    }
    println!("{samples} flips checked as a whole: the same findings in the same places");
}

#[test]
fn every_cut_of_every_file_is_found_where_it_ends() {
    let sample = Sample::new(SIZE);
    let pieces = Pieces::of(&sample.files, &sample.anchors).unwrap();
    let mut total = 0;
    for (path, bytes) in &sample.files {
        let reader = Reader::of(&sample, path);
        let mut cuts = 0;
        for length in (0..bytes.len()).step_by(step(509)) {
            let cut = &bytes[..length];
            let place = reader.place(length);
            let found = if reader.begins(length) {
                pieces.end(place.unwrap())
            } else {
                reader.check(&pieces, path, cut, length, &sample)
            };
            check_named(&found, path, length, place);
            cuts += 1;
        }
        total += cuts;
    }
    let mut draws = draws(6);
    for _ in 0..if ALL { 300 } else { 10 } {
        let bytes = &sample.files["entries.ndjson"];
        let length = draws.next().unwrap() % bytes.len();
        let reader = Reader::of(&sample, "entries.ndjson");
        let found = whole(&sample, "entries.ndjson", &bytes[..length]);
        check_named(&found, "entries.ndjson", length, reader.place(length));
    }
    println!(
        "bundle of {SIZE} entries: {} cuts, all found where they are",
        grouped(total)
    );
}

//! Every entry and every personal part deleted, repeated and exchanged.

use redress_core::Position;
use redress_evidence::bundle::{Fault, Finding, MemoryFiles, Pieces, verify_source};

use super::sample::{ERASED, Sample};
use super::{ALL, SIZE, draws, grouped, on_every_core, step};

const ENTRIES: &str = "entries.ndjson";

fn lines(sample: &Sample) -> Vec<String> {
    let text = std::str::from_utf8(&sample.files[ENTRIES]).unwrap();
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn position(place: usize) -> Position {
    Position::new(u64::try_from(place).unwrap())
}

/// What the whole check finds of these lines.
fn found(sample: &Sample, lines: &[String]) -> Vec<Finding> {
    let mut files: MemoryFiles = sample.files.clone();
    files.insert(ENTRIES.to_owned(), lines.concat().into_bytes());
    verify_source(&files, &sample.anchors).findings
}

#[track_caller]
fn check(findings: &[Finding], place: usize, fault: Fault) {
    let expected = Finding {
        file: ENTRIES.to_owned(),
        position: Some(position(place)),
        fault,
    };
    assert!(
        findings.contains(&expected),
        "no {expected:?} in {findings:?}"
    );
}

/// An entry that is gone is told by the one after it, or by the end.
fn check_gone(findings: &[Finding], place: usize, count: usize) {
    if place + 1 == count {
        check(findings, place, Fault::CutOff);
    } else {
        check(findings, place + 1, Fault::Gap(position(place)));
    }
}

fn check_exchanged(sample: &Sample, lines: &mut [String], one: usize, other: usize) {
    lines.swap(one, other);
    let findings = found(sample, lines);
    check(&findings, other, Fault::Gap(position(one)));
    check(&findings, one, Fault::OutOfOrder(position(other + 1)));
    lines.swap(one, other);
}

#[test]
fn every_entry_deleted_repeated_and_exchanged_is_found_in_its_place() {
    let sample = Sample::new(SIZE);
    let sound = lines(&sample);
    let count = sound.len();
    let step = step(31);
    let done = on_every_core(|core, cores| {
        let mut lines = sound.clone();
        let mut done = 0;
        for place in (core * step..count).step_by(step * cores) {
            let gone = lines.remove(place);
            check_gone(&found(&sample, &lines), place, count);
            lines.insert(place, gone.clone());
            lines.insert(place, gone);
            let repeated = Fault::OutOfOrder(position(place + 1));
            check(&found(&sample, &lines), place, repeated);
            lines.remove(place);
            done += 2;
            if place + 1 < count {
                check_exchanged(&sample, &mut lines, place, place + 1);
                done += 1;
            }
        }
        done
    });
    let far = on_every_core(|core, cores| {
        let mut lines = sound.clone();
        let mut draws = draws(u64::try_from(core).unwrap());
        let pairs = if ALL { 1_000 } else { 10 } / cores;
        for _ in 0..pairs {
            let one = draws.next().unwrap() % (count - 1);
            let other = one + 1 + draws.next().unwrap() % (count - one - 1);
            check_exchanged(&sample, &mut lines, one, other);
        }
        pairs
    });
    println!(
        "bundle of {SIZE} entries: {} entries deleted, repeated or exchanged with the next, {far} with another: all found",
        grouped(done)
    );
}

/// What stands before the personal parts of a line, the parts, and what stands after them.
fn split(line: &str) -> (String, Vec<String>, String) {
    let (before, rest) = line.split_once("\"parts\":[").unwrap();
    let parts = rest.strip_suffix("]}\n").unwrap();
    let parts = parts
        .split_inclusive('}')
        .map(|part| part.trim_start_matches(','));
    let parts = parts.map(str::to_owned).collect();
    (format!("{before}\"parts\":["), parts, "]}\n".to_owned())
}

fn joined((before, parts, after): &(String, Vec<String>, String)) -> Vec<u8> {
    format!("{before}{}{after}", parts.join(",")).into_bytes()
}

/// The bytes of a part as they stand in a line; nothing where they are gone.
fn bytes(part: &str) -> &str {
    let start = part.find(",\"bytes\":").unwrap_or(part.len() - 1);
    &part[start..part.len() - 1]
}

#[test]
fn every_part_deleted_repeated_and_exchanged_is_found_in_its_place() {
    let sample = Sample::new(SIZE);
    let pieces = Pieces::of(&sample.files, &sample.anchors).unwrap();
    let sound: Vec<_> = lines(&sample).iter().map(|line| split(line)).collect();
    let with_parts: Vec<usize> = (0..sound.len())
        .filter(|place| !sound[*place].1.is_empty())
        .collect();
    let mut done = 0;
    let mut try_one = |place: usize, line: &(String, Vec<String>, String), fault: Fault| {
        let place_u64 = u64::try_from(place).unwrap();
        check(&pieces.entry(place_u64, &joined(line)), place, fault);
        done += 1;
    };
    for (index, place) in with_parts.iter().copied().enumerate() {
        let next = with_parts[(index + 1) % with_parts.len()];
        for number in 0..sound[place].1.len() {
            let part = &sound[place].1[number];
            let other = &sound[next].1[0];
            let mut line = sound[place].clone();
            let is_erased = place == usize::try_from(ERASED).unwrap();
            if !is_erased {
                line.1[number] = part.replace(bytes(part), "");
                try_one(place, &line, Fault::PartMissing(number + 1));
                let swapped = part.replace(bytes(part), bytes(other));
                let fault = match bytes(other) {
                    "" => Fault::PartMissing(number + 1),
                    _ => Fault::PartDiffers(number + 1),
                };
                line.1[number] = swapped;
                try_one(place, &line, fault);
            }
            line.1[number].clone_from(other);
            try_one(place, &line, Fault::Leaf);
            line.1.remove(number);
            try_one(place, &line, Fault::Leaf);
            line.1.insert(number, part.clone());
            line.1.insert(number, part.clone());
            try_one(place, &line, Fault::Leaf);
            if number > 0 {
                let mut line = sound[place].clone();
                line.1.swap(number - 1, number);
                try_one(place, &line, Fault::Leaf);
            }
        }
    }
    println!(
        "bundle of {SIZE} entries: {} parts emptied, deleted, repeated or exchanged: all found",
        grouped(done)
    );
}

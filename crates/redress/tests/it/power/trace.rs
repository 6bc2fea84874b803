//! The record of what a process wrote under a folder, as `record_writes.c` writes it.

/// What the process had the system do.
#[derive(Clone, Debug)]
pub(super) enum Call {
    Open {
        handle: u32,
        name: String,
        creates: bool,
        empties: bool,
    },
    Write {
        handle: u32,
        at: usize,
        bytes: Vec<u8>,
    },
    SetLength {
        handle: u32,
        length: usize,
    },
    Sync {
        handle: u32,
    },
    Rename {
        from: String,
        to: String,
    },
    Link {
        from: String,
        to: String,
    },
    Remove {
        name: String,
    },
}

/// Reads a record to its end.
pub(super) fn read(mut bytes: &[u8]) -> Vec<Call> {
    let mut calls = Vec::new();
    while !bytes.is_empty() {
        calls.push(call(&mut bytes));
    }
    calls
}

fn call(bytes: &mut &[u8]) -> Call {
    let kind = take(bytes, 1)[0];
    let handle = u32::from_le_bytes(take(bytes, 4).try_into().unwrap());
    let number = u64::from_le_bytes(take(bytes, 8).try_into().unwrap());
    let mut length = || u32::from_le_bytes(take(bytes, 4).try_into().unwrap());
    let (first, second) = (length(), length());
    let first = take(bytes, usize::try_from(first).unwrap()).to_vec();
    let second = text(take(bytes, usize::try_from(second).unwrap()));
    let place = usize::try_from(number).unwrap();
    match kind {
        b'O' => Call::Open {
            handle,
            name: text(&first),
            creates: number & 1 != 0,
            empties: number & 2 != 0,
        },
        b'W' => Call::Write {
            handle,
            at: place,
            bytes: first,
        },
        b'T' => Call::SetLength {
            handle,
            length: place,
        },
        b'S' => Call::Sync { handle },
        b'R' => Call::Rename {
            from: text(&first),
            to: second,
        },
        b'L' => Call::Link {
            from: text(&first),
            to: second,
        },
        b'U' => Call::Remove { name: text(&first) },
        other => panic!("a call of kind {other}"),
    }
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(count);
    *bytes = rest;
    taken
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

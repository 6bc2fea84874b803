#!/usr/bin/env python3
"""Checks a bundle of a complaint ledger, or a .tlog-proof, with Python's standard library alone.

    verify_bundle.py BUNDLE [KEY]            every entry, every personal part, the root, the checkpoint
    verify_bundle.py PROOF.tlog-proof KEY    that the log signed by KEY holds the entry in the proof
KEY is the log's public key as NAME+ID+BASE64; get it from somewhere other than the bundle.
Formats: docs/format.md of redress; RFC 6962; RFC 8032; C2SP signed-note, tlog-checkpoint, tlog-proof.
"""
import base64, hashlib, json, os, struct, sys, uuid

def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()
def need(condition, message):
    if not condition: sys.exit("NOT VERIFIED: " + message)

def unbase64(text): return base64.b64decode(text, validate=True)
def read(path):
    with open(path, encoding="utf-8", newline="\n") as file: return file.read()

# --- Ed25519 verification, RFC 8032 section 5.1.7; slow, and meant to be read.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def add(a, b):  # extended coordinates, RFC 8032 section 5.1.4
    A, B = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    C, E = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return (e * f % P, g * h % P, f * g % P, e * h % P)

def times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1: result = add(result, point)
        point, number = add(point, point), number >> 1
    return result

def same(a, b): return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0  # as points
def point(data):
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P: x = x * pow(2, (P - 1) // 4, P) % P
    need(y < P and (x * x - x2) % P == 0 and not (x == 0 and sign), "a key or signature is no point of the curve")
    return (x, y, 1, x * y % P) if x & 1 == sign else (P - x, y, 1, (P - x) * y % P)

BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

def ed25519(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    small = any(same(times(8, one), (0, 1, 1, 0)) for one in (a, r))
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return len(signature) == 64 and s < L and not small and same(times(s, BASE), add(r, times(k, a)))

# --- Signed checkpoints.
def checkpoint(note, key):
    """Size and root, after checking the signature of `key` where one is given."""
    end = note.rindex("\n\n")
    text, lines = note[: end + 1], note[end + 2 :]
    origin, size, root = text.split("\n")[:3]
    if key:
        name, key_id, data = key.split("+", 2)
        data = unbase64(data)
        expected = sha256(name.encode(), b"\n", data)[:4]
        need(len(data) == 33 and data[0] == 1 and expected.hex() == key_id, "this is not the key of a log")
        signatures = [unbase64(line.split(" ")[2]) for line in lines.splitlines() if line.split(" ")[:2] == ["—", name]]
        ours = [value[4:] for value in signatures if value[:4] == expected]
        need(ours, name + " has not signed the checkpoint")
        need(all(ed25519(data[1:], text.encode(), one) for one in ours), "the signature of " + name + " is wrong")
    return origin, int(size), unbase64(root)

# --- The tree of RFC 6962.
def node(left, right): return sha256(b"\1", left, right)
def tree_root(leaves):
    stack = []  # (height, hash)
    for leaf in leaves:
        height = 0
        while stack and stack[-1][0] == height:
            leaf, height = node(stack.pop()[1], leaf), height + 1
        stack.append((height, leaf))
    result = stack.pop()[1] if stack else sha256()
    while stack:
        result = node(stack.pop()[1], result)
    return result

GONE, RECEIPTS = [], set()  # personal parts that are gone; keys and histories that the ledger says were erased

def committed(kind, data):  # to a part in the clear (0) or sealed (1): key id, epoch, nonce, key commitment, ciphertext
    label, head = (b"redress/part-sealed/v1\0", 76) if kind else (b"redress/part-public/v1\0", 0)
    return sha256(label, data[:head], struct.pack(">Q", max(0, len(data) - head)), data[head:])

def leaf_of(entry, ledger_id, position):
    """Recomputes the leaf of a line, and the commitment to every part."""
    where = "entry %d: " % position
    need(entry["position"] == position, where + "position %d stands here" % entry["position"])
    parts = [(0, bytes(16), 0, committed(0, entry["public"].encode()))]
    for part in entry["parts"]:
        kind, key = part["kind"], (bytes.fromhex(part["subject_key_id"]), part["key_epoch"])
        need(kind in (0, 1), where + "a part is of a kind unknown here")
        parts.append((kind, *key, bytes.fromhex(part["commit"])))
        if "bytes" in part:
            need(committed(kind, unbase64(part["bytes"])) == parts[-1][3], where + "a personal part was altered")
        else:  # the receipt comes later
            GONE.append((where, key if kind else entry["stream"]))
    if entry["event_type"] == 106:
        data = json.loads(entry["public"])["data"]
        RECEIPTS.update((uuid.UUID(data["subject"]).bytes, key["epoch"]) for key in data["keys"])
    if entry["event_type"] == 16: RECEIPTS.add(entry["stream"])
    head = struct.pack(">16s16sQ16sQIHq16sB", b"redress/leaf/v1\0", ledger_id.bytes, position,
                       uuid.UUID(entry["stream"]).bytes, entry["version"], entry["event_type"], entry["schema"],
                       entry["recorded_at_us"], bytes.fromhex(entry["actor"]), len(parts))
    return sha256(b"\0", head, *(struct.pack(">B16sI32s", *part) for part in parts))

def verify_bundle(folder, key):
    ledger_id = uuid.UUID(json.loads(read(folder + "/manifest.json"))["ledger_id"])
    leaves = []
    with open(folder + "/entries.ndjson", encoding="utf-8", newline="\n") as file:
        for position, line in enumerate(file):
            leaves.append(leaf_of(json.loads(line), ledger_id, position))
    for where, what in GONE: need(what in RECEIPTS, where + "a personal part is missing, and nothing says it was erased")
    origin, size, root = checkpoint(read(folder + "/checkpoint"), key)
    need(len(leaves) == size, "the checkpoint is over %d entries, %d are there" % (size, len(leaves)))
    need(tree_root(leaves) == root, "the entries do not lead to the root of the checkpoint")
    print("%d entries lead to the root that %s tells" % (size, origin))
    print("%d personal parts are gone, each with a receipt" % len(GONE))
    print("signed by the key you gave" if key else "NO SIGNATURE CHECKED: give the log's key")

def verify_proof(path, key):
    head, note = read(path).split("\n\n", 1)
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra "), "this is not a proof of redress")
    index, result = int(lines[2][6:]), sha256(b"\0", unbase64(lines[1][6:]))
    origin, size, root = checkpoint(note, key)
    need(0 <= index < size, "the entry came after the checkpoint")
    first, last = index, size - 1  # RFC 9162 section 2.1.3.2
    for line in lines[3:]:
        need(last > 0, "the proof is too long")
        left = first & 1 or first == last
        result = node(unbase64(line), result) if left else node(result, unbase64(line))
        while left and not first & 1 and first:
            first, last = first >> 1, last >> 1
        first, last = first >> 1, last >> 1
    need(last == 0 and result == root, "the proof does not lead to the root of the checkpoint")
    print("entry %d is among the %d entries that %s signed" % (index, size, origin))

if __name__ == "__main__":
    need(2 <= len(sys.argv) <= 3, "give a bundle or a .tlog-proof, and the log's key")
    target, key = sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else None
    need(key or os.path.isdir(target), "a proof needs the log's key")
    (verify_bundle if os.path.isdir(target) else verify_proof)(target, key)

"""Seals one personal part by the written format, with Python's `cryptography`, and prints what the test compares.

    python3 tests/oracles/sealed_part.py

The values stand in crates/redress-evidence/tests/it/sealing.rs. Nothing here is taken from the Rust code.
"""
import hashlib
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LEDGER = bytes(range(16))
STREAM = bytes(range(16, 32))
SUBJECT = bytes(range(32, 48))
VERSION, EVENT_TYPE, SCHEMA, PART, EPOCH = 3, 5, 1, 1, 2
DATA_KEY = bytes(range(64, 96))
NONCE = bytes(range(128, 152))
TEXT = '{"note":"王芳 13800001111"}'.encode()

context = LEDGER + STREAM + struct.pack(">QIHB", VERSION, EVENT_TYPE, SCHEMA, PART) + SUBJECT + struct.pack(">I", EPOCH)
keys = HKDF(hashes.SHA256(), 64, NONCE, b"redress/seal/v1\0" + context).derive(DATA_KEY)
encryption, commitment = keys[:32], keys[32:]
ciphertext = AESGCM(encryption).encrypt(bytes(12), TEXT, context)
epoch = struct.pack(">I", EPOCH)
sealed = SUBJECT + epoch + NONCE + commitment + ciphertext
length = struct.pack(">Q", len(ciphertext))
leaf = b"redress/part-sealed/v1\0" + SUBJECT + epoch + NONCE + commitment + length + ciphertext
print("sealed    ", sealed.hex())
print("committed ", hashlib.sha256(leaf).hexdigest())
print("data key  ", hashlib.sha256(b"redress/data-key/v1\0" + SUBJECT + epoch + DATA_KEY).hexdigest())

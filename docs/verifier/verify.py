#!/usr/bin/env python3
"""Checks an Assent evidence file: python3 verify.py FILE [--witness KEY]... [--rpc URL]

A second verifier of what docs/evidence.md says. It shares no line with the first and needs Python 3.9 and the package
`cryptography` (for Ed25519 alone). Exit status: 0 everything holds, 1 something does not, 2 it could not be checked.
"""
import argparse, base64, hashlib, json, math, re, sys, urllib.request
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LARGEST = 16 * 1024 * 1024
CHECKS = ["form", "seal", "consent", "covers", "doctor", "content", "ledger", "complete", "log"]

# --- hashes and signatures -----------------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


MASK = (1 << 64) - 1
ROUNDS = []
lfsr = 1
for _ in range(24):
    constant = 0
    for j in range(7):
        if lfsr & 1:
            constant |= 1 << ((1 << j) - 1)
        lfsr = (lfsr << 1) ^ (0x171 if lfsr & 0x80 else 0)
    ROUNDS.append(constant)


def permute(a):
    for constant in ROUNDS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x + 4) % 5] ^ turn(c[(x + 1) % 5], 1) for x in range(5)]
        a = [a[i] ^ d[i % 5] for i in range(25)]
        x, y, current = 1, 0, a[1]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            a[x + 5 * y], current = turn(current, (t + 1) * (t + 2) // 2 % 64), a[x + 5 * y]
        a = [a[i] ^ (~a[i - i % 5 + (i + 1) % 5] & a[i - i % 5 + (i + 2) % 5]) & MASK for i in range(25)]
        a[0] ^= constant
    return a


def turn(lane, by):
    return (lane << by | lane >> (64 - by)) & MASK if by else lane


@lru_cache(maxsize=100_000)
def keccak(data):
    """Keccak-256 as Ethereum has it: padded with 0x01, not with SHA-3's 0x06."""
    padded = bytearray(data + b"\x01" + b"\x00" * (-(len(data) + 1) % 136))
    padded[-1] |= 0x80
    state = [0] * 25
    for start in range(0, len(padded), 136):
        for i in range(17):
            state[i] ^= int.from_bytes(padded[start + 8 * i : start + 8 * i + 8], "little")
        state = permute(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


P = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
    1,
)


def double(p):
    x, y, z = p
    s, m = 4 * x * y * y % P, 3 * x * x % P
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * pow(y, 4, P)) % P, 2 * y * z % P


def add(p, q):
    if p[2] == 0 or q[2] == 0:
        return q if p[2] == 0 else p
    z1, z2 = p[2] * p[2] % P, q[2] * q[2] % P
    u1, u2 = p[0] * z2 % P, q[0] * z1 % P
    s1, s2 = p[1] * z2 * q[2] % P, q[1] * z1 * p[2] % P
    if u1 == u2:
        return double(p) if s1 == s2 else (0, 1, 0)
    h, r = u2 - u1, s2 - s1
    x = (r * r - h**3 - 2 * u1 * h * h) % P
    return x, (r * (u1 * h * h - x) - s1 * h**3) % P, h * p[2] * q[2] % P


def times(p, n):
    total = (0, 1, 0)
    while n:
        if n & 1:
            total = add(total, p)
        p, n = double(p), n >> 1
    return total


@lru_cache(maxsize=10_000)
def signer_of(digest, signature):
    """The address that made this signature of 65 bytes (r, s, v), or None. The greater of the two s is refused."""
    r, s, v = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big"), signature[64]
    if v not in (27, 28) or not 0 < r < ORDER or not 0 < s <= ORDER // 2:
        return None
    y = pow(r**3 + 7, (P + 1) // 4, P)
    if (y * y - r**3 - 7) % P:
        return None
    point = (r, y if y % 2 == v - 27 else P - y, 1)
    inverse = pow(r, -1, ORDER)
    x, y, z = add(times(point, s * inverse % ORDER), times(G, -int.from_bytes(digest, "big") * inverse % ORDER))
    if z == 0:
        return None
    x, y = x * pow(z, -2, P) % P, y * pow(z, -3, P) % P
    return keccak(x.to_bytes(32, "big") + y.to_bytes(32, "big"))[12:]


def signed_by(signer, digest, signature):
    raw = unhex(signature)
    return len(raw) == 65 and signer_of(digest, raw) == unhex(signer)


def unhex(text):
    return bytes.fromhex(text[2:])


def tohex(data):
    return "0x" + data.hex()


def word(number):
    return number.to_bytes(32, "big")


# --- what is signed: EIP-712 ----------------------------------------------------------------------------------------

TYPES = {
    "Consent": "bytes patient,bytes grantee,bytes32 visit,uint32 scopes,uint64 validFrom,uint64 validUntil,bytes32 terms,bytes32 salt",
    "Revocation": "bytes32 consent",
    "Record": "bytes32 consent,uint8 kind,bytes32 commitment,uint32 number,uint64 signedAt",
    "Approval": "bytes32 record",
    "Checkpoint": "uint64 size,bytes32 root",
    "Evidence": "bytes32 content",
}


def struct_hash(name, value):
    encoded = keccak(f"{name}({TYPES[name]})".encode())
    for field in TYPES[name].split(","):
        kind, key = field.split(" ")
        if kind.startswith("uint"):
            encoded += word(value[key])
        else:
            encoded += keccak(unhex(value[key])) if kind == "bytes" else unhex(value[key])
    return keccak(encoded)


def digest_of(name, value, ledger):
    domain = keccak(
        keccak(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
        + keccak(b"Assent Consent Ledger")
        + keccak(b"1")
        + word(int(ledger["chainId"]))
        + unhex(ledger["address"]).rjust(32, b"\0")
    )
    return keccak(b"\x19\x01" + domain + struct_hash(name, value))


# --- RFC 8785 and the form of the file --------------------------------------------------------------------------------


def parsed(written):
    """The JSON of a text, with each number as a double has it: as an integer where it is one that a double holds exactly."""

    def as_double(digits):
        value = float(digits)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value

    def no_constant(_):
        raise ValueError("no JSON")

    return json.loads(written, parse_int=as_double, parse_float=as_double, parse_constant=no_constant)


def canonical(value):
    """Raises ValueError for what RFC 8785 has no form of: an endless number, half of a surrogate pair."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        return decimal(value)
    if isinstance(value, str):
        value.encode()
    return json.dumps(value, ensure_ascii=False)


def decimal(value):
    """A double as RFC 8785, 3.2.2.3, writes it: its shortest digits, laid out as ECMAScript does."""
    if not math.isfinite(value):
        raise ValueError("no number")
    if value == 0:
        return "0"
    minus, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, digits))
    point = len(digits) + exponent
    if len(digits) <= point <= 21:
        written = digits.ljust(point, "0")
    elif 0 < point <= 21:
        written = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        written = "0." + digits.rjust(len(digits) - point, "0")
    else:
        written = digits[0] + (f".{digits[1:]}" if digits[1:] else "") + f"e{point - 1:+d}"
    return ("-" if minus else "") + written


class Misshapen(Exception):
    pass


def text(pattern=r"[\s\S]*", most=None):
    return lambda v, at: require(isinstance(v, str) and re.fullmatch(pattern, v) and (most is None or len(v) <= most), at)


def number(least=0, most=2**53 - 1):
    return lambda v, at: require(isinstance(v, int) and not isinstance(v, bool) and least <= v <= most, at)


def flag(v, at):
    require(isinstance(v, bool), at)


def list_of(shape, least=0, most=20_000):
    def check(value, at):
        require(isinstance(value, list) and least <= len(value) <= most, at)
        for i, one in enumerate(value):
            fits(shape, one, f"{at}.{i}")

    return check


def or_null(shape):
    return lambda v, at: v is None or fits(shape, v, at)


def detail(value, at):
    require(isinstance(value, dict), at)
    for key, one in value.items():
        require(isinstance(one, (str, int, float)) and not isinstance(one, bool) and one not in (math.inf, -math.inf), f"{at}.{key}")


def instant(value, at):
    found = isinstance(value, str) and re.fullmatch(r"(20[0-9]{2})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})([.][0-9]+)?Z", value)
    require(found, at)
    try:
        datetime(*map(int, found.groups()[:6]))  # as the calendar and the clock have it
    except ValueError:
        raise Misshapen(at)


def content(value, at):
    require(isinstance(value, dict), at)
    require(value.get("kind") in KINDS, f"{at}.kind")


def require(holds, at):
    if not holds:
        raise Misshapen(at)


def fits(shape, value, at=""):
    if callable(shape):
        return shape(value, at)
    require(isinstance(value, dict) and not set(value) - set(shape), at)
    for key, inner in shape.items():
        require(key in value, f"{at}.{key}" if at else key)
        fits(inner, value[key], f"{at}.{key}" if at else key)


KINDS = {"session-start": 1, "session-end": 2, "prescription": 3, "prescription-cancelled": 4, "file-share": 5, "access-granted": 6}
B32, ADDRESS = text("0x[0-9a-f]{64}"), text("0x[0-9a-f]{40}")
SIGNER, SIGNATURE = text("0x([0-9a-f]{2}){20,148}"), text("0x([0-9a-f]{2}){1,512}")
NODES, HASHES, SECONDS = list_of(text("0x([0-9a-f]{2})+", 400_000), 1, 70), list_of(B32, 0, 64), number(0, 2**32 - 1)
CONSENT = {"patient": SIGNER, "grantee": SIGNER, "visit": B32, "scopes": SECONDS, "validFrom": SECONDS, "validUntil": SECONDS, "terms": B32, "salt": B32}
ENTRY = {
    **{"number": number(1), "at": instant, "actor": {"is": text("staff|patient|guest|nobody|system"), "id": text(most=128)}},
    **{"action": text("[a-z-]+[.][a-z-]+"), "visitId": or_null(text()), "ofVisit": or_null(number(1)), "object": or_null(text()), "consent": or_null(B32)},
    **{"refusal": or_null(text()), "detail": detail, "salt": text("0x[0-9a-f]{32}"), "previous": B32, "hash": B32},
}
SHAPE = {
    "format": text("assent/evidence/1"),
    "madeAt": instant,
    "ledger": {"label": text(most=200), "chainId": text("[1-9][0-9]{0,30}"), "address": ADDRESS, "local": flag},
    "logKey": ADDRESS,
    "visit": {"id": text("[0-9a-f]{32}"), "clinic": text(most=200), "clinician": text(most=200)},
    "consents": list_of({"consent": CONSENT, "text": text(most=10_000), "signature": SIGNATURE, "revocation": or_null(SIGNATURE)}, 1, 200),
    "records": list_of({"consent": B32, "kind": number(1, 255), "commitment": B32, "number": number(1, 2**24 - 1), "signedAt": SECONDS, "byPatient": flag, "signature": SIGNATURE, "approval": or_null(SIGNATURE)}, 0, 2_000),
    "lines": list_of({"entry": ENTRY, "proof": HASHES}, 1),
    "log": {"checkpoint": text(most=65_536), "key": text(most=400), "witnesses": list_of(text(most=400), 0, 32), "anchor": {"size": number(1), "root": B32, "proof": HASHES}},
    "blocks": list_of({"hash": B32, "header": text("0x([0-9a-f]{2})+", 400_000)}, 1, 2_000),
    "transactions": list_of({"block": B32, "index": number(0, 100_000), "raw": text("0x([0-9a-f]{2})+", 400_000), "proof": NODES}, 0, 2_000),
    "state": {"block": B32, "account": NODES, "anchored": NODES, "doctor": NODES, "consents": list_of(NODES, 0, 200)},
    "seal": SIGNATURE,
    "opened": list_of({"record": B32, "content": content, "salt": B32}, 0, 2_000),
}

# --- RLP and Merkle-Patricia proofs -----------------------------------------------------------------------------------


def rlp(data):
    item, rest = rlp_item(data)
    if rest:
        raise ValueError("bytes after the end")
    return item


def rlp_item(data):
    first = data[0]
    if first < 0x80:
        return data[:1], data[1:]
    base, is_list = (0xC0, True) if first >= 0xC0 else (0x80, False)
    length, start = first - base, 1
    if length > 55:
        start, length = 1 + length - 55, int.from_bytes(data[1 : 1 + length - 55], "big")
    body, rest = data[start : start + length], data[start + length :]
    if len(body) != length:
        raise ValueError("cut off")
    if not is_list:
        return body, rest
    items = []
    while body:
        item, body = rlp_item(body)
        items.append(item)
    return items, rest


def rlp_number(number):
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return data if len(data) == 1 and data[0] < 0x80 else bytes([0x80 + len(data)]) + data


def proven(root, key, proof):
    """What the trie with this root has at this key: its bytes, or None. Raises where the proof does not show it."""
    path, following, used = key.hex(), root, 0
    for _ in range(70):
        if following == b"":
            break
        node = following
        if isinstance(following, bytes):
            node = unhex(proof[used])
            used += 1
            if keccak(node) != following:
                raise ValueError("another node")
            node = rlp(node)
        if len(node) == 17:
            if path == "":
                following = None
                value = node[16]
                break
            following, path = node[int(path[0], 16)], path[1:]
            continue
        odd, leaf = node[0].hex()[0] in "13", node[0].hex()[0] in "23"
        if node[0].hex()[0] not in "0123":
            raise ValueError("no node")
        part = node[0].hex()[1 if odd else 2 :]
        if leaf or part == "" or not path.startswith(part):
            value = node[1] if leaf and part == path else b""
            break
        following, path = node[1], path[len(part) :]
    else:
        raise ValueError("no end")
    value = b"" if following == b"" else value
    if used != len(proof) or not isinstance(value, bytes):
        raise ValueError("more than the path")
    return value or None


# --- the log: RFC 9162, signed notes ----------------------------------------------------------------------------------


def leaf_hash(leaf):
    return sha256(b"\0" + leaf)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


def is_included(leaf, index, size, root, proof):
    if index >= size:
        return False
    fn, sn, found = index, size - 1, leaf
    for one in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = node_hash(one, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, one)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == root


def is_consistent(old, new, proof):
    (size, root), (larger, newer) = old, new
    if size == 0 or size > larger:
        return False
    if size == larger:
        return root == newer and not proof
    path = [root, *proof] if size & (size - 1) == 0 else list(proof)
    if not path or not proof:
        return False
    fn, sn = size - 1, larger - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for one in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(one, first), node_hash(one, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, one)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == root and second == newer


def key_id(name, kind, key):
    return sha256(name.encode() + b"\n" + bytes([kind]) + key)[:4]


def read_key(written):
    name, identity, encoded = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)", written).groups()
    raw = base64.b64decode(encoded, validate=True)
    if base64.b64encode(raw).decode() != encoded or key_id(name, raw[0], raw[1:]).hex() != identity:
        raise ValueError("no key")
    return name, raw[0], raw[1:]


def read_note(note):
    end = note.rindex("\n\n")
    signatures = []
    if not note.endswith("\n") or re.search("[\x00-\x09\x0b-\x1f]", note):
        raise ValueError("no note")
    for line in note[end + 2 : -1].split("\n"):
        name, encoded = re.fullmatch("— ([^ +\n]+) ([A-Za-z0-9+/]+=*)", line).groups()
        raw = base64.b64decode(encoded, validate=True)
        if len(raw) <= 4 or base64.b64encode(raw).decode() != encoded:
            raise ValueError("no signature")
        signatures.append((name, raw[:4], raw[4:]))
    return note[: end + 1], signatures


def signature_by(signatures, key):
    found = [raw for name, identity, raw in signatures if name == key[0] and identity == key_id(*key)]
    return found[0] if len(found) == 1 else None


def ed25519(key, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


LATEST = 253402300799  # the last second whose year has four digits


def cosigned_at(body, signatures, key):
    """When this witness cosigned the note, in seconds since 1970; None where it did not."""
    raw = signature_by(signatures, key) or b""
    at = int.from_bytes(raw[:8], "big")
    message = f"cosignature/v1\ntime {at}\n{body}".encode()
    return at if key[1] == 4 and len(raw) == 72 and at <= LATEST and ed25519(key[2], raw[8:], message) else None


# --- the checks -------------------------------------------------------------------------------------------------------


class File:
    """A file and what was found wrong with it: by check, where and why."""

    def __init__(self, evidence):
        self.e = evidence
        self.faults = {name: [] for name in CHECKS}
        self.consent_ids = [struct_hash("Consent", one["consent"]) for one in evidence["consents"]]
        self.record_ids = [struct_hash("Record", one) for one in evidence["records"]]

    def tell(self, check, at, why):
        self.faults[check].append((at, why))

    def digest(self, name, value):
        return digest_of(name, value, self.e["ledger"])

    def seal(self):
        rest = {key: value for key, value in self.e.items() if key not in ("seal", "opened")}
        content = tohex(sha256(b"assent/1/evidence\n" + canonical(rest).encode()))
        if not signed_by(self.e["logKey"], self.digest("Evidence", {"content": content}), self.e["seal"]):
            self.tell("seal", "seal", "not-sealed")

    def consent(self):
        topic = tohex(sha256(b"assent/1/visit/" + self.e["visit"]["id"].encode()))
        for i, one in enumerate(self.e["consents"]):
            consent, identity = one["consent"], self.consent_ids[i]
            if self.consent_ids.index(identity) != i:
                self.tell("consent", f"consents.{i}", "twice")
            if consent["visit"] != topic:
                self.tell("consent", f"consents.{i}.consent.visit", "visit")
            if tohex(sha256(one["text"].encode())) != consent["terms"]:
                self.tell("consent", f"consents.{i}.text", "text")
            if not signed_by(consent["patient"], self.digest("Consent", consent), one["signature"]):
                self.tell("consent", f"consents.{i}.signature", "signature")
            digest = self.digest("Revocation", {"consent": tohex(identity)})
            if one["revocation"] is not None and not signed_by(consent["patient"], digest, one["revocation"]):
                self.tell("consent", f"consents.{i}.revocation", "revocation")

    def covers(self):
        by_id = {tohex(self.consent_ids[i]): one["consent"] for i, one in enumerate(self.e["consents"])}
        for i, record in enumerate(self.e["records"]):
            consent = by_id.get(record["consent"])
            if consent is None:
                self.tell("covers", f"records.{i}.consent", "unknown-permission")
                continue
            author = consent["patient" if record["byPatient"] else "grantee"]
            if not signed_by(author, self.digest("Record", record), record["signature"]):
                self.tell("covers", f"records.{i}", "author")
            if not consent["validFrom"] <= record["signedAt"] <= consent["validUntil"]:
                self.tell("covers", f"records.{i}.signedAt", "outside-window")
            kind, scopes = record["kind"], consent["scopes"]
            allowed, asked = scopes >> kind & 1, scopes >> (16 + kind) & 1
            if kind not in KINDS.values() or not (allowed or asked) or (record["byPatient"] and kind in (3, 4)):
                self.tell("covers", f"records.{i}.kind", "not-allowed")
            digest = self.digest("Approval", {"record": tohex(self.record_ids[i])})
            needed = asked and not allowed and not record["byPatient"]
            approval = record["approval"]
            if needed if approval is None else not signed_by(consent["patient"], digest, approval):
                self.tell("covers", f"records.{i}.approval", "not-approved")

    def content(self):
        seen = set()
        for i, one in enumerate(self.e["opened"]):
            if one["record"] in seen:
                self.tell("content", f"opened.{i}", "twice")
            seen.add(one["record"])
            if unhex(one["record"]) not in self.record_ids:
                self.tell("content", f"opened.{i}.record", "unknown-record")
                continue
            record = self.e["records"][self.record_ids.index(unhex(one["record"]))]
            said = canonical({"content": one["content"], "visit": self.e["visit"]["id"]})
            inner = sha256(f"assent/1/{one['content']['kind']}\n{said}".encode())
            commitment = tohex(keccak(unhex(one["salt"]) + inner))
            if KINDS[one["content"]["kind"]] != record["kind"] or commitment != record["commitment"]:
                self.tell("content", f"opened.{i}.content", "content")

    def ledger(self):
        """Reads what the file proves of the ledger, for `doctor` and `complete` as well."""
        self.blocks = {}
        for i, block in enumerate(self.e["blocks"]):
            header = unhex(block["header"])
            try:
                fields = rlp(header) if tohex(keccak(header)) == block["hash"] else None
                read = fields and (int.from_bytes(fields[8], "big"), fields[3], fields[4])
            except (ValueError, IndexError, TypeError):
                read = None
            if read is None:
                self.tell("ledger", f"blocks.{i}", "header")
            elif block["hash"] in self.blocks:
                self.tell("ledger", f"blocks.{i}", "twice")
            else:
                self.blocks[block["hash"]] = read
        state, consents = self.e["state"], self.e["consents"]
        storage = None
        if state["block"] not in self.blocks:
            self.tell("ledger", "state.block", "no-block")
        else:
            address = keccak(unhex(self.e["ledger"]["address"]))
            account = self.attempt(lambda: proven(self.blocks[state["block"]][1], address, state["account"]))
            storage = account and rlp(account)[2]
            if storage is None:
                self.tell("ledger", "state.account", "state")

        def at(slot, proof, place):
            """The word of 32 bytes at this place of the contract's storage; None where it isn't shown."""
            if storage is None:
                return None
            try:
                found = proven(storage, keccak(slot), proof)
                return b"\0" * 32 if found is None else rlp(found).rjust(32, b"\0")
            except (ValueError, IndexError, TypeError):
                return self.tell("ledger", place, "state")

        anchored = at(word(6), state["anchored"], "state.anchored")
        self.doctor_word = at(keccak(keccak(unhex(consents[0]["consent"]["grantee"])) + word(5)), state["doctor"], "state.doctor")
        if len(state["consents"]) != len(consents):
            self.tell("ledger", "state.consents", "shape")
        self.words = []
        for i, identity in enumerate(self.consent_ids):
            proof = state["consents"][i] if i < len(state["consents"]) else None
            self.words.append(proof and at(keccak(identity + word(4)), proof, f"state.consents.{i}"))
        for i, one in enumerate(consents):
            status = self.words[i] and self.words[i][31]
            if status not in (None, 1, 2):
                self.tell("ledger", f"consents.{i}", "not-granted")
            elif status is not None and (status == 2) != (one["revocation"] is not None):
                self.tell("ledger", f"consents.{i}.revocation", "revoked-there" if status == 2 else "not-revoked")
        anchor = self.e["log"]["anchor"]
        if anchored is not None and keccak(word(anchor["size"]) + unhex(anchor["root"])) != anchored:
            self.tell("ledger", "log.anchor", "not-anchored")

        signatures = [one[key] for one in consents for key in ("signature", "revocation") if one[key] is not None]
        signatures += [record["signature"] for record in self.e["records"]] + [anchor["root"]]
        used = {state["block"]}
        for i, sent in enumerate(self.e["transactions"]):
            used.add(sent["block"])
            if sent["block"] not in self.blocks:
                self.tell("ledger", f"transactions.{i}.block", "no-block")
                continue
            root = self.blocks[sent["block"]][2]
            if self.attempt(lambda: proven(root, rlp_number(sent["index"]), sent["proof"])) != unhex(sent["raw"]):
                self.tell("ledger", f"transactions.{i}", "transaction")
            if not any(one[2:] in sent["raw"] for one in signatures):
                self.tell("ledger", f"transactions.{i}", "carries-nothing")
        for i, block in enumerate(self.e["blocks"]):
            if block["hash"] not in used:
                self.tell("ledger", f"blocks.{i}", "unused")

    @staticmethod
    def attempt(work):
        try:
            return work()
        except (ValueError, IndexError, TypeError):
            return None

    def doctor(self):
        if self.doctor_word is None:
            self.tell("doctor", "state.doctor", "state")
        elif int.from_bytes(self.doctor_word[-4:], "big") == 0:
            self.tell("doctor", "state.doctor", "not-enrolled")

    def complete(self):
        for i, line in enumerate(self.e["lines"]):
            if line["entry"]["ofVisit"] != i + 1:
                self.tell("complete", f"lines.{i}.entry.ofVisit", "gap")
        for i, identity in enumerate(self.consent_ids):
            found = self.words[i]
            under = [(at, one) for at, one in enumerate(self.e["records"]) if one["consent"] == tohex(identity)]
            for by_patient, start in ((False, 25), (True, 28)):
                own = [(at, one) for at, one in under if one["byPatient"] == by_patient]
                for before, (at, one) in enumerate(own):
                    if one["number"] != before + 1:
                        self.tell("complete", f"records.{at}.number", "number")
                if found and len(own) != int.from_bytes(found[start : start + 3], "big"):
                    self.tell("complete", f"consents.{i}", "count")
            head = identity[:25]
            for at, _ in under:
                head = keccak(head + self.record_ids[at])[:25]
            if not found:
                self.tell("complete", f"consents.{i}", "state")
            elif found[:25] != head and (under or any(found[:25])):
                self.tell("complete", f"consents.{i}", "head")

    def log(self):
        log, ledger, lines = self.e["log"], self.e["ledger"], self.e["lines"]
        origin = f"assent/{ledger['chainId']}/{ledger['address']}"
        own = (origin, 0xFF, b"EIP-712" + unhex(self.e["logKey"]))
        head = None
        try:
            body, signatures = read_note(log["checkpoint"])
            name, size, root, rest = body.split("\n")
            raw = base64.b64decode(root, validate=True)
            if name != origin or rest or len(raw) != 32 or not re.fullmatch("0|[1-9][0-9]{0,15}", size):
                raise ValueError("another log")
            digest = self.digest("Checkpoint", {"size": int(size), "root": tohex(raw)})
            signature = signature_by(signatures, own)
            if signature is None or not signed_by(self.e["logKey"], digest, tohex(signature)):
                raise ValueError("not signed")
            head = (int(size), raw)
        except (ValueError, AttributeError):
            self.tell("log", "log.checkpoint", "checkpoint")
        if head:
            self.signers(own, body, signatures)
            anchor = (log["anchor"]["size"], unhex(log["anchor"]["root"]))
            first, last = sorted((anchor, head), key=lambda one: one[0])
            if not is_consistent(first, last, [unhex(one) for one in log["anchor"]["proof"]]):
                self.tell("log", "log.anchor", "inconsistent")
        before = 0
        for i, line in enumerate(lines):
            entry = line["entry"]
            if entry["number"] <= before:
                self.tell("log", f"lines.{i}", "twice")
            before = entry["number"]
            if entry["visitId"] != self.e["visit"]["id"]:
                self.tell("log", f"lines.{i}", "visit")
            said = canonical({key: value for key, value in entry.items() if key != "hash"})
            hashed = sha256(f"assent/1/entry\n{said}".encode())
            if tohex(hashed) != entry["hash"]:
                self.tell("log", f"lines.{i}", "line")
            elif head and not is_included(leaf_hash(hashed), entry["number"], *head, [unhex(one) for one in line["proof"]]):
                self.tell("log", f"lines.{i}", "not-included")
        self.acts()

    def signers(self, own, body, signatures):
        log, named = self.e["log"], [own]
        try:
            key = read_key(log["key"])
            named.append(key)
            if key[0] != own[0] or key[1] != 1 or not ed25519(key[2], signature_by(signatures, key) or b"", body.encode()):
                raise ValueError("not signed")
        except (ValueError, AttributeError):
            self.tell("log", "log.key", "checkpoint")
        for i, written in enumerate(log["witnesses"]):
            try:
                key = read_key(written)
                named.append(key)
                if cosigned_at(body, signatures, key) is None:
                    raise ValueError("not signed")
            except (ValueError, AttributeError):
                self.tell("log", f"log.witnesses.{i}", "not-cosigned")
        if sum(signature_by(signatures, key) is not None for key in named) != len(signatures):
            self.tell("log", "log.checkpoint", "witness")

    def witness(self, known):
        """Whether each of these keys, which did not come with the file, cosigned the checkpoint."""
        self.faults["witness"] = []
        try:
            body, signatures = read_note(self.e["log"]["checkpoint"])
        except (ValueError, AttributeError):
            body, signatures = "", []
        for key in known:
            if cosigned_at(body, signatures, key) is None:
                self.tell("witness", f"known.{key[0]}", "not-cosigned")

    def acts(self):
        kinds = {"consent.granted": "grant", "guest.allowed": "grant", "share.granted": "grant", "record.added": "record"}
        kinds.update({"consent.revoked": "revoke", "guest.revoked": "revoke", "share.revoked": "revoke"})
        revoked = {tohex(self.consent_ids[i]) for i, one in enumerate(self.e["consents"]) if one["revocation"] is not None}
        has = {"grant": set(map(tohex, self.consent_ids)), "revoke": revoked, "record": set(map(tohex, self.record_ids))}
        told = {"grant": set(), "revoke": set(), "record": set()}
        for i, line in enumerate(self.e["lines"]):
            entry = line["entry"]
            kind = kinds.get(entry["action"]) if entry["refusal"] is None else None
            if kind:
                told[kind].add(entry["object"])
                if entry["object"] not in has[kind]:
                    self.tell("log", f"lines.{i}", "untrue")
        for i, identity in enumerate(map(tohex, self.consent_ids)):
            if identity not in told["grant"]:
                self.tell("log", f"consents.{i}", "untold")
            if identity in has["revoke"] and identity not in told["revoke"]:
                self.tell("log", f"consents.{i}.revocation", "untold")
        for i, identity in enumerate(map(tohex, self.record_ids)):
            if identity not in told["record"]:
                self.tell("log", f"records.{i}", "untold")


def verify(written):
    """What is wrong, by check: {name: [(where, why)]}. Of what is no evidence only `form` is told."""
    if len(written) > LARGEST:
        return {"form": [("", "too-long")]}, None
    try:
        evidence = parsed(written)
    except (ValueError, RecursionError):
        return {"form": [("", "not-json")]}, None
    try:
        fits(SHAPE, evidence)
    except Misshapen as fault:
        return {"form": [(str(fault), "shape")]}, None
    file = File(evidence)
    try:
        if file.attempt(lambda: canonical(evidence)) != written.removesuffix("\n"):
            file.tell("form", "", "not-canonical")
        checks = (file.seal, file.consent, file.covers, file.content, file.ledger, file.doctor, file.complete, file.log)
        for check in checks:
            try:
                check()
            except ValueError:
                file.tell(check.__name__, "", "shape")
    except RecursionError:
        return {"form": [("", "shape")]}, None
    return file.faults, file


def ask_node(file, url):
    def ask(method, *params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(url, body, {"content-type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=20))["result"]

    faults = []
    try:
        if int(ask("eth_chainId"), 16) != int(file.e["ledger"]["chainId"]):
            return [("ledger.chainId", "node-chain")]
        for block, (at, _, _) in file.blocks.items():
            found = ask("eth_getBlockByNumber", hex(at), False)
            if not found or found["hash"] != block:
                faults.append((f"block {at}", "node-block"))
        call = {"to": file.e["ledger"]["address"], "data": tohex(keccak(b"logKey()")[:4])}
        if ask("eth_call", call, "latest")[-40:] != file.e["logKey"][2:]:
            faults.append(("logKey", "node-key"))
    except (OSError, ValueError, KeyError):
        faults.append(("", "node-away"))
    return faults


def main(arguments):
    options = argparse.ArgumentParser(prog="verify.py", description="Checks an Assent evidence file.")
    options.add_argument("file", metavar="FILE")
    options.add_argument("--witness", metavar="KEY", action="append", default=[], help="a witness you know: name+id+base64")
    options.add_argument("--rpc", metavar="URL", help="a node of the ledger to ask")
    asked = options.parse_args(arguments)
    path, rpc = asked.file, asked.rpc
    try:
        known = [read_key(written) for written in asked.witness]
    except (ValueError, AttributeError):
        known = [None]
    if any(key is None or key[1] != 4 or len(key[2]) != 32 for key in known):
        print("--witness takes a witness's key: name+12345678+letters")
        return 2
    try:
        written = open(path, encoding="utf-8", newline="").read()
    except (OSError, UnicodeDecodeError):
        print(f"{path} can't be read.")
        return 2
    faults, file = verify(written)
    if file and known:
        file.witness(known)
    if file and rpc:
        faults["node"] = ask_node(file, rpc)
    for name, found in faults.items():
        print(f"{'FAILS' if found else 'holds'}  {name}")
        for at, why in found:
            print(f"       {at}: {why}")
    unasked = [name for name in file.e["log"]["witnesses"] if name not in asked.witness] if file else []
    if unasked:
        print(f"It names witnesses that nobody asked about: {', '.join(unasked)}: --witness KEY, from the witness itself.")
    if file and not rpc:
        at, block = max((at, block) for block, (at, _, _) in file.blocks.items()) if file.blocks else (0, "none")
        print(f"It rests on block {at} of chain {file.e['ledger']['chainId']}, {block}: ask any node of it, --rpc URL.")
    if file is None:
        return 2
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Opens Yaoku's ciphertext, written from docs/ciphertext-format.md alone: no code of the server.

The standard library does; with the package "cryptography" the payload is decrypted too. Reads a
JSON object a line and writes one a line:

  {"do": "rest", "aad": text or null, "context": null, text or object}
  {"do": "open", "suite": "AES" or "SM4", "key": hex, "blob": hex, "rest": hex}
  {"do": "unwrap", "key": hex, "purpose": number, "fields": [text or number, ...], "wrap": hex}
"""

import hashlib
import hmac
import json
import struct
import sys

try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
except ImportError:
    Cipher = None


def sm3(data):
    """GB/T 32905."""
    iv = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    rol = lambda x, n: ((x << n % 32) | (x >> (32 - n % 32))) & 0xFFFFFFFF if n % 32 else x
    p0 = lambda x: x ^ rol(x, 9) ^ rol(x, 17)
    p1 = lambda x: x ^ rol(x, 15) ^ rol(x, 23)
    message = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack(">Q", 8 * len(data))
    state = iv
    for at in range(0, len(message), 64):
        w = list(struct.unpack(">16I", message[at : at + 64]))
        for j in range(16, 68):
            w.append(p1(w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)) ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rol((rol(a, 12) + e + rol(t, j)) & 0xFFFFFFFF, 7)
            ss2 = ss1 ^ rol(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            d, c, b, a = c, rol(b, 9), a, tt1
            h, g, f, e = g, rol(f, 19), e, p0(tt2)
        state = [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]
    return struct.pack(">8I", *state)


def mac(suite, key, data):
    if suite == "AES":
        return hmac.new(key, data, hashlib.sha256).digest()
    key = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = sm3(bytes(x ^ 0x36 for x in key) + data)
    return sm3(bytes(x ^ 0x5C for x in key) + inner)


def hkdf(suite, key, salt, info, length):
    prk = mac(suite, salt or bytes(32), key)
    out = block = b""
    counter = 1
    while len(out) < length:
        block = mac(suite, prk, block + info + bytes([counter]))
        out += block
        counter += 1
    return out[:length]


def lp(data):
    return struct.pack(">I", len(data)) + data


def rest(aad, context):
    out = lp((aad or "").encode("utf-8"))
    if not context:
        return out + b"\0"
    if isinstance(context, str):
        return out + b"\1" + lp(context.encode("utf-8"))
    members = sorted((n.encode("utf-8"), v.encode("utf-8")) for n, v in context.items())
    out += b"\2" + struct.pack(">I", len(members))
    return out + b"".join(lp(n) + lp(v) for n, v in members)


def gcm(algorithm, iv, data, associated):
    mode = modes.GCM(iv, data[-16:])
    decryptor = Cipher(algorithm, mode).decryptor()
    decryptor.authenticate_additional_data(associated)
    return decryptor.update(data[:-16]) + decryptor.finalize()


def xaes(key, nonce, data, associated):
    """C2SP XAES-256-GCM."""
    aes = lambda block: Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)
    subkey = aes(bytes(16))
    doubled = (int.from_bytes(subkey, "big") << 1) & (1 << 128) - 1
    k1 = (doubled ^ (0x87 if subkey[0] & 0x80 else 0)).to_bytes(16, "big")
    half = lambda n: aes(bytes(x ^ y for x, y in zip(b"\0" + bytes([n]) + b"X\0" + nonce[:12], k1)))
    return gcm(algorithms.AES(half(1) + half(2)), nonce[12:], data, associated)


def unseal(suite, key, head, sealed, rest_bytes):
    nonce = sealed[len(head) : len(head) + 24]
    at = len(head) + 24
    commitment, data = sealed[at : at + 32], sealed[at + 32 :]
    associated = head + nonce + rest_bytes
    commit_key = hkdf(suite, key, b"", b"yaoku/1/commit", 32)
    if not hmac.compare_digest(mac(suite, commit_key, associated), commitment):
        return {"error": "commitment"}
    if Cipher is None:
        return {"commitment": "right"}
    try:
        if suite == "AES":
            enc = hkdf(suite, key, b"", b"yaoku/1/enc", 32)
            return {"payload": xaes(enc, nonce, data, associated).hex()}
        both = hkdf(suite, key, nonce, b"yaoku/1/sm4", 28)
        return {"payload": gcm(algorithms.SM4(both[:16]), both[16:], data, associated).hex()}
    except Exception:
        return {"error": "tag"}


def open_blob(suite, key, blob, rest_bytes):
    number = {"AES": 1, "SM4": 2}[suite]
    if len(blob) < 124 or len(blob) % 16 != 12 or blob[:3] != bytes([0x59, 1, number]):
        return {"error": "form"}
    said = {
        "kind": blob[3],
        "key_id": blob[4:20].hex(),
        "version": struct.unpack(">I", blob[20:24])[0],
    }
    answer = unseal(suite, key, blob[:24], blob, rest_bytes)
    if "payload" in answer:
        payload = bytes.fromhex(answer.pop("payload"))
        length = struct.unpack(">H", payload[:2])[0]
        answer["plaintext"] = payload[2 : 2 + length].hex()
        if any(payload[2 + length :]):
            return {"error": "padding"}
    return {**said, **answer}


def place(fields):
    out = b""
    for field in fields:
        out += lp(struct.pack(">Q", field) if isinstance(field, int) else field.encode("utf-8"))
    return out


def answer(asked):
    if asked["do"] == "rest":
        return {"rest": rest(asked["aad"], asked["context"]).hex()}
    key = bytes.fromhex(asked["key"])
    if asked["do"] == "open":
        blob = bytes.fromhex(asked["blob"])
        return open_blob(asked["suite"], key, blob, bytes.fromhex(asked["rest"]))
    head = bytes([0x59, 1, 1, 0x80 + asked["purpose"]])
    sealed = bytes.fromhex(asked["wrap"])
    if sealed[:4] != head:
        return {"error": "form"}
    return unseal("AES", key, head, sealed, place(asked["fields"]))


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)

#!/usr/bin/env python3
"""Makes the files of this folder and their manifest: throw-away keys, most of them bad on purpose.

Needs python3, openssl 3 and ssh-keygen. Run it in this folder; every run makes other keys, so it is
run only when a case is added.
"""
import base64
import math
import os
import secrets
import subprocess
import tempfile

ROWS = []
E = 65537


def case(file, data, kind, public, private, code):
    mode = "wb" if isinstance(data, bytes) else "w"
    with open(file, mode) as out:
        out.write(data)
    ROWS.append("\t".join([file, kind, public, private, code]))


# DER
def tlv(tag, content):
    size = len(content)
    length = bytes([size]) if size < 0x80 else None
    if length is None:
        digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(digits)]) + digits
    return bytes([tag]) + length + content


def integer(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def sequence(*parts):
    return tlv(0x30, b"".join(parts))


RSA = sequence(bytes.fromhex("06092a864886f70d010101"), b"\x05\x00")


def pem(label, der):
    body = base64.encodebytes(der).replace(b"\n", b"").decode()
    lines = "\n".join(body[i : i + 64] for i in range(0, len(body), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def spki(n, e=E):
    return pem("PUBLIC KEY", sequence(RSA, tlv(3, b"\0" + sequence(integer(n), integer(e)))))


def pkcs8(p, q, n=None, e=E, d=None, dp=None, dq=None, qinv=None):
    n = p * q if n is None else n
    d = pow(e, -1, math.lcm(p - 1, q - 1)) if d is None else d
    numbers = [0, n, e, d, p, q]
    numbers.append(d % (p - 1) if dp is None else dp)
    numbers.append(d % (q - 1) if dq is None else dq)
    numbers.append((pow(q, -1, p) if math.gcd(p, q) == 1 else 1) if qinv is None else qinv)
    inner = sequence(*map(integer, numbers))
    return pem("PRIVATE KEY", sequence(integer(0), RSA, tlv(4, inner)))


# Numbers
SMALL = [p for p in range(2, 2000) if all(p % q for q in range(2, math.isqrt(p) + 1))]


def is_prime(n):
    if n < SMALL[-1]:
        return n in SMALL
    if any(n % p == 0 for p in SMALL):
        return False
    s = ((n - 1) & -(n - 1)).bit_length() - 1
    for _ in range(20):
        x = pow(secrets.randbelow(n - 3) + 2, (n - 1) >> s, n)
        if x not in (1, n - 1):
            for _ in range(s - 1):
                x = x * x % n
                if x == n - 1:
                    break
            else:
                return False
    return True


def fits(p):
    return is_prime(p) and (p - 1) % E


def prime(bits):
    while True:
        p = secrets.randbits(bits) | 3 << (bits - 2) | 1
        if fits(p):
            return p


def next_prime(n):
    n |= 1
    while not fits(n):
        n += 2
    return n


def number(bits, good):
    while True:
        n = secrets.randbits(bits) | 1 << (bits - 1) | 1
        if good(n):
            return n


def small_factor(n):
    return any(n % p == 0 for p in range(3, 752))


def roca_prime(bits, count):
    m = math.prod(SMALL[:count])
    while True:
        p = secrets.randbelow((1 << bits) // m) * m + pow(E, secrets.randbelow(m), m)
        if p >> (bits - 2) == 3 and fits(p):
            return p


def bad_numbers():
    p, q = prime(1024), prime(1024)
    n = p * q
    order = math.lcm(p - 1, q - 1)
    d = pow(E, -1, order)
    reject = ("reject", "reject")

    case("bad-e-1.pem", spki(n, 1), "rsa-public", *reject, "exponent-not-65537")
    case("bad-e-even.pem", spki(n, 65538), "rsa-public", *reject, "exponent-not-65537")
    case("bad-e-huge.pem", spki(n, n - 2), "rsa-public", *reject, "exponent-not-65537")
    case("bad-n-even.pem", spki(n - 1), "rsa-public", *reject, "even-modulus")
    case("bad-n-prime.pem", spki(prime(2048)), "rsa-public", *reject, "prime-modulus")
    case("bad-n-2047.pem", spki(number(2047, lambda n: True)), "rsa-public", *reject, "key-length")
    case("bad-n-16385.pem", spki(number(16385, lambda n: True)), "rsa-public", *reject, "key-length")
    multiple = number(2048, lambda n: n % 751 == 0 and not any(n % p == 0 for p in range(3, 751)))
    case("bad-n-751.pem", spki(multiple), "rsa-public", *reject, "small-factor")

    close = next_prime(p + 2**300)
    case("bad-p-close.pem", pkcs8(p, close), "rsa-private", *reject, "close-factors")
    case("bad-p-close-public.pem", spki(p * close), "rsa-public", *reject, "close-factors")
    closer = next_prime(p ^ secrets.randbits(920))
    case("bad-p-too-close.pem", pkcs8(p, closer), "rsa-private", *reject, "close-factors")
    case("bad-p-equal.pem", pkcs8(p, p), "rsa-private", *reject, "equal-factors")
    case("bad-p-equal-public.pem", spki(p * p), "rsa-public", *reject, "equal-factors")
    while True:
        composite = prime(512) * prime(512)
        if composite.bit_length() == 1024 and math.gcd(composite - 1, E) == 1:
            break
    case("bad-p-composite.pem", pkcs8(composite, q), "rsa-private", *reject, "composite-factor")
    case("bad-q-composite.pem", pkcs8(q, composite), "rsa-private", *reject, "composite-factor")
    short, long = prime(1000), prime(1048)
    case("bad-p-short.pem", pkcs8(long, short), "rsa-private", *reject, "unequal-factors")
    one, two = roca_prime(1024, 126), roca_prime(1024, 126)
    case("bad-roca.pem", pkcs8(one, two), "rsa-private", *reject, "roca")
    case("bad-roca-public.pem", spki(one * two), "rsa-public", *reject, "roca")

    other = n + 2
    while small_factor(other):
        other += 2
    case("bad-n-other.pem", pkcs8(p, q, n=other), "rsa-private", *reject, "factor-mismatch")
    case("bad-d-other.pem", pkcs8(p, q, d=d ^ 2), "rsa-private", *reject, "exponent-mismatch")
    case("bad-d-small.pem", pkcs8(p, q, d=secrets.randbits(500) | 1), "rsa-private", *reject,
         "small-private-exponent")
    oversized = d + order * (n // order + 1)
    case("bad-d-oversized.pem", pkcs8(p, q, d=oversized), "rsa-private", *reject,
         "oversized-private-exponent")
    case("bad-dp.pem", pkcs8(p, q, dp=d % (p - 1) ^ 4), "rsa-private", *reject, "crt-mismatch")
    case("bad-dq.pem", pkcs8(p, q, dq=d % (q - 1) ^ 4), "rsa-private", *reject, "crt-mismatch")
    case("bad-qinv.pem", pkcs8(p, q, qinv=pow(q, -1, p) ^ 4), "rsa-private", *reject, "crt-mismatch")
    case("bad-qinv-unreduced.pem", pkcs8(p, q, qinv=pow(q, -1, p) + p), "rsa-private", *reject,
         "crt-mismatch")
    zero = sequence(integer(0), *map(integer, [n, E, d, p, 0, 1, 1, 1]))
    case("bad-q-zero.pem", pem("RSA PRIVATE KEY", zero), "rsa-private", *reject, "factor-mismatch")


def run(*command, data=None):
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def read(path):
    with open(path, "rb") as file:
        return file.read()


def forms():
    key = run("openssl", "genrsa", "2048")
    public = run("openssl", "rsa", "-pubout", data=key)
    only_private = ("reject", "accept")
    locked = ("reject", "needs-passphrase")
    reject = ("reject", "reject")
    rsa = lambda *more: run("openssl", "rsa", *more, data=key)
    p8 = lambda *more: run("openssl", "pkcs8", "-topk8", *more, "-passout", "pass:practice", data=key)

    case("rsa-public-pkcs1.pem", rsa("-RSAPublicKey_out"), "rsa-public", "accept", "reject",
         "rsa-public")
    case("rsa-public-pkcs1.der", rsa("-RSAPublicKey_out", "-outform", "DER"), "rsa-public",
         "accept", "reject", "rsa-public")
    case("rsa-private-pkcs1.der", rsa("-traditional", "-outform", "DER"), "rsa-private",
         *only_private, "rsa-private")
    case("rsa-private-4096.pem", run("openssl", "genrsa", "4096"), "rsa-private", *only_private,
         "rsa-private")
    case("rsa-private-3072.pem", run("openssl", "genrsa", "3072"), "rsa-private", *reject,
         "key-length")
    case("rsa-private-3-primes.pem", run("openssl", "genrsa", "-primes", "3", "2048"),
         "rsa-private", *reject, "multi-prime")
    pss = run("openssl", "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")
    case("rsa-private-pss.pem", pss, "rsa-private", *reject, "pss-only")
    case("rsa-public-pss.pem", run("openssl", "pkey", "-pubout", data=pss), "rsa-public", *reject,
         "pss-only")
    case("rsa-private-with-its-public.pem", key + public, "rsa-private", *only_private,
         "rsa-private")
    other = run("openssl", "rsa", "-pubout", data=run("openssl", "genrsa", "2048"))
    case("rsa-private-with-another-public.pem", key + other, "several-keys", *reject,
         "several-keys")
    case("rsa-public-twice.pem", public + public, "rsa-public", "accept", "reject", "rsa-public")
    case("rsa-private-twice.pem", key + rsa("-traditional"), "rsa-private", *only_private,
         "rsa-private")
    text = run("openssl", "rsa", "-text", data=key)
    case("rsa-private-text.txt", text, "rsa-private", *only_private, "rsa-private")

    for cipher in ("aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"):
        case(f"encrypted-pkcs8-{cipher}.pem", p8("-v2", cipher), "encrypted-private", *locked,
             "encrypted-private")
    for prf in ("hmacWithSHA1", "hmacWithSHA512"):
        case(f"encrypted-pkcs8-{prf}.pem", p8("-v2", "aes-256-cbc", "-v2prf", prf),
             "encrypted-private", *locked, "encrypted-private")
    case("encrypted-pkcs8.der", p8("-v2", "aes-256-cbc", "-outform", "DER"), "encrypted-private",
         *locked, "encrypted-private")
    case("encrypted-pkcs8-pkcs12.pem", p8("-v1", "PBE-SHA1-3DES"), "encrypted-private", *reject,
         "unsupported-encryption")
    case("encrypted-pkcs8-camellia.pem", p8("-v2", "camellia-256-cbc"), "encrypted-private",
         *reject, "unsupported-encryption")
    for name, n in (("zero", 0), ("odd", 3), ("huge", 2**40)):
        kdf = sequence(bytes.fromhex("06092b06010401da47040b"),
                       sequence(tlv(4, bytes(8)), integer(n), integer(8), integer(1)))
        aes = sequence(bytes.fromhex("060960864801650304012a"), tlv(4, bytes(16)))
        pbes2 = sequence(bytes.fromhex("06092a864886f70d01050d"), sequence(kdf, aes))
        case(f"encrypted-pkcs8-scrypt-{name}.pem",
             pem("ENCRYPTED PRIVATE KEY", sequence(pbes2, tlv(4, bytes(64)))),
             "encrypted-private", *reject, "encryption-too-costly")
    for cipher in ("aes128", "aes192", "aes256", "des3"):
        case(f"encrypted-pkcs1-{cipher}.pem",
             rsa("-traditional", f"-{cipher}", "-passout", "pass:practice"),
             "encrypted-private", *locked, "encrypted-private")
    case("encrypted-pkcs1-camellia.pem",
         rsa("-traditional", "-camellia128", "-passout", "pass:practice"),
         "encrypted-private", *reject, "unsupported-encryption")

    ec = run("openssl", "ecparam", "-name", "prime256v1", "-genkey")
    case("ec-private-sec1.pem", ec, "ec-private", *reject, "ec-private")
    case("ec-public.pem", run("openssl", "ec", "-pubout", data=ec), "ec-public", *reject,
         "ec-public")
    ed = run("openssl", "genpkey", "-algorithm", "ED25519")
    case("ed25519-private.der", run("openssl", "pkey", "-outform", "DER", data=ed),
         "ed25519-private", *reject, "ed25519-private")
    x = run("openssl", "genpkey", "-algorithm", "X25519")
    case("x25519-private.pem", x, "unknown", *reject, "unknown")

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key")
        with open(path, "wb") as file:
            file.write(key)
        csr = run("openssl", "req", "-new", "-key", path, "-subj", "/CN=test")
        case("request.der", run("openssl", "req", "-outform", "DER", data=csr),
             "certificate-request", *reject, "certificate-request")
        v1 = run("openssl", "x509", "-req", "-signkey", path, data=csr)
        case("certificate-v1.pem", v1, "certificate", *reject, "certificate")
        v3 = run("openssl", "req", "-x509", "-key", path, "-subj", "/CN=test")
        case("certificate-chain.pem", v3 + v1, "certificate", *reject, "certificate")
        case("certificate-and-private.pem", v3 + key, "rsa-private", *only_private, "rsa-private")
        with open(path, "ab") as file:
            file.write(v3)
        case("store.p12", run("openssl", "pkcs12", "-export", "-in", path, "-passout", "pass:x"),
             "unknown", *reject, "unknown")


def ssh(*options, passphrase=""):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key")
        run("ssh-keygen", "-q", "-C", "me@here", "-N", passphrase, "-f", path, *options)
        rfc4716 = run("ssh-keygen", "-e", "-f", path + ".pub")
        return read(path), read(path + ".pub"), rfc4716


def openssh():
    only_private = ("reject", "accept")
    locked = ("reject", "needs-passphrase")
    reject = ("reject", "reject")
    rsa = ("-t", "rsa", "-b", "2048")
    private, public, rfc4716 = ssh(*rsa)
    case("openssh-rsa", private, "rsa-private", *only_private, "rsa-private")
    case("openssh-rsa-rfc4716.pub", rfc4716, "openssh-public", "accept", "reject", "openssh-public")
    line = public.decode().strip()
    wrapped = "\n".join(line[i : i + 80] for i in range(0, len(line), 80))
    case("openssh-rsa-wrapped.pub", wrapped, "openssh-public", "accept", "reject", "openssh-public")
    case("openssh-rsa-cut.pub", line[:200], "broken", *reject, "truncated")
    case("openssh-rsa-cut", private[:900], "broken", *reject, "truncated")
    case("openssh-rsa-3072", ssh("-t", "rsa", "-b", "3072")[0], "rsa-private", *reject,
         "key-length")
    for cipher in ("aes256-ctr", "aes192-ctr", "aes128-ctr", "aes256-cbc", "aes192-cbc", "aes128-cbc"):
        sealed = ssh(*rsa, "-a", "4", "-Z", cipher, passphrase="practice")[0]
        case(f"openssh-rsa-{cipher}", sealed, "encrypted-private", *locked, "encrypted-private")
    sealed = ssh(*rsa, "-a", "4", "-Z", "aes256-gcm@openssh.com", passphrase="practice")[0]
    case("openssh-rsa-aes256-gcm", sealed, "encrypted-private", *reject, "unsupported-encryption")
    sealed = ssh("-t", "rsa", "-b", "3072", "-a", "4", passphrase="practice")[0]
    case("openssh-rsa-3072-encrypted", sealed, "encrypted-private", *reject, "key-length")
    private, public, _ = ssh("-t", "ed25519")
    case("openssh-ed25519", private, "ed25519-private", *reject, "ed25519-private")
    case("openssh-ed25519.pub", public, "openssh-public", *reject, "not-rsa")
    sealed = ssh("-t", "ed25519", "-a", "4", passphrase="practice")[0]
    case("openssh-ed25519-encrypted", sealed, "encrypted-private", *reject, "not-rsa")
    private, public, _ = ssh("-t", "ecdsa")
    case("openssh-ecdsa", private, "ec-private", *reject, "ec-private")
    case("openssh-ecdsa.pub", public, "openssh-public", *reject, "not-rsa")


def words():
    reject = ("reject", "reject")
    case("putty.ppk",
         "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: me\nPublic-Lines: 1\n"
         "AAAAB3NzaC1yc2EAAAADAQABAAABAQ==\nPrivate-Lines: 1\nAAABAA==\nPrivate-MAC: 00\n",
         "unknown", *reject, "putty-key")
    case("pgp.asc",
         "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: GnuPG v2\n\nmQENBFq3\n=abcd\n"
         "-----END PGP PUBLIC KEY BLOCK-----\n", "unknown", *reject, "unknown")
    case("api-key-env.txt", 'API_KEY="' + secrets.token_hex(32) + '"\n', "api-key", *reject,
         "api-key")
    case("api-key-128.txt", secrets.token_hex(64), "api-key", *reject, "api-key")
    case("hex-129.txt", secrets.token_hex(64) + "0", "unknown", *reject, "unknown")
    case("hex-31.txt", secrets.token_hex(16)[1:], "unknown", *reject, "unknown")
    case("invisible.txt", "\ufeff\u200b \u00a0\n\"\"".encode(), "empty", *reject, "empty")
    case("header-only.pem", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "broken",
         *reject, "truncated")
    case("prose.txt", "The END of the story: please begin private key rotation, says MIIB.\n",
         "unknown", *reject, "unknown")


bad_numbers()
forms()
openssh()
words()
with open("manifest.tsv", "w") as out:
    out.write("file\tkind\tin_public_field\tin_private_field\tcode\n")
    out.write("\n".join(sorted(ROWS)) + "\n")

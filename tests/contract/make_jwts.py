#!/usr/bin/python3
"""Makes tables/jwts.json anew, with new keys: JWTs and JWKs that another library has written.

    make_jwts.py > tables/jwts.json
"""

import base64
import json
import sys

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

NOW = 1_800_000_000
ISSUER = "https://id.example/"
AUDIENCE = "libra"
ALGORITHMS = jwt.algorithms.get_default_algorithms()
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def rsa_jwk(key, **members):
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)} | members


def ec_jwk(key, curve="P-256", size=32, **members):
    numbers = key.public_key().public_numbers()
    return {"kty": "EC", "crv": curve, "x": number(numbers.x, size), "y": number(numbers.y, size)} | members


def okp_jwk(key, curve="Ed25519", **members):
    return {"kty": "OKP", "crv": curve, "x": base64url(key.public_key().public_bytes(*RAW))} | members


RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
STRANGER = ed25519.Ed25519PrivateKey.generate()
KEYS = {"RS256": RSA_KEY, "ES256": EC_KEY, "EdDSA": ED_KEY}
KEY_IDS = {"RS256": "rsa-1", "ES256": "ec-1", "EdDSA": "ed-1"}
JWKS = {"keys": [
    rsa_jwk(RSA_KEY, kid="rsa-1", alg="RS256", use="sig"),
    ec_jwk(EC_KEY, kid="ec-1"),
    okp_jwk(ED_KEY, kid="ed-1", use="sig"),
    {"kty": "oct", "kid": "secret-1", "k": base64url(b"x" * 32)},
]}
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "exp": NOW + 600, "iat": NOW, "nbf": NOW}
GONE = object()  # for a claim or header that is to be left out


def with_changes(members, changes):
    return {name: value for name, value in (members | changes).items() if value is not GONE}


def signed(header, claims, key=None, algorithm="EdDSA"):
    """`header` and `claims` are objects, or bytes to be taken as they are."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, claims)]
    text = ".".join(base64url(part) for part in parts)
    return text + "." + base64url(ALGORITHMS[algorithm].sign(text.encode(), key or KEYS[algorithm]))


def with_claims(**changes):
    return signed({"alg": "EdDSA", "kid": "ed-1"}, with_changes(CLAIMS, changes))


def with_header(**changes):
    return signed(with_changes({"alg": "EdDSA", "kid": "ed-1"}, changes), CLAIMS)


def usual(algorithm, **headers):
    return jwt.encode(CLAIMS, KEYS[algorithm], algorithm, headers={"kid": KEY_IDS[algorithm]} | headers)


def confused():
    """HMAC under what everybody knows: a public key, in the forms it is usually kept."""
    public = RSA_KEY.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for secret in (pem, pem.strip(), json.dumps(JWKS["keys"][0]).encode()):
        text = base64url(b'{"alg":"HS256","kid":"rsa-1"}') + "." + base64url(json.dumps(CLAIMS).encode())
        yield text + "." + base64url(ALGORITHMS["HS256"].sign(text.encode(), secret))


def der_signature():
    head, _, signature = usual("ES256").rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    return head + "." + base64url(der)


def replaced_end(token, characters):
    return token[:-len(characters)] + characters


def other_spelling(token):
    """The last character has bits that belong to no byte."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + letters[letters.index(token[-1]) ^ 1]


def good():
    yield "each algorithm", {}, [usual(algorithm) for algorithm in KEYS]
    yield "no key is named", {}, [with_header(kid=GONE)]
    yield "one of several audiences", {}, [with_claims(aud=["others", AUDIENCE])]
    yield "a type of ours", {}, [with_header(typ=typ) for typ in ("JWT", "at+jwt", "application/at+jwt")]
    yield "headers that only tempt", {}, [with_header(jku="https://evil.example/", jwk=okp_jwk(STRANGER))]
    yield "within the leeway", {}, [
        with_claims(nbf=NOW + 60), with_claims(iat=NOW + 60), with_claims(nbf=GONE, iat=GONE),
    ]
    yield "just before its end", {"endsAt": NOW + 1}, [with_claims(exp=NOW - 59)]
    yield "times with fractions", {"endsAt": NOW + 160.5}, [with_claims(exp=NOW + 100.5)]
    yield "no scope of ours", {}, [with_claims(scope=scope) for scope in ("", "openid  email", "xlibra:admin")]
    yield "scope read", {"scopes": ["read"]}, [with_claims(scope="openid libra:read")]
    yield "two scopes", {"scopes": ["read", "deploy"]}, [with_claims(scope="libra:read libra:admin")]
    yield "only scopes we do not know", {"scopes": []}, [with_claims(scope="libra:root"), with_claims(scope="libra:")]


def refused():
    yield "another issuer", [with_claims(iss=iss) for iss in ("https://id.example", "", None, 7, [ISSUER], GONE)]
    yield "another audience", [
        with_claims(aud=aud) for aud in ("librA", ["others"], [], [[AUDIENCE]], {AUDIENCE: 1}, None, 7, GONE)
    ]
    yield "ended", [with_claims(exp=exp) for exp in (NOW - 60, 0)]
    yield "no end", [with_claims(exp=exp) for exp in (GONE, None, str(NOW + 600), -1, 1e300, 253_402_300_800, [NOW])]
    yield "not yet", [with_claims(nbf=NOW + 61), with_claims(iat=NOW + 61), with_claims(nbf=None), with_claims(iat="0")]
    yield "no user", [with_claims(sub=sub) for sub in (GONE, None, 7, "", "a b", "auth0|7", "x" * 129, "a\u0000b")]
    yield "scope is no string", [with_claims(scope=scope) for scope in (["libra:read"], None, 7)]
    yield "no signature", [
        base64url(json.dumps({"alg": alg, "kid": "ed-1"}).encode()) + "." + base64url(json.dumps(CLAIMS).encode()) + "."
        for alg in ("none", "None", "EdDSA")
    ]
    yield "a secret that is none", list(confused())
    yield "another algorithm", [
        with_header(alg=alg) for alg in ("HS256", "RS512", "PS256", "ES384", "eddsa", "", None, 7, ["EdDSA"], GONE)
    ]
    yield "signed by a stranger", [signed({"alg": "EdDSA", "kid": "ed-1"}, CLAIMS, STRANGER),
                                   signed({"alg": "EdDSA"}, CLAIMS, STRANGER)]
    yield "changed", [
        usual(algorithm).replace("." + base64url(json.dumps(CLAIMS, separators=(",", ":")).encode()) + ".",
                                 "." + base64url(json.dumps(CLAIMS | {"sub": "eve"}).encode()) + ".")
        for algorithm in KEYS
    ] + [replaced_end(usual(algorithm), "AAAA") for algorithm in KEYS] + [usual(a)[:-4] for a in KEYS]
    yield "a signature in another form", [der_signature(), usual("ES256").rpartition(".")[0] + "." + "A" * 86]
    yield "another spelling of the same", [other_spelling(usual("EdDSA")), usual("EdDSA") + "==", usual("EdDSA") + " "]
    yield "another type", [with_header(typ=typ) for typ in ("logout+jwt", "dpop+jwt", "", None, 7)]
    yield "it asks for more", [with_header(crit=["b64"], b64=False), with_header(crit=None)]
    yield "kid is no string", [with_header(kid=7), with_header(kid=None)]
    yield "something twice", [signed(b'{"alg":"EdDSA","alg":"EdDSA"}', CLAIMS),
                              signed({"alg": "EdDSA"}, json.dumps(CLAIMS)[:-1].encode() + b',"sub":"eve"}')]
    yield "no objects", [signed(b"[]", CLAIMS), signed({"alg": "EdDSA"}, b'"ada"'), signed({"alg": "EdDSA"}, b""),
                         signed({"alg": "EdDSA"}, b"\xff{}"), signed({"alg": "EdDSA"}, b"[" * 64)]
    yield "not three parts", ["", ".", "..", usual("EdDSA").rpartition(".")[0], usual("EdDSA") + ".",
                              "a." + usual("EdDSA"), usual("EdDSA") + ".e30.e30"]
    yield "too long", [with_claims(padding="x" * 7000)]


def no_key():
    yield "a kid that is not there", [with_header(kid="ed-2"), with_header(kid="")]
    yield "the kid of a key for another algorithm", [with_header(kid="rsa-1"), with_header(kid="secret-1")]


def used_keys():
    yield "each kind", [json.dumps(key) for key in JWKS["keys"][:3]]
    yield "with less said of it", [json.dumps(rsa_jwk(RSA_KEY)), json.dumps(okp_jwk(ED_KEY))]
    yield "for verifying", [json.dumps(ec_jwk(EC_KEY, key_ops=["sign", "verify"]))]
    yield "with what is none of our business", [json.dumps(okp_jwk(ED_KEY, x5c=["x"], d="secret"))]


def left_out_keys():
    yield "a secret", [json.dumps(JWKS["keys"][3])]
    yield "weak", [
        json.dumps(rsa_jwk(rsa.generate_private_key(65537, 1024))),
        *(json.dumps(rsa_jwk(RSA_KEY, e=number(e, 9))) for e in (0, 1, 65536, 2**64 + 1)),
    ]
    yield "too large", [json.dumps(rsa_jwk(RSA_KEY, n=number(2**bits + 1))) for bits in (8192, 40000)]
    yield "for something else", [
        json.dumps(rsa_jwk(RSA_KEY, use="enc")), json.dumps(rsa_jwk(RSA_KEY, use=None)),
        json.dumps(rsa_jwk(RSA_KEY, alg="PS256")), json.dumps(okp_jwk(ED_KEY, key_ops=["sign"])),
        json.dumps(okp_jwk(ED_KEY, key_ops="verify")), json.dumps(ec_jwk(EC_KEY, alg="ECDH-ES")),
    ]
    yield "of another kind", [
        json.dumps(ec_jwk(ec.generate_private_key(ec.SECP384R1()), "P-384", 48)),
        json.dumps(ec_jwk(ec.generate_private_key(ec.SECP256K1()), "secp256k1")),
        json.dumps(okp_jwk(ed448.Ed448PrivateKey.generate(), "Ed448")),
        json.dumps(okp_jwk(x25519.X25519PrivateKey.generate(), "X25519")),
    ]
    yield "malformed", [
        json.dumps(rsa_jwk(RSA_KEY, n=JWKS["keys"][0]["n"] + "==")), json.dumps(rsa_jwk(RSA_KEY, n=7)),
        json.dumps(ec_jwk(EC_KEY, y=number(1, 32))), json.dumps(ec_jwk(EC_KEY, x=number(1))),
        json.dumps(okp_jwk(ED_KEY, x=number(1, 31))), json.dumps(okp_jwk(ED_KEY, kid=7)),
        '{"kty":"OKP","crv":"Ed25519"}', '{"kty":"RSA"}', "{}", "[]", "null", '"key"',
    ]


table = {
    "issuer": ISSUER,
    "audience": AUDIENCE,
    "now": NOW,
    "jwks": json.dumps(JWKS),
    "good": [
        {"rule": rule, "tokens": tokens} | {"userId": "ada", "scopes": ["deploy"], "endsAt": NOW + 660} | expected
        for rule, expected, tokens in good()
    ],
    "refused": [{"rule": rule, "tokens": tokens} for rule, tokens in refused()],
    "noKey": [{"rule": rule, "tokens": tokens} for rule, tokens in no_key()],
    "usedKeys": [{"rule": rule, "jwks": keys} for rule, keys in used_keys()],
    "leftOutKeys": [{"rule": rule, "jwks": keys} for rule, keys in left_out_keys()],
}
json.dump(table, sys.stdout, indent=1)
print()

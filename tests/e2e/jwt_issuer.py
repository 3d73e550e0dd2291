"""An issuer of JWTs with a JWKS on a local port, which may be away."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from platform_under_test import free_port

MAKERS = {
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}
LEAVE_OUT = object()  # for a claim


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size):
    return base64url(value.to_bytes(size, "big"))


def jwk_of(key):
    public = key.public_key()
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw)}
    numbers = public.public_numbers()
    if isinstance(key, rsa.RSAPrivateKey):
        return {"kty": "RSA", "n": number(numbers.n, 256), "e": "AQAB"}
    return {"kty": "EC", "crv": "P-256", "x": number(numbers.x, 32), "y": number(numbers.y, 32)}


class Issuer:
    """Its keys are named by their `kid`; those in `published` are in the JWKS."""

    audience = "libra-e2e"

    def __init__(self):
        self.port = free_port()
        self.name = f"http://127.0.0.1:{self.port}/"
        self.keys = {}
        self.published = []
        self._server = None

    def add_key(self, kid, algorithm, published=True):
        self.keys[kid] = (algorithm, MAKERS[algorithm]())
        if published:
            self.published.append(kid)

    def settings(self):
        """Of a gateway that trusts this issuer."""
        return {"JWT_JWKS_URL": self.name + "jwks.json", "JWT_ISSUER": self.name, "JWT_AUDIENCE": self.audience}

    def token(self, kid, user, key=None, headers=None, **changes):
        """A token of the key `kid`, or that says so; `changes` are of its claims."""
        now = int(time.time())
        claims = {"iss": self.name, "aud": self.audience, "sub": user, "iat": now, "exp": now + 600} | changes
        claims = {name: value for name, value in claims.items() if value is not LEAVE_OUT}
        algorithm, own_key = self.keys[kid]
        return jwt.encode(claims, key or own_key, algorithm, headers={"kid": kid} | (headers or {}))

    def under_public_key(self, kid, user):
        """The mistake of libraries that take a public key for the secret of HS256."""
        pem = self.keys[kid][1].public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        claims = self.token(kid, user).split(".")[1]
        text = base64url(json.dumps({"alg": "HS256", "kid": kid}).encode()) + "." + claims
        return text + "." + base64url(hmac.new(pem, text.encode(), hashlib.sha256).digest())

    # -- the JWKS

    def jwks(self):
        return {"keys": [jwk_of(self.keys[kid][1]) | {"kid": kid, "use": "sig"} for kid in self.published]}

    def start(self):
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(issuer.jwks()).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

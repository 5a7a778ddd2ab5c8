"""Access tokens: others verify ours, and the service verifies none but ours."""

import base64
import hashlib
import hmac
import json
import subprocess
import tempfile
import time

import joserfc.jwk
import joserfc.jwt
import jwcrypto.jwk
import jwcrypto.jwt
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from access import KEY_FILE, Caller
from checks import attempt, check

ISSUER, AUDIENCE = "http://localhost:8000", "user-management"
CLAIMS = {"iss", "sub", "aud", "client_id", "exp", "iat", "jti", "sid", "roles", "epoch"}


def encoded(octets):
    """base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=")


def by_pyjwt(token, keys):
    """The claims as PyJWT reads them."""
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token, key, algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER,
        options={"require": ["exp", "iat", "sub", "jti"]})


def by_joserfc(token, keys):
    """The claims as joserfc reads them."""
    return joserfc.jwt.decode(
        token, joserfc.jwk.KeySet.import_key_set(keys), algorithms=["ES256"]).claims


def by_jwcrypto(token, keys):
    """The claims as jwcrypto reads them."""
    key_set = jwcrypto.jwk.JWKSet.from_json(json.dumps(keys))
    return json.loads(jwcrypto.jwt.JWT(jwt=token, key=key_set, algs=["ES256"]).claims)


def by_jose(token, keys):
    """The claims as Debian's jose reads them."""
    with tempfile.NamedTemporaryFile("w", suffix=".jwk") as file:
        json.dump(keys, file)
        file.flush()
        command = ["jose", "jws", "ver", "-i-", "-k", file.name, "-O-"]
        return json.loads(
            subprocess.run(command, input=token.encode(), capture_output=True, check=True).stdout)


def verified_by_others(token, keys):
    """Ours, read by four others."""
    header = jwt.get_unverified_header(token)
    check("the header", {"alg": "ES256", "typ": "at+jwt", "kid": keys["keys"][0]["kid"]}, header)
    for name, read in [("PyJWT", by_pyjwt), ("joserfc", by_joserfc), ("jwcrypto", by_jwcrypto),
                       ("jose", by_jose)]:
        attempt(name, lambda name=name, read=read: check(
            f"{name} verifies it", CLAIMS, set(read(token, keys))))
    thumbprint = jwcrypto.jwk.JWK(**keys["keys"][0]).thumbprint()
    check("the key is called by its thumbprint", thumbprint, keys["keys"][0]["kid"])


def pem_of(public_key):
    """A public key as PEM."""
    return public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def hmac_signed(header, claims, secret):
    """A token with HS256, which libraries refuse to make of a public key."""
    signed = encoded(json.dumps(header).encode()) + b"." + encoded(json.dumps(claims).encode())
    return signed + b"." + encoded(hmac.new(secret, signed, hashlib.sha256).digest())


def forgeries(token, keys, private_key):
    """Tokens by their names: each of them must be refused."""
    header, claims = jwt.get_unverified_header(token), by_pyjwt(token, keys)
    public_pem = pem_of(private_key.public_key())
    now = int(time.time())

    def signed(change=None, drop=None, key=private_key, algorithm="ES256", **more):
        changed = {**claims, **(change or {})}
        changed.pop(drop, None)
        return jwt.encode(changed, key, algorithm=algorithm, headers={**header, "alg": algorithm, **more})

    for name in ("none", "None", "NONE", "nOnE"):
        head = encoded(json.dumps({**header, "alg": name}).encode())
        body = encoded(json.dumps(claims).encode())
        yield f"alg {name}", head + b"." + body + b"."
        yield f"alg {name}, signed", head + b"." + body + b"." + token.split(".")[2].encode()
    for name, secret in [("PEM", public_pem), ("stripped PEM", public_pem.strip()),
                         ("JWK", json.dumps(keys["keys"][0]).encode()), ("nothing", b"")]:
        yield f"HS256 by the public key as {name}", hmac_signed(
            {**header, "alg": "HS256"}, claims, secret)
    yield "ES384", signed(key=ec.generate_private_key(ec.SECP384R1()), algorithm="ES384")
    yield "RS256", signed(key=rsa.generate_private_key(65537, 2048), algorithm="RS256")
    yield "another key", signed(key=ec.generate_private_key(ec.SECP256R1()))
    yield "an unknown key's name", signed(kid="oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U")
    other = ec.generate_private_key(ec.SECP256R1())
    jwk = json.loads(jwcrypto.jwk.JWK.from_pyca(other.public_key()).export())
    yield "a key of its own in the header", signed(key=other, jwk=jwk)
    for name in ("jku", "x5u"):
        yield f"a key elsewhere ({name})", signed(key=other, **{name: "http://127.0.0.1:1/keys"})
    yield "a critical extension", signed(crit=["exp"])
    yield "typ JWT", signed(typ="JWT")
    yield "expired", signed({"iat": now - 700, "exp": now - 100})
    yield "expired this second", signed({"exp": now})
    yield "not valid yet", signed({"nbf": now + 100})
    yield "made in the future", signed({"iat": now + 100, "exp": now + 700})
    yield "another issuer", signed({"iss": "http://localhost:8001"})
    yield "another audience", signed({"aud": "somebody-else"})
    yield "another session", signed({"sid": "019a8c5e-7b1f-7cde-8f00-0123456789ab"})
    yield "another user", signed({"sub": "019a8c5e-7b1f-7cde-8f00-0123456789ab"})
    yield "another epoch", signed({"epoch": claims["epoch"] + 1})
    for claim in CLAIMS - {"client_id", "nbf"}:
        yield f"without {claim}", signed(drop=claim)
    for claim, value in [("exp", str(claims["exp"])), ("epoch", "0"), ("roles", "admin"),
                         ("sub", 1), ("exp", claims["exp"] + 0.5)]:
        yield f"{claim} {value!r}", signed({claim: value})
    for length in range(0, len(token), 29):
        yield f"its first {length} characters", token[:length]
    yield "with padding", token + "="
    yield "with a fourth part", token + ".e30"
    yield "100 KiB", token + "A" * 102_400
    yield "not UTF-8", b"\xff\xfe" + token.encode()
    yield "not UTF-8 inside", token.encode()[:40] + b"\xc3\x28" + token.encode()[42:]


def main():
    caller = Caller()
    token = caller.log_in().json["access_token"]
    keys = Caller().send("GET", "/.well-known/jwks.json").json
    with open(KEY_FILE, "rb") as file:
        private_key = serialization.load_pem_private_key(file.read(), None)
    verified_by_others(token, keys)
    header, claims = jwt.get_unverified_header(token), by_pyjwt(token, keys)
    again = jwt.encode(claims, private_key, algorithm="ES256", headers=header)
    check("PyJWT's token with our key", 200, Caller(again).send("GET", "/users/me").status)
    for name, forged in forgeries(token, keys, private_key):
        def refused(name=name, forged=forged):
            answer = Caller(forged).send("GET", "/users/me")
            large = answer.status == 431 and len(forged) > 16_384
            if large or check(f"{name}: refused", 401, answer.status):
                challenge = answer.headers["WWW-Authenticate"]
                check(f"{name}: why", large or 'Bearer error="invalid_token"',
                      large or challenge)
        attempt(name, refused)
    check("the token is good still", 200, Caller(token).send("GET", "/users/me").status)


main()

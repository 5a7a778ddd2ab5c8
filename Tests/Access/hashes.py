"""Password hashes: others verify ours, and the service those of others."""

import crypt
import unicodedata

import argon2
import bcrypt
import psycopg
from passlib.hash import pbkdf2_sha256, pbkdf2_sha512, scrypt, sha256_crypt, sha512_crypt

from access import DATABASE, PASSWORD, Caller
from checks import attempt, check

PASSWORDS = {
    "plain": "seven quiet otters swim",
    "unicode": "Ångström ﬁnds 七つの海 ☂",
    "long": " ".join(f"river {number} is wide" for number in range(14)),
}


def stored(connection, email):
    """The hash that is kept for an address."""
    return connection.execute(
        "SELECT password_hash FROM users WHERE email = %s", [email]).fetchone()[0]


def ours(administrator, connection):
    """argon2-cffi verifies what we make."""
    for name, password in PASSWORDS.items():
        email = f"{name}@ours.example"
        answer = administrator.send("POST", "/users", {
            "email": email, "display_name": "Somebody", "password": password})
        if not check(f"{name}: registered", 201, answer.status):
            continue
        text = stored(connection, email)
        parameters = argon2.extract_parameters(text)
        check(f"{name}: the parameters", (argon2.Type.ID, 19, 19456, 2, 1, 16, 32), (
            parameters.type, parameters.version, parameters.memory_cost, parameters.time_cost,
            parameters.parallelism, parameters.salt_len, parameters.hash_len))
        check(f"{name}: argon2-cffi verifies it", True, argon2.PasswordHasher().verify(
            text, unicodedata.normalize("NFKC", password)))
        check(f"{name}: logs in", 200, Caller().log_in(email, password).status)
        check(f"{name}: in another form", 200, Caller().log_in(
            email, unicodedata.normalize("NFD", password)).status)


def imported(password):
    """Hashes that others make, by the names of their formats."""
    octets = password.encode()
    yield "bcrypt", bcrypt.hashpw(octets[:72], bcrypt.gensalt(6)).decode()
    yield "bcrypt 2a", bcrypt.hashpw(octets[:72], bcrypt.gensalt(5, b"2a")).decode()
    yield "sha256_crypt", sha256_crypt.using(rounds=5000).hash(password)
    yield "sha512_crypt", sha512_crypt.using(rounds=20000).hash(password)
    yield "scrypt", scrypt.using(rounds=12).hash(password)
    yield "pbkdf2_sha256", pbkdf2_sha256.using(rounds=29000).hash(password)
    yield "pbkdf2_sha512", pbkdf2_sha512.using(rounds=25000).hash(password)
    yield "yescrypt", crypt.crypt(password, "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$")
    yield "scrypt by crypt", crypt.crypt(password, "$7$BU..../....2Q9obwLhin8qvQl6sisAO/$")
    yield "argon2id, cheaper", argon2.PasswordHasher(1, 8192, 1).hash(password)


def theirs(administrator, connection):
    """Users with imported hashes log in, and have one of ours then."""
    for name, password in PASSWORDS.items():
        for number, (kind, text) in enumerate(imported(password)):
            label, email = f"{kind}, {name}", f"{name}{number}@theirs.example"
            administrator.send("POST", "/users", {"email": email, "display_name": "Somebody"})
            check(f"{label}: nobody without a password", 401,
                  Caller().log_in(email, password).status)
            connection.execute(
                "UPDATE users SET password_hash = %s, password_changed_at = now()"
                " WHERE email = %s", [text, email])
            check(f"{label}: another password", 401, Caller().log_in(email, password + "!").status
                  if kind[:6] != "bcrypt" or len(password) < 72 else 401)
            check(f"{label}: logs in", 200, Caller().log_in(email, password).status)
            check(f"{label}: is replaced", "$argon2id$v=19$m=19456,t=2,p=1$",
                  stored(connection, email)[:31])
            check(f"{label}: logs in again", 200, Caller().log_in(email, password).status)


def unusable(administrator, connection):
    """What is no hash, or one that would take hours, lets nobody in."""
    for text in ("", "x", "$argon2id$v=19$m=1048576,t=64,p=16$c2FsdHNhbHQ$AAAA", "$2b$31$" + "a" * 53,
                 "$6$rounds=999999999$salt$" + "a" * 86, "$1$salt$" + "a" * 22, "plain text"):
        connection.execute(
            "UPDATE users SET password_hash = nullif(%s, '') WHERE email = 'plain@ours.example'",
            [text])
        check(f"{text[:20]!r} lets nobody in", 401,
              Caller().log_in("plain@ours.example", PASSWORDS["plain"]).status)


def main():
    administrator = Caller()
    check("the administrator logs in", 200, administrator.log_in(password=PASSWORD).status)
    with psycopg.connect(DATABASE, autocommit=True) as connection:
        for group in (ours, theirs, unusable):
            attempt(group.__name__, lambda group=group: group(administrator, connection))


main()

"""The service and PostgreSQL over TCP with TLS and SCRAM."""

import shutil
import time

from certificates import Authority
from checks import check
from machines import PASSWORD, ROLES, SCRATCH, Server, Service, eventually, migrate
from traffic import Traffic

SESSIONS = (
    "SELECT DISTINCT usename, ssl, version FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)"
    " WHERE application_name = 'user-management'")


def contains(*words):
    """A condition for `check`: a list of one text that holds each of the words."""

    def holds(texts):
        return len(texts) == 1 and all(word in texts[0] for word in words)

    holds.__doc__ = f"one text with {words}"
    return holds


def accepted(name, server, url, session):
    """Checks that the service can work at an address, and what the server says of its sessions."""
    with Service(f"accepted {name}", url) as service:
        check(f"{name}: ready", True, service.ready())
        check(f"{name}: listens", True, service.listens())
        check(f"{name}: the session", [session], server.sql(SESSIONS))
        check(f"{name}: no outage", [], service.causes())


def refused(name, url, *words):
    """Checks that the service says why it cannot work at an address, and no password."""
    with Service(f"refused {name}", url) as service:
        eventually(service.causes)
        # Time for a second attempt, which must not be told.
        time.sleep(0.5)
        check(f"{name}: the cause, once", contains(*words), service.causes())
        check(f"{name}: readiness", 503, service.status("/health/ready"))
        check(f"{name}: liveness", 200, service.status("/health/live"))
        check(f"{name}: no password in the log", False, PASSWORD in service.logged())
    try:
        check(f"{name}: migrate", "an error", migrate("current", DATABASE_URL=url))
    except RuntimeError as error:
        check(f"{name}: migrate says why", contains(*words), [str(error)])
        check(f"{name}: no password of migrate", False, PASSWORD in str(error))


def modes(server, right, wrong):
    """Every `sslmode`, with the right and the wrong authority and name."""
    secure, open_ = f"{ROLES[0]}|t|TLSv1.3", f"{ROLES[1]}|f|"
    for mode in ("prefer", "require"):
        accepted(mode, server, server.url(sslmode=mode), secure)
    for mode in ("verify-ca", "verify-full"):
        url = server.url("localhost", sslmode=mode, sslrootcert=right.certificate)
        accepted(mode, server, url, secure)
        url = server.url("localhost", sslmode=mode, sslrootcert=wrong.certificate)
        refused(f"{mode}, another authority", url, "certificate verify failed")
    url = server.url(ssl="require").replace("postgresql:", "postgresql+asyncpg:")
    accepted("SQLAlchemy's form", server, url, secure)
    url = server.url(sslmode="verify-ca", sslrootcert=right.certificate)
    accepted("verify-ca, another name", server, url, secure)
    url = server.url(sslmode="verify-full", sslrootcert=right.certificate)
    refused("verify-full, another name", url, "does not match host name")
    refused("no authority", server.url(sslmode="verify-full"), "root certificate file", "not exist")
    for mode in ("disable", "allow"):
        accepted(mode, server, server.url(role=ROLES[1], sslmode=mode), open_)
    refused("disable where TLS is asked for", server.url(sslmode="disable"), "no encryption")
    refused(
        "require where TLS is not allowed", server.url(role=ROLES[1], sslmode="require"),
        "pg_hba.conf", "SSL encryption")


def passwords(server):
    """SCRAM, with and without the binding to the channel."""
    bound = {"sslmode": "require", "channel_binding": "require"}
    accepted("channel binding", server, server.url(**bound), f"{ROLES[0]}|t|TLSv1.3")
    refused(
        "channel binding without TLS",
        server.url(role=ROLES[1], sslmode="disable", channel_binding="require"),
        "channel binding")
    wrong = server.url(password=PASSWORD + "x", sslmode="require")
    refused("wrong password", wrong, "password authentication failed for user")
    with Service("password", wrong) as service:
        eventually(service.causes)
        server.sql(f"ALTER ROLE {ROLES[0]} PASSWORD '{PASSWORD}x'")
        check("password that becomes right: ready", True, service.ready())
        check("password that becomes right: told", 1, service.recoveries())
        server.sql(f"ALTER ROLE {ROLES[0]} PASSWORD '{PASSWORD}'")


def traffic(server, authority):
    """Reads and writes side by side over TLS, with pages larger than a record."""
    url = server.url(
        "localhost", sslmode="verify-full", sslrootcert=authority.certificate,
        channel_binding="require")
    with Service("traffic", url) as service:
        service.ready()
        with Traffic(service) as requests:
            time.sleep(6)
        requests.report("traffic over TLS", server)
        with Traffic(service) as requests:
            for _ in range(5):
                time.sleep(0.5)
                server.cut()
            time.sleep(1)
        requests.report("sessions that end under TLS", server, failures=[503])


def expiry(server, authority):
    """A certificate that expires, and is replaced, under a running service."""
    url = server.url("localhost", sslmode="verify-full", sslrootcert=authority.certificate)
    with Service("expiry", url) as service:
        check("before the expiry: ready", True, service.ready())
        authority.certify(server, until="20200102000000Z")
        server.reload()
        server.cut()
        check("expired certificate: readiness", True, service.becomes(503))
        check(
            "expired certificate: the cause, once", contains("certificate verify failed"),
            service.causes())
        authority.certify(server)
        server.reload()
        check("replaced certificate: ready", True, service.ready())
        check("replaced certificate: told", 1, service.recoveries())


def replaced_authority(server, right, wrong):
    """A file of authorities that is put right under a running service."""
    file = SCRATCH / "authorities.crt"
    shutil.copyfile(wrong.certificate, file)
    url = server.url("localhost", sslmode="verify-full", sslrootcert=file)
    with Service("authority", url) as service:
        causes = eventually(service.causes)
        check("authority that becomes right: the cause", contains("verify failed"), causes)
        shutil.copyfile(right.certificate, file)
        check("authority that becomes right: ready", True, service.ready())


def without_tls(server):
    """A server that has none."""
    server.reload("ssl = off")
    refused(
        "require of a server without TLS", server.url(sslmode="require"), "does not support SSL")
    server.reload("ssl = on")


def main():
    """Runs all of it on one server."""
    right, wrong = Authority(SCRATCH, "right"), Authority(SCRATCH, "wrong")
    with Server("server") as server:
        right.certify(server)
        server.start("password_encryption=scram-sha-256").prepare()
        server.reload("ssl = on")
        server.sql(f"ALTER ROLE {ROLES[1]} SET ROLE {ROLES[0]}")
        with Service("socket", server.socket_url()) as service:
            check("Unix socket: ready", True, service.ready())
        modes(server, right, wrong)
        passwords(server)
        traffic(server, right)
        expiry(server, right)
        replaced_authority(server, right, wrong)
        without_tls(server)


main()

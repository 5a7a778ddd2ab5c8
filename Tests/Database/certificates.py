"""Certificates that are made for a check and believed by nobody else, by `openssl`."""

import shutil
import subprocess


class Authority:
    """Somebody who signs certificates."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.certificate = folder / f"{name}.crt"
        openssl(
            folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-subj", f"/CN={name}", "-days", "2", "-keyout", f"{name}.key", "-out",
            f"{name}.crt")

    def certify(self, server, *, until=None):
        """Gives `server`, a PostgreSQL, a certificate for localhost; `until` is a time that is
        past, as openssl writes it."""
        data = server.folder / "data"
        openssl(
            self.folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
            "server.key", "-out", "server.csr")
        (self.folder / "index").write_text("")
        (self.folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=ca_default\n[ca_default]\ndatabase=index\nnew_certs_dir=.\n"
            "rand_serial=yes\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\n"
            "unique_subject=no\n[any]\ncommonName=supplied\n")
        dates = ["-startdate", "20200101000000Z"]
        dates += ["-enddate", until] if until else ["-days", "2"]
        openssl(
            self.folder, "ca", "-batch", "-config", "ca.cnf", "-cert", f"{self.name}.crt",
            "-keyfile", f"{self.name}.key", "-notext", *dates, "-in", "server.csr", "-out",
            "server.crt")
        for end in ("crt", "key"):
            target = data / f"server.{end}"
            shutil.copyfile(self.folder / f"server.{end}", target)
            target.chmod(0o600)
            if server.user:
                shutil.chown(target, server.user, server.user)


def openssl(folder, *arguments):
    """Runs openssl in a folder."""
    ended = subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"openssl {arguments}: {ended.stderr}")

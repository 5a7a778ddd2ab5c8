"""A client made by openapi-python-client from the document does the README's conversation."""

import importlib
import pathlib
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from checks import attempt, check
from shared import EMAIL, PASSWORD

URL, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])


def make_client():
    """Makes the client and returns its package."""
    FOLDER.mkdir()
    # Else it lays its work out with ruff, if there is one.
    settings = FOLDER / "settings.yaml"
    settings.write_text("post_hooks: []\n")
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--url", f"{URL}/openapi.json",
         "--meta", "none", "--config", str(settings), "--output-path",
         str(FOLDER / "made"), "--fail-on-warning"],
        text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if not check("openapi-python-client reads the document without a warning", 0, done.returncode):
        print(done.stdout)
    sys.path.insert(0, str(FOLDER))
    return importlib.import_module("made")


def conversation():
    made = make_client()
    models = importlib.import_module("made.models")
    api = {
        name: importlib.import_module(f"made.api.{tag}.{name}")
        for tag, name in (
            ("users", "create_user"), ("users", "list_users"), ("users", "get_user"),
            ("users", "patch_user"), ("users", "delete_user"), ("authentication", "log_in"),
            ("authentication", "log_out"))
    }
    anybody = made.Client(base_url=URL)
    address, password = f"ada.{uuid.uuid4()}@example.com", "seven quiet otters swim"

    def logged_in(email, password):
        tokens = api["log_in"].sync(
            client=anybody, body=models.Credentials(email=email, password=password))
        return made.AuthenticatedClient(base_url=URL, token=tokens.access_token)

    created = api["create_user"].sync(client=anybody, body=models.NewUser(
        email=address, display_name="Ada", password=password))
    check("a user is made", address, created.email)
    nobody = api["get_user"].sync_detailed("me", client=anybody)
    check("without a token nobody is read", (401, "authentication_required"),
          (nobody.status_code, nobody.parsed.code))
    ada = logged_in(address, password)
    read = api["get_user"].sync("me", client=ada)
    check("she reads herself as she was made", created.to_dict(), read.to_dict())
    patched = api["patch_user"].sync(
        "me", client=ada, body=models.UserPatch(display_name="Ada Lovelace"),
        if_match=f'"{created.version}"')
    check("she is renamed", ("Ada Lovelace", 2), (patched.display_name, patched.version))
    late = api["patch_user"].sync_detailed(
        "me", client=ada, body=models.UserPatch(display_name="Late"),
        if_match=f'"{created.version}"')
    check("a late change is a problem", (412, "version_mismatch"),
          (late.status_code, late.parsed.code))
    forbidden = api["list_users"].sync_detailed(client=ada)
    check("she reads no list", (403, "forbidden"),
          (forbidden.status_code, forbidden.parsed.code))

    administrator = logged_in(EMAIL, PASSWORD)
    page = api["list_users"].sync(client=administrator, limit=10)
    check("an administrator finds her in the list", True,
          created.id in [user.id for user in page.items])
    gone = api["delete_user"].sync_detailed(str(created.id), client=administrator)
    check("she is deleted", 204, gone.status_code)
    missing = api["get_user"].sync(str(created.id), client=administrator)
    check("then she is a problem", "user_not_found", missing.code)
    refused = api["create_user"].sync(client=administrator, body=models.NewUser(
        email="nobody", display_name="Nobody"))
    check("every fault has its place", ["/email"], [fault.pointer for fault in refused.errors])
    out = api["log_out"].sync_detailed(client=administrator)
    check("the administrator logs out", 204, out.status_code)


attempt("the conversation", conversation)

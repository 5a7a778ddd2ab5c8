"""A client made by openapi-python-client from the document does the README's conversation."""

import importlib
import pathlib
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from checks import attempt, check

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
        name: importlib.import_module(f"made.api.users.{name}_user{'s' * (name == 'list')}")
        for name in ("create", "list", "get", "patch", "delete")
    }
    client = made.Client(base_url=URL)
    address = f"ada.{uuid.uuid4()}@example.com"

    created = api["create"].sync(client=client, body=models.NewUser(
        email=address, display_name="Ada", password="seven quiet otters swim"))
    check("a user is made", address, created.email)
    page = api["list"].sync(client=client, limit=10)
    check("she is in the list", True, created.id in [user.id for user in page.items])
    read = api["get"].sync(str(created.id), client=client)
    check("she is read as she was made", created.to_dict(), read.to_dict())
    patched = api["patch"].sync(
        str(created.id), client=client, body=models.UserPatch(display_name="Ada Lovelace"),
        if_match=f'"{created.version}"')
    check("she is renamed", ("Ada Lovelace", 2), (patched.display_name, patched.version))
    late = api["patch"].sync_detailed(
        str(created.id), client=client, body=models.UserPatch(display_name="Late"),
        if_match=f'"{created.version}"')
    check("a late change is a problem", (412, "version_mismatch"),
          (late.status_code, late.parsed.code))
    gone = api["delete"].sync_detailed(str(created.id), client=client)
    check("she is deleted", 204, gone.status_code)
    missing = api["get"].sync(str(created.id), client=client)
    check("then she is a problem", "user_not_found", missing.code)
    refused = api["create"].sync(client=client, body=models.NewUser(
        email="nobody", display_name="Nobody"))
    check("every fault has its place", ["/email"], [fault.pointer for fault in refused.errors])


attempt("the conversation", conversation)

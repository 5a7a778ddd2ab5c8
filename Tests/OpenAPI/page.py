"""Chromium shows `/docs`, light and dark, on a desk and on a phone, and tries operations out.

The browser may reach the service alone. An error on its console is a failed check.
"""

import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from playwright.sync_api import sync_playwright

from checks import attempt, check
from shared import EMAIL, PASSWORD

URL, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
# Contrast of text that people can read: WCAG 2.2 §1.4.3.
CONTRAST_MIN = 4.5

LUMINANCES = """() => {
  const luminance = color => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map(value => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const title = document.querySelector('.info .title');
  return {
    text: luminance(getComputedStyle(title).color),
    ground: luminance(getComputedStyle(document.documentElement).backgroundColor
      .replace('rgba(0, 0, 0, 0)', 'rgb(255, 255, 255)')),
    wide: document.documentElement.scrollWidth - innerWidth,
  };
}"""


def open_page(browser, scheme, size):
    """A page of `/docs` that has come to rest, and what its console has said."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme,
        is_mobile=size == "phone", has_touch=size == "phone")
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}")
            if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(f"exception: {error}"))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    page.goto(f"{URL}/docs", wait_until="networkidle")
    page.wait_for_selector(".opblock")
    return page, said


def look(browser, scheme, size):
    page, said = open_page(browser, scheme, size)
    name = f"{scheme}, {size}"
    page.screenshot(path=FOLDER / f"docs-{scheme}-{size}.png")
    seen = page.evaluate(LUMINANCES)
    brighter, darker = sorted((seen["text"], seen["ground"]), reverse=True)
    check(f"{name}: the ground is {scheme}", scheme == "dark", seen["ground"] < 0.2)
    check(f"{name}: the title can be read", True,
          (brighter + 0.05) / (darker + 0.05) >= CONTRAST_MIN)
    check(f"{name}: nothing is wider than the screen", True, seen["wide"] <= 0)
    page.locator("#operations-users-createUser .opblock-summary").click()
    page.wait_for_selector("#operations-users-createUser .try-out__btn")
    page.locator("#operations-users-createUser").scroll_into_view_if_needed()
    page.screenshot(path=FOLDER / f"docs-{scheme}-{size}-open.png")
    check(f"{name}: an open operation is no wider than the screen", True,
          page.evaluate(LUMINANCES)["wide"] <= 0)
    check(f"{name}: the console is silent", [], said)
    page.context.close()


def execute(page, operation, fill):
    """Tries an operation out; its status and content, as the page shows them."""
    block = page.locator(f"#operations-{operation}")
    if not block.locator(".try-out__btn").count():
        block.locator(".opblock-summary").click()
    block.locator(".try-out__btn").click()
    fill(block)
    block.locator(".execute").click()
    block.locator(".live-responses-table").wait_for()
    status = block.locator(".live-responses-table .response-col_status").nth(1).inner_text()
    return status.split()[0], block.locator(".live-responses-table").inner_text()


def content(members):
    """What fills the content of an operation in."""
    return lambda block: block.locator("textarea.body-param__text").fill(json.dumps(members))


def member(name, text):
    """The text of a member of the JSON that the page shows."""
    return text.split(f'"{name}": "')[1].partition('"')[0]


def authorize(page, token):
    """Gives the page a token, as a person does: Authorize, the value, Authorize, Close."""
    page.locator(".scheme-container .btn.authorize").click()
    dialog = page.locator(".dialog-ux")
    dialog.locator("input").fill(token)
    dialog.locator(".auth-btn-wrapper .authorize").click()
    page.screenshot(path=FOLDER / "docs-authorized.png")
    dialog.locator(".btn-done").click()


def try_out(browser):
    page, said = open_page(browser, "light", "desk")
    address = f"ada.{uuid.uuid4()}@example.com"
    status, text = execute(page, "users-createUser", content({
        "email": address, "display_name": "Ada", "password": "seven quiet otters swim"}))
    check("POST /users, tried out, shows the user", ("201", True), (status, address in text))
    identity = member("id", text)
    status, text = execute(
        page, "authentication-logIn", content({"email": EMAIL, "password": PASSWORD}))
    check("POST /auth/login, tried out, shows tokens", ("200", True),
          (status, "access_token" in text))
    authorize(page, member("access_token", text))
    # The document's example looks for somebody else.
    status, text = execute(
        page, "users-listUsers",
        lambda block: block.locator('tr[data-param-name="q"] input').fill(address))
    check("GET /users, tried out by an administrator, shows the user", ("200", True),
          (status, address in text))
    status, text = execute(
        page, "users-getUser",
        lambda block: block.locator('tr[data-param-name="id"] input').fill(identity))
    check("GET /users/{id}, tried out, shows the user", ("200", True), (status, address in text))
    page.locator("#operations-users-getUser").scroll_into_view_if_needed()
    page.screenshot(path=FOLDER / "docs-tried.png")
    blocks = page.locator(".opblock")
    refused = []
    for index in range(blocks.count()):
        block = blocks.nth(index)
        if not block.locator(".execute").count():
            block.locator(".opblock-summary").click()
            block.locator(".try-out__btn").click()
        if not block.locator(".execute").count():
            refused.append(block.get_attribute("id"))
        # The page gets slow with all of them open.
        block.locator(".opblock-summary").click()
        block.locator(".opblock-body").wait_for(state="detached")
    check("every operation can be tried out", (True, []), (blocks.count() > 30, refused))
    check("trying out: the console is silent", [], said)
    page.context.close()


def check_samples(browser):
    """Shows that a violation of the policy reaches the console, and with it this program."""
    page, said = open_page(browser, "light", "desk")
    page.evaluate("() => { document.body.insertAdjacentHTML('beforeend',"
                  " '<img src=\"http://other.example/\">'); }")
    page.wait_for_timeout(200)
    check("what comes from elsewhere is refused", True,
          any("Content Security Policy" in line for line in said))
    page.context.close()


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
    attempt("a violation is noticed", lambda: check_samples(browser))
    for scheme in ("light", "dark"):
        for size in SIZES:
            attempt(f"{scheme}, {size}", lambda: look(browser, scheme, size))
    attempt("trying out", lambda: try_out(browser))
    browser.close()

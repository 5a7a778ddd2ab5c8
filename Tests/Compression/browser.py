"""Chromium reads compressed answers, and asks for nothing again that it may keep.

The argument is the URL of the service.
"""

import sys

from playwright.sync_api import sync_playwright

from checks import attempt, check
from exchange import AUTHORIZATION, ask

URL = sys.argv[1]

# The files of a page: their names, what went over the wire, and what came out.
FILES = """() => performance.getEntriesByType('resource')
  .filter(file => file.name.includes('/docs/'))
  .map(file => [file.name, file.transferSize, file.encodedBodySize, file.decodedBodySize])"""
LIST = """async ([path, authorization]) => {
  const answer = await fetch(path, {headers: {Authorization: authorization}});
  return [answer.headers.get('Content-Encoding'), await answer.text()];
}"""
POST = """async ([path, authorization, text]) => {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  const answer = await fetch(path, {
    method: 'POST', body: await new Response(stream).blob(),
    headers: {Authorization: authorization, 'Content-Type': 'application/json',
      'Content-Encoding': 'gzip'},
  });
  return answer.status;
}"""


def read(browser):
    page = browser.new_context().new_page()
    page.goto(f"{URL}/docs", wait_until="networkidle")
    first = page.evaluate(FILES)
    check("the page has loaded three files", 3, len(first))
    check("the large ones came compressed", 2,
          len([file for file in first if file[2] * 2 < file[3]]))
    again = page.context.new_page()
    again.goto(f"{URL}/docs", wait_until="networkidle")
    check("another page asks for none of them", [0, 0, 0],
          [file[1] for file in again.evaluate(FILES)])
    path = "/users?limit=300"
    coding, text = page.evaluate(LIST, [path, AUTHORIZATION])
    check("a list comes compressed", "gzip", coding)
    check("and comes out as it is", True, text == ask(URL, path).content.decode())
    made = page.evaluate(
        POST, ["/users", AUTHORIZATION, '{"email":"browser@example.com","display_name":"B"}'])
    check("what the browser compresses is read", 201, made)


with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium")
    attempt("Chromium", lambda: read(chromium))
    chromium.close()

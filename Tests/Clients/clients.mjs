// Checks with Node's fetch, and with node:http where fetch hides too much. Argument: the URL.
import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import { isDeepStrictEqual } from 'node:util';

const url = process.argv[2];
const timeout = 20_000;
const administrator = { Authorization: process.env.AUTHORIZATION };
const json = { 'Content-Type': 'application/json' };

function check(name, expected, seen) {
  const show = (value) => JSON.stringify(value).slice(0, 300);
  const passed = isDeepStrictEqual(expected, seen);
  const verdict = passed ? '' : `: expected ${show(expected)}, saw ${show(seen)}`;
  console.log(`${passed ? 'ok' : 'not ok'} ${name}${verdict}`);
}

async function attempt(name, action) {
  try {
    await action();
  } catch (error) {
    check(name, 'no exception', `${error} ${error.cause ?? ''}`);
  }
}

// The local ports of the connections that fetch uses.
const ports = new Set();
diagnostics.subscribe('undici:client:sendHeaders', ({ socket }) => ports.add(socket.localPort));

function call(path, options = {}) {
  const headers = { ...administrator, ...options.headers };
  return fetch(url + path, { signal: AbortSignal.timeout(timeout), ...options, headers });
}

const post = (body, options) => call('/users', { method: 'POST', headers: json, body, ...options });

let users = 0;
function newUser(members = {}) {
  users += 1;
  const email = `node.${process.pid}.${Date.now()}.${users}@example.com`;
  return { email, display_name: 'Ada', ...members };
}

async function problem(answer) {
  const { code, status } = await answer.json();
  return [answer.status, answer.headers.get('Content-Type'), code, status];
}

const expectedProblem = (status, code) => [status, 'application/problem+json', code, status];

async function oneUser() {
  const user = newUser();
  const made = await post(JSON.stringify(user));
  const registered = await made.json();
  const path = made.headers.get('Location');
  check('fetch: registering', [201, user.email, `/users/${registered.id}`],
    [made.status, registered.email, path]);
  check('fetch: a duplicate', expectedProblem(409, 'email_taken'),
    await problem(await post(JSON.stringify(user))));

  const read = await call(path);
  const tag = read.headers.get('ETag');
  check('fetch: reading', [200, registered, '"1-a"'], [read.status, await read.json(), tag]);
  const unchanged = await call(path, { headers: { 'If-None-Match': tag } });
  check('fetch: reading what has not changed', [304, ''],
    [unchanged.status, await unchanged.text()]);
  const head = await call(path, { method: 'HEAD' });
  check('fetch: HEAD', [200, '', read.headers.get('Content-Length')],
    [head.status, await head.text(), head.headers.get('Content-Length')]);

  const changed = await call(path, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/merge-patch+json', 'If-Match': tag },
    body: '{"display_name": "Ada L."}',
  });
  check('fetch: changing', [200, '"2-a"', 'Ada L.'],
    [changed.status, changed.headers.get('ETag'), (await changed.json()).display_name]);
  const deleted = await call(path, { method: 'DELETE' });
  check('fetch: deleting', [204, ''], [deleted.status, await deleted.text()]);
  check('fetch: reading what is gone', expectedProblem(404, 'user_not_found'),
    await problem(await call(path)));
}

// What a stranger sends, who has no token or one of their own.
function send(path, body, headers = {}) {
  const method = body ? 'POST' : 'GET';
  return fetch(url + path, {
    signal: AbortSignal.timeout(timeout), method, headers: { ...json, ...headers },
    body: body && JSON.stringify(body),
  });
}

async function logins() {
  const password = 'seven quiet otters swim';
  const user = newUser({ password });
  check('fetch: reading without a token', expectedProblem(401, 'authentication_required'),
    await problem(await send('/users')));
  const { id } = await (await send('/users', user)).json();
  const first = await (await send('/auth/login', { email: user.email, password })).json();
  const rotated = await send('/auth/refresh', { refresh_token: first.refresh_token });
  const tokens = await rotated.json();
  check('fetch: new tokens', [200, first.session_id], [rotated.status, tokens.session_id]);
  const bearer = { Authorization: `Bearer ${tokens.access_token}` };
  const read = await send('/users/me', undefined, bearer);
  check('fetch: reading oneself', [200, id], [read.status, (await read.json()).id]);
  const out = await send('/auth/logout', { refresh_token: tokens.refresh_token });
  check('fetch: logging out', 204, out.status);
  check('fetch: a token of a session that has ended', expectedProblem(401, 'invalid_token'),
    await problem(await send('/users/me', undefined, bearer)));
}

async function pages() {
  const ids = [];
  for (let count = 0; count < 5; count += 1) {
    ids.unshift((await (await post(JSON.stringify(newUser()))).json()).id);
  }
  const seen = [];
  for (let path = '/users?limit=2'; path && seen.length < 5;) {
    const page = await call(path);
    seen.push(...(await page.json()).items.map((item) => item.id));
    path = /^<([^>]*)>; rel="next"$/.exec(page.headers.get('Link'))?.[1];
  }
  check('fetch: following Link through the pages', ids, seen.slice(0, 5));
}

async function oneConnection() {
  ports.clear();
  const statuses = new Set();
  for (let count = 0; count < 200; count += 1) {
    const answer = await call('/health/live');
    await answer.text();
    statuses.add(answer.status);
  }
  check('fetch: 200 requests in a row', [200], [...statuses]);
  // fetch opens a second one while it still tidies up after an answer, and then takes turns.
  check('fetch: at most two connections for them', true, ports.size <= 2);
}

async function atOnce() {
  const answers = await Promise.all(Array.from({ length: 200 }, async (_, number) => {
    const id = `node-${number}`;
    const answer = await call('/users?limit=2', { headers: { 'X-Request-ID': id } });
    const page = await answer.json();
    return answer.status === 200 && answer.headers.get('X-Request-ID') === id
      && page.items.length === 2;
  }));
  check('fetch: 200 requests at once, each with its own answer', 200,
    answers.filter(Boolean).length);
}

// A body whose length fetch does not know, so that it is sent in chunks.
function stream(octets, chunkSize) {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(octets.subarray(sent, sent + chunkSize));
      sent += chunkSize;
      if (sent >= octets.length) controller.close();
    },
  });
}

async function bodies() {
  const text = new TextEncoder().encode(JSON.stringify(newUser({ display_name: 'In parts' })));
  const made = await post(stream(text, 9), { duplex: 'half' });
  check('fetch: a chunked upload', [201, 'In parts'],
    [made.status, (await made.json()).display_name]);
  for (const size of [2 ** 20 + 1, 2 ** 21]) {
    check(`fetch: a body of ${size} octets`, expectedProblem(413, 'body_too_large'),
      await problem(await post(new Uint8Array(size).fill(32))));
  }
  const large = stream(new Uint8Array(2 ** 21).fill(32), 2 ** 16);
  check('fetch: a chunked body of 2 MiB', expectedProblem(413, 'body_too_large'),
    await problem(await post(large, { duplex: 'half' })));
  check('fetch: a field of 20 kB', expectedProblem(431, 'field_too_large'),
    await problem(await call('/users', { headers: { 'X-Large': 'x'.repeat(20_000) } })));
  check('fetch: the next request', 200, (await call('/health/live')).status);
}

// One request through node:http; `events` are what happened before the answer.
function request(options, body) {
  return new Promise((resolve, reject) => {
    const events = [];
    const sent = http.request(`${url}${options.path}`, { timeout, ...options });
    sent.on('continue', () => {
      events.push('continue');
      sent.end(body);
    });
    sent.on('response', (answer) => {
      answer.resume().on('end', () => {
        resolve({ status: answer.statusCode, connection: answer.headers.connection, events });
        sent.destroy();
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('timed out')));
    sent.on('error', reject);
    if (options.headers?.Expect) sent.flushHeaders(); else sent.end(body);
  });
}

async function expectations() {
  const user = JSON.stringify(newUser());
  const head = (length) => ({
    path: '/users', method: 'POST', agent: false,
    headers: {
      ...administrator, ...json, Expect: '100-continue', 'Content-Length': length,
    },
  });
  const made = await request(head(user.length), user);
  check('node:http: 100 Continue and then 201', [201, ['continue']], [made.status, made.events]);
  const refused = await request(head(2 ** 21), '');
  check('node:http: 413 instead of 100 Continue', [413, []], [refused.status, refused.events]);
}

async function persistence() {
  const last = await request({ path: '/health/live', agent: false });
  check('node:http: Connection: close', [200, 'close'], [last.status, last.connection]);
}

for (const [name, conversation] of Object.entries({
  oneUser, logins, pages, oneConnection, atOnce, bodies, expectations, persistence,
})) {
  await attempt(`Node: ${name}`, conversation);
}

// A browser for each test file: real Chromium, real server, demo data. KHUE_BASE and KHUE_ACCOUNTS come from scripts/e2e.sh.
import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';

export const base = process.env.KHUE_BASE ?? 'http://127.0.0.1:8080';
const accounts = JSON.parse(readFileSync(process.env.KHUE_ACCOUNTS ?? 'data/accounts.json', 'utf8'));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('./out/', import.meta.url).pathname;
mkdirSync(out, { recursive: true });

export const desktop = { width: 1366, height: 768 };
export const phone = { width: 360, height: 740 };

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function open() {
  return chromium.launch({ executablePath, args });
}

export function account(role) {
  const found = accounts.find((a) => a.role === role);
  assert.ok(found, `no demo account of the role ${role}`);
  return found;
}

// A page whose console errors and failed loads fail the test that made it. `page.expectErrors(/…/)` excuses what a test provokes.
export async function page(browser, { viewport = desktop, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', acceptDownloads: true });
  return watched(await context.newPage());
}

function watched(p) {
  const errors = [];
  const excused = [];
  p.on('pageerror', (e) => errors.push(`page: ${e.message}`));
  p.on('console', (m) => m.type() === 'error' && errors.push(`console: ${m.text()}`));
  p.expectErrors = (pattern) => excused.push(pattern);
  p.assertClean = () => assert.deepEqual(errors.filter((e) => !excused.some((x) => x.test(e))), []);
  return p;
}

// A browser with a profile on disk: closed and launched again, it is the same PC.
export async function launch(profile, { viewport = desktop, colorScheme = 'light' } = {}) {
  const context = await chromium.launchPersistentContext(profile, { executablePath, args, viewport, colorScheme, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' });
  const pages = [];
  return {
    page: async () => {
      const p = watched(await context.newPage());
      // A line that is cut, and 401 before anybody has signed in, are told by the browser.
      p.expectErrors(/ERR_|Failed to load|401|Failed to fetch/);
      pages.push(p);
      return p;
    },
    assertClean: () => pages.forEach((p) => p.assertClean()),
    close: () => context.close(),
  };
}

// A line to the server that can be cut: nobody listens then, and what was open is torn.
export async function relay() {
  const target = new URL(base);
  const sockets = new Set();
  let server;
  let port = 0;
  const listen = () => new Promise((resolve) => {
    server = createServer((socket) => {
      const up = connect(Number(target.port), target.hostname);
      for (const s of [socket, up]) {
        sockets.add(s);
        s.on('error', () => {});
        s.on('close', () => { sockets.delete(s); socket.destroy(); up.destroy(); });
      }
      socket.pipe(up).pipe(socket);
    });
    server.listen(port, '127.0.0.1', () => {
      port = server.address().port;
      resolve();
    });
  });
  const cut = () => new Promise((resolve) => {
    server.close(resolve);
    for (const s of sockets) s.destroy();
  });
  await listen();
  return { base: `http://127.0.0.1:${port}`, cut, mend: listen, up: () => server.listening, close: () => (server.listening ? cut() : undefined) };
}

export async function signIn(p, role, at = base) {
  return signInAs(p, account(role), at);
}

export async function signInAs(p, { username, password }, at = base) {
  // The browser says 401 of the first refresh, before anybody has signed in.
  p.expectErrors(/401/);
  await p.goto(`${at}/sign-in`);
  await p.locator('input[name=username]').fill(username);
  await p.locator('input[name=password]').fill(password);
  await p.locator('button[type=submit]').click();
  await p.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

// A second teacher of the subject in the class, with a password: the principal assigns them, the office hands over a code.
export async function colleague(classId, subject) {
  const office = await api('clerk');
  const principal = await api('principal');
  const { items: subjects } = await principal.get(`/classes/${classId}/subjects`);
  const taught = subjects.find((s) => s.subject_code === subject);
  const theirs = new Set(taught.teachers.map((t) => t.id));
  const second = subjects.flatMap((s) => s.teachers).find((t) => !theirs.has(t.id));
  const body = subjects.map((s) => ({
    subject_code: s.subject_code, whole_class: s.whole_class,
    teacher_ids: [...s.teachers.map((t) => t.id), ...(s === taught ? [second.id] : [])],
  }));
  await principal.put(`/classes/${classId}/subjects`, { subjects: body });
  const found = (await office.get('/accounts?limit=200')).items.find((a) => a.person?.id === second.id);
  const { code } = await office.post(`/accounts/${found.id}/one-time-codes`);
  const password = 'một mật khẩu của đồng nghiệp';
  const reset = await fetch(`${base}/api/v1/password-resets`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: found.username, code, new_password: password }),
  });
  assert.ok(reset.ok, await reset.text());
  return { username: found.username, password };
}

// Nothing serious or critical, after the page has come to rest.
export async function axe(p, name) {
  // The page's own policy forbids injected scripts; this one runs in the debugger's world.
  const result = await p.evaluate(`${axeSource}; axe.run(document, { resultTypes: ['violations'] })`);
  const bad = result.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  assert.deepEqual(bad.map((v) => ({ rule: v.id, at: v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`) })), [], `axe on ${name}`);
}

export async function shot(p, name) {
  await p.screenshot({ path: `${out}${name}.png` });
}

// No page scrolls sideways: what is wide scrolls inside itself. A window that has just become narrow is given time to lay itself out.
export async function fits(p, name) {
  const narrow = () => document.documentElement.scrollWidth <= window.innerWidth;
  await p.waitForFunction(narrow, undefined, { timeout: 3000 }).catch(() => {});
  const [scroll, inner] = await p.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(scroll <= inner, `${name} is ${scroll} px wide in a window of ${inner}`);
}

// The API as somebody of this role, to look behind the pages.
export async function api(role) {
  return apiOf(account(role));
}

export async function apiOf({ username, password }) {
  const answer = await fetch(`${base}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  assert.equal(answer.status, 201);
  const { access_token: token } = await answer.json();
  // `version` of what was read, where the operation wants it.
  const send = async (method, path, body, version) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    if (version !== undefined) headers['if-match'] = `"${version}"`;
    const got = await fetch(`${base}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await got.text();
    assert.ok(got.ok, `${got.status} ${method} ${path} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return {
    put: (path, body) => send('PUT', path, body),
    post: (path, body) => send('POST', path, body),
    get: async (path) => {
      const got = await fetch(`${base}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      assert.ok(got.ok, `${got.status} ${path}`);
      return got.json();
    },
    send,
  };
}

// The other end of the server's mail: `next()` waits for a letter and gives its text as it came.
export async function mailbox() {
  const letters = [];
  const waiting = [];
  const server = createServer((socket) => {
    let text = '';
    let data = false;
    socket.on('error', () => {});
    socket.write('220 e2e\r\n');
    socket.on('data', (chunk) => {
      text += chunk;
      for (;;) {
        const end = data ? '\r\n.\r\n' : '\r\n';
        const at = text.indexOf(end);
        if (at < 0) return;
        const line = text.slice(0, at);
        text = text.slice(at + end.length);
        if (data) {
          data = false;
          const next = waiting.shift();
          if (next) next(line); else letters.push(line);
          socket.write('250 ok\r\n');
        } else if (/^DATA/i.test(line)) {
          data = true;
          socket.write('354 go on\r\n');
        } else if (/^QUIT/i.test(line)) {
          socket.end('221 bye\r\n');
        } else {
          socket.write('250 ok\r\n');
        }
      }
    });
  });
  await new Promise((resolve) => { server.listen(Number(process.env.KHUE_MAIL_PORT), '127.0.0.1', resolve); });
  return {
    next: () => (letters.length ? Promise.resolve(letters.shift()) : new Promise((resolve) => { waiting.push(resolve); })),
    close: () => server.close(),
  };
}

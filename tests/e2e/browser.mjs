// A browser for each test file: real Chromium, real server, demo data. KHUE_BASE and KHUE_ACCOUNTS come from scripts/e2e.sh.
import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';

export const base = process.env.KHUE_BASE ?? 'http://127.0.0.1:8080';
const accounts = JSON.parse(readFileSync(process.env.KHUE_ACCOUNTS ?? 'data/accounts.json', 'utf8'));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('./out/', import.meta.url).pathname;
mkdirSync(out, { recursive: true });

export const desktop = { width: 1366, height: 768 };
export const phone = { width: 360, height: 740 };

export async function open() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export function account(role) {
  const found = accounts.find((a) => a.role === role);
  assert.ok(found, `no demo account of the role ${role}`);
  return found;
}

// A page whose console errors and failed loads fail the test that made it. `page.expectErrors(/…/)` excuses what a test provokes.
export async function page(browser, { viewport = desktop, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', acceptDownloads: true });
  const p = await context.newPage();
  const errors = [];
  const excused = [];
  p.on('pageerror', (e) => errors.push(`page: ${e.message}`));
  p.on('console', (m) => m.type() === 'error' && errors.push(`console: ${m.text()}`));
  p.expectErrors = (pattern) => excused.push(pattern);
  p.assertClean = () => assert.deepEqual(errors.filter((e) => !excused.some((x) => x.test(e))), []);
  return p;
}

export async function signIn(p, role) {
  const { username, password } = account(role);
  // The browser says 401 of the first refresh, before anybody has signed in.
  p.expectErrors(/401/);
  await p.goto(`${base}/sign-in`);
  await p.locator('input[name=username]').fill(username);
  await p.locator('input[name=password]').fill(password);
  await p.locator('button[type=submit]').click();
  await p.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
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

// No page scrolls sideways: what is wide scrolls inside itself.
export async function fits(p, name) {
  const [scroll, inner] = await p.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(scroll <= inner, `${name} is ${scroll} px wide in a window of ${inner}`);
}

// The API as somebody of this role, to look behind the pages.
export async function api(role) {
  const { username, password } = account(role);
  const answer = await fetch(`${base}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  assert.equal(answer.status, 201);
  const { access_token: token } = await answer.json();
  return {
    get: async (path) => {
      const got = await fetch(`${base}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      assert.ok(got.ok, `${got.status} ${path}`);
      return got.json();
    },
<<<<<<< HEAD
    // A write; `version` of what was read, where the operation wants it.
    send: async (method, path, body, version) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      if (version !== undefined) headers['if-match'] = `"${version}"`;
      const got = await fetch(`${base}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
      assert.ok(got.ok, `${got.status} ${method} ${path} ${got.ok ? '' : await got.text()}`);
=======
    post: async (path, body) => {
      const got = await fetch(`${base}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
      });
      assert.ok(got.ok, `${got.status} ${path}`);
>>>>>>> w/screens
      return got.json();
    },
  };
}

// The mark sheet without a line. The line is a real one: the browser reaches the server through a small relay that the test cuts,
// and the browser is closed and started again with the same profile.
import { after, afterEach, before, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, apiOf, axe, colleague, desktop, fits, launch, phone, relay, shot, signIn } from './browser.mjs';

const teacher = 'subject_teacher';
let line;
let profile;
let b;
before(async () => { line = await relay(); });
after(async () => { await line?.close(); });
beforeEach(async () => {
  profile = mkdtempSync(join(tmpdir(), 'khue-profile-'));
  if (!line.up()) await line.mend();
});
afterEach(async () => {
  await b?.close();
  rmSync(profile, { recursive: true, force: true });
});

// The classes of the teacher in the demo school, and what the server has of a sheet.
async function sheetOf(className) {
  const a = await api(teacher);
  const mine = (await a.get('/me/teaching')).items.find((t) => t.subject_code === 'TOAN' && t.class_name === className);
  const path = `/classes/${mine.class_id}/subjects/TOAN/terms/1`;
  return { classId: mine.class_id, path, marks: async () => a.get(`${path}/marks`) };
}

async function openSheet(p, path) {
  await p.goto(line.base + path);
  await p.locator('[role=grid] #cell-0').waitFor();
}

// Types down a column from its first learner.
async function typeDown(p, column, texts) {
  await p.locator(`#cell-${column}`).click();
  for (const text of texts) {
    await p.keyboard.type(text);
    await p.keyboard.press('Enter');
  }
}

const columnsOf = (p) => p.locator('[role=grid] tbody tr').first().locator('td[id^=cell-]').count();
const cellText = async (p, at) => (await p.locator(`#cell-${at}`).innerText()).trim();
const value = (row, slot) => row.cells.find((c) => c.slot === slot)?.value;
// Until the worker holds every file of this build.
const ready = (p) => p.evaluate(async () => { await navigator.serviceWorker.ready; });

test('the worker is served anew each time, under the policy of the pages, and names the files of one build', async () => {
  const answer = await fetch(`${line.base}/sw.js`);
  assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(answer.headers.get('cache-control'), 'no-cache');
  assert.match(answer.headers.get('content-security-policy'), /default-src 'self'.*worker-src 'self'/);
  const source = await answer.text();
  // What every device keeps, and the programs of families and of the staff.
  const [common, family, staff] = [...source.match(/const FILES = (.*);/)[1].matchAll(/\["\/assets[^\]]*\]/g)].map(([list]) => JSON.parse(list));
  for (const kind of [/door-.*\.wasm$/, /khue-.*\.css$/, /boot-.*\.js$/, /\.woff2$/]) assert.ok(common.some((f) => kind.test(f)), `${kind}`);
  assert.ok(family.some((f) => /family-.*\.wasm$/.test(f)) && staff.some((f) => /khue-.*\.wasm$/.test(f)));
  const files = [...common, ...family, ...staff];
  for (const file of files) assert.equal((await fetch(line.base + file)).status, 200, file);
});

test('a column typed without a line outlives the browser and is sent when the line is back', async () => {
  const s = await sheetOf('10A1');
  b = await launch(profile);
  let p = await b.page();
  await signIn(p, teacher, line.base);
  await openSheet(p, s.path);
  await ready(p);
  // 45 cells: a mark for every learner that differs from what stands, and one more in the next column.
  const sheet = await s.marks();
  const rows = sheet.rows.filter((r) => !r.left);
  assert.equal(rows.length, 44);
  const slot = sheet.slots.indexOf('r1');
  const wanted = rows.map((r, n) => (value(r, 'r1')?.mark === 700 + (n % 4) * 10 ? 900 : 700 + (n % 4) * 10));
  const texts = wanted.map((m) => String(m / 100).replace('.', ','));
  const last = value(rows[0], 'r2')?.mark === 1000 ? '9' : '10';
  const columns = await columnsOf(p);

  await line.cut();
  await typeDown(p, slot, texts);
  await typeDown(p, slot + 1, [last]);
  await p.getByText(/45 ô đã giữ trên máy/).first().waitFor();
  await shot(p, 'offline-typed');
  await b.close();

  // Still without a line, the next morning: the pages open, the sheet opens, the marks are there.
  b = await launch(profile);
  p = await b.page();
  await p.goto(`${line.base}/`);
  await p.getByText(/Mất mạng/).first().waitFor();
  await p.goto(`${line.base}/offline`);
  await p.getByRole('link', { name: /Toán 10A1/ }).first().waitFor();
  await p.getByText('45 ô', { exact: true }).waitFor();
  await axe(p, 'offline page');
  await fits(p, 'offline page');
  await shot(p, 'offline-page');
  await openSheet(p, s.path);
  for (const [n, text] of texts.entries()) assert.equal(await cellText(p, n * columns + slot), text, `learner ${n + 1}`);
  await shot(p, 'offline-reopened');
  await b.close();

  // The line is back: what waits is sent, from whatever page.
  await line.mend();
  b = await launch(profile);
  p = await b.page();
  await p.goto(`${line.base}/offline`);
  await p.getByText('Mọi ô đã gửi xong').waitFor();
  const now = await s.marks();
  assert.deepEqual(now.rows.filter((r) => !r.left).map((r) => value(r, 'r1')?.mark), wanted);
  assert.equal(value(now.rows[0], 'r2').mark, Number(last) * 100);
  await openSheet(p, s.path);
  assert.equal(await cellText(p, slot), texts[0]);
  b.assertClean();
  await b.close();
});

test('what another changed meanwhile is shown side by side, and nothing is dropped', async () => {
  const s = await sheetOf('7A1');
  const other = await apiOf(await colleague(s.classId, 'TOAN'));
  b = await launch(profile);
  let p = await b.page();
  await signIn(p, teacher, line.base);
  await openSheet(p, s.path);
  await ready(p);
  const before = await s.marks();
  const slot = before.slots.indexOf('r1');
  await line.cut();
  await typeDown(p, slot, ['8,5', '9', '7,5', '6']);
  await p.getByText(/đã giữ trên máy/).first().waitFor();
  await b.close();

  // A colleague writes three of the same cells; the third gets the same value as here.
  const cell = (n, mark) => {
    const row = before.rows[n];
    return { learner_id: row.learner_id, slot: 'r1', value: { type: 'score', mark }, version: row.cells.find((c) => c.slot === 'r1')?.version ?? 0 };
  };
  const saved = await other.put(`${s.path}/marks`, { source: 'typed', cells: [cell(0, 400), cell(1, 450), cell(2, 750)] });
  assert.ok(saved.cells.every((c) => c.outcome === 'saved'), JSON.stringify(saved));

  await line.mend();
  b = await launch(profile, { viewport: desktop });
  p = await b.page();
  await openSheet(p, s.path);
  const dialog = p.getByRole('dialog');
  await dialog.getByText(/2 ô đã được người khác sửa/).waitFor();
  assert.equal(await dialog.locator('.review li').count(), 2);
  const first = dialog.locator('.review li').first();
  const text = await first.innerText();
  assert.match(text, /8,5/);
  assert.match(text, /\b4\b/);
  // Who and when stand beside their value.
  assert.match(text, new RegExp(`${(await other.get('/me')).full_name}.*\\d{1,2}:\\d{2}`, 's'));
  await axe(p, 'conflicts');
  await shot(p, 'conflicts');
  await p.setViewportSize(phone);
  await shot(p, 'conflicts-phone');
  await fits(p, 'conflicts on a phone');
  await p.setViewportSize(desktop);

  // Nothing is chosen yet: the browser is closed, and both values are still there afterwards.
  await b.close();
  b = await launch(profile);
  p = await b.page();
  await openSheet(p, s.path);
  await p.getByRole('dialog').locator('.review li').nth(1).waitFor();
  await p.getByRole('dialog').getByRole('button', { name: /^Bạn nhập.*8,5$/ }).click();
  await p.getByRole('dialog').getByRole('button', { name: /4,5$/ }).click();
  await p.getByRole('dialog').getByRole('button', { name: 'Về bảng điểm' }).click();
  await p.getByText(/^Đã lưu \d/).first().waitFor();
  const now = await s.marks();
  assert.deepEqual(now.rows.slice(0, 4).map((r) => value(r, 'r1')?.mark), [850, 450, 750, 600]);
  b.assertClean();
  await b.close();
});

test('another account on the same PC sees and sends nothing, and the owner finds it again', async () => {
  const s = await sheetOf('9A2');
  b = await launch(profile);
  let p = await b.page();
  await signIn(p, teacher, line.base);
  await openSheet(p, s.path);
  await ready(p);
  const before = await s.marks();
  const mark = value(before.rows[0], 'r1')?.mark === 950 ? 900 : 950;
  await line.cut();
  await typeDown(p, before.slots.indexOf('r1'), [String(mark / 100).replace('.', ',')]);
  await p.getByText(/đã giữ trên máy/).first().waitFor();
  // Signing out says what waits, and keeps it.
  await p.getByRole('button', { name: 'Đăng xuất' }).first().click();
  await p.getByRole('dialog').getByText(/Còn 1 ô chưa gửi/).waitFor();
  await axe(p, 'signing out');
  await shot(p, 'sign-out-unsent');
  await p.getByRole('dialog').getByRole('button', { name: /giữ các ô trên máy/ }).click();
  await p.locator('input[name=username]').waitFor();
  // Nothing opens without a server any more, and what is left is sealed: no key, no name, no mark.
  await p.goto(line.base + s.path);
  await p.locator('input[name=username]').waitFor();
  const left = await p.evaluate(() => new Promise((resolve, reject) => {
    const open = indexedDB.open('khue');
    open.onerror = reject;
    open.onsuccess = () => {
      const t = open.result.transaction(['keys', 'sealed']);
      const keys = t.objectStore('keys').count();
      const names = t.objectStore('sealed').getAllKeys();
      const all = t.objectStore('sealed').getAll();
      t.oncomplete = () => resolve({ keys: keys.result, names: names.result, text: all.result.map((r) => new TextDecoder().decode(r)).join('\n') });
    };
  }));
  assert.equal(left.keys, 0);
  assert.ok(left.names.length === 1 && left.names[0].includes('unsent/'), JSON.stringify(left.names));
  assert.ok(!left.text.includes(before.rows[0].given_name) && !left.text.includes('version'), 'readable');

  await line.mend();
  await signIn(p, 'clerk', line.base);
  await p.goto(`${line.base}/offline`);
  await p.getByText('Mọi ô đã gửi xong').waitFor();
  assert.deepEqual(value((await s.marks()).rows[0], 'r1'), value(before.rows[0], 'r1'));
  await p.getByRole('button', { name: 'Đăng xuất' }).first().click();
  await p.locator('input[name=username]').waitFor();

  await signIn(p, teacher, line.base);
  await openSheet(p, s.path);
  await p.getByText(/^Đã lưu \d/).first().waitFor();
  assert.equal(value((await s.marks()).rows[0], 'r1').mark, mark);
  b.assertClean();
  await b.close();
});

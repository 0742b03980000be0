// Registers of a class as PDF files: chosen, made, saved; and a child's slip on a parent's phone.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { account, axe, base, desktop, fits, open, page, phone, shot } from './browser.mjs';

let browser;
let room;
before(async () => { browser = await open(); room = await someClass(); });
after(async () => { await browser?.close(); });

async function call(token, method, path, body) {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method, headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${answer.status} ${method} ${path}`);
  return answer.json();
}

// A class of the demo's school that has marks by a circular.
async function someClass() {
  const { access_token } = await call(null, 'POST', '/sessions', who('principal'));
  return (await call(access_token, 'GET', '/classes')).items.find((c) => Number(c.grade) >= 1).id;
}

const who = (role) => { const { username, password } = account(role); return { username, password }; };

async function enter(p, role) {
  const { username, password } = who(role);
  p.expectErrors(/401/);
  await p.goto(`${base}/sign-in`);
  await p.locator('input[name=username]').fill(username);
  await p.locator('input[name=password]').fill(password);
  await p.locator('button[type=submit]').click();
  await p.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

async function saved(p, press) {
  const [download] = await Promise.all([p.waitForEvent('download'), press()]);
  assert.ok(readFileSync(await download.path()).subarray(0, 5).equals(Buffer.from('%PDF-')), 'a PDF file');
  return download.suggestedFilename();
}

test('each register is a card, and a press saves it', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'principal');
  await p.goto(`${base}/classes/${room}`);
  await p.getByRole('link', { name: 'Sổ sách' }).click();
  const card = (name) => p.locator('.register').filter({ has: p.getByRole('heading', { name, exact: true }) });
  await card('Sổ chủ nhiệm').waitFor();
  assert.equal(await p.locator('.register').count(), 6);
  await card('Bảng điểm').getByLabel('Bảng nào').locator('option').nth(4).waitFor({ state: 'attached' });
  await axe(p, 'registers');
  await shot(p, 'registers');
  assert.match(await saved(p, () => card('Sổ theo dõi và đánh giá học sinh').getByRole('button', { name: 'Tải PDF' }).click()), /^Sổ theo dõi/);
  // One subject's table, and one period's, as copies.
  await p.getByLabel(/BẢN SAO/).check();
  for (const choice of [1, 4]) {
    await card('Bảng điểm').getByLabel('Bảng nào').selectOption({ index: choice });
    await saved(p, () => card('Bảng điểm').getByRole('button', { name: 'Tải PDF' }).click());
  }
  // Nobody has an award while the year is open: said on the card.
  p.expectErrors(/409/);
  await card('Giấy khen').getByRole('button', { name: 'Tải PDF' }).click();
  await card('Giấy khen').getByRole('alert').waitFor();
  await axe(p, 'registers with a fault');
  p.assertClean();
  await p.context().close();
});

test('registers on a phone in the dark', async () => {
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await enter(p, 'principal');
  await p.goto(`${base}/classes/${room}/registers`);
  await p.locator('.register').nth(4).waitFor();
  await fits(p, 'registers on a phone');
  await axe(p, 'registers on a phone');
  await shot(p, 'registers-phone');
  p.assertClean();
  await p.context().close();
});

test('a guardian saves the slip of a child', async () => {
  const p = await page(browser, { viewport: phone });
  await enter(p, 'guardian');
  const slip = p.getByRole('button', { name: 'Phiếu liên lạc' });
  await slip.waitFor();
  assert.equal(await saved(p, () => slip.click()), 'phieu-lien-lac.pdf');
  await fits(p, 'a child with the slip');
  p.assertClean();
  await p.context().close();
});

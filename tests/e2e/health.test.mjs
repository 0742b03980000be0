// School health: a round is opened and a class entered, what is sealed opens for a purpose, and a family sees who looked and decides
// what it consents to.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { account, axe, base, desktop, fits, open, page, phone, shot } from './browser.mjs';

let browser;
let child;
before(async () => { browser = await open(); child = await ownChild(); });
after(async () => { await browser?.close(); });

const who = (role) => { const { username, password } = account(role); return { username, password }; };

async function call(token, method, path, body) {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method, headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${answer.status} ${method} ${path}`);
  return answer.json();
}

async function ownChild() {
  const { access_token } = await call(null, 'POST', '/sessions', who('guardian'));
  const nurse = (await call(null, 'POST', '/sessions', who('nurse'))).access_token;
  // The one at the nurse's school; the other goes elsewhere.
  for (const one of (await call(access_token, 'GET', '/me/children')).items) {
    const seen = await fetch(`${base}/api/v1/learners/${one.learner_id}`, { headers: { authorization: `Bearer ${nurse}` } });
    if (seen.ok) return one;
  }
  throw new Error('no child of the guardian is at the nurse\'s school');
}

async function enter(p, role) {
  const { username, password } = who(role);
  p.expectErrors(/401/);
  await p.goto(`${base}/sign-in`);
  await p.locator('input[name=username]').fill(username);
  await p.locator('input[name=password]').fill(password);
  await p.locator('button[type=submit]').click();
  await p.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

test('the nurse opens a round and enters a class', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'nurse');
  await p.goto(`${base}/office/health`);
  const rounds = p.locator('main summary', { hasText: 'Nhập kết quả theo lớp' });
  await rounds.first().waitFor();
  const before = await rounds.count();
  await p.getByRole('button', { name: 'Mở đợt khám' }).first().click();
  await p.getByLabel('Tên đợt khám').fill('Khám đầu năm');
  await p.locator('dialog form button[type=submit]').click();
  // The list is drawn anew with the round that was opened: what is unfolded before that is folded again.
  await rounds.nth(before).waitFor();
  await rounds.first().click();
  await axe(p, 'school health');
  await shot(p, 'health');
  await p.locator('details .btn').first().click();
  const cell = (name) => p.locator('tbody tr').first().locator(`input[data-column=${name}]`);
  await cell('pressure').fill('105/65');
  await cell('right').fill('8');
  await cell('pulse').fill('9');
  await p.getByText('Giá trị không hợp lệ: Mạch').waitFor();
  await cell('pulse').fill('82');
  await p.getByText(/Đã lưu 1\//).waitFor();
  await axe(p, 'a class in a round');
  await shot(p, 'health-sheet');
  await p.reload();
  await p.waitForFunction(() => document.querySelector('input[data-column=pressure]')?.value === '105/65');
  const [download] = await Promise.all([p.waitForEvent('download'), p.getByRole('button', { name: 'Danh sách PDF' }).click()]);
  assert.ok(readFileSync(await download.path()).subarray(0, 5).equals(Buffer.from('%PDF-')));
  p.assertClean();
  await p.context().close();
});

test('what is sealed opens for a purpose', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'nurse');
  await p.goto(`${base}/office/health/learners/${child.learner_id}`);
  const panel = p.locator('section.panel').filter({ has: p.getByRole('heading', { name: 'Bệnh, dị ứng, khuyết tật' }) });
  await panel.getByRole('button', { name: 'Thêm' }).click();
  await p.locator('#condition-detail').fill('Dị ứng tôm');
  await p.locator('#condition-alert').fill('Không cho ăn hải sản');
  await p.locator('dialog[open] button[type=submit]').click();
  await panel.getByText('Nội dung đã mã hoá').waitFor();
  await p.getByRole('button', { name: 'Mở thông tin nhạy cảm' }).click();
  await p.locator('dialog[open] button[type=submit]').click();
  await panel.getByText('Dị ứng tôm').waitFor();
  await axe(p, 'a health file');
  await shot(p, 'health-file');
  p.assertClean();
  await p.context().close();
});

test('a family sees who looked, and decides', async () => {
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await enter(p, 'guardian');
  await p.goto(`${base}/office/children/${child.learner_id}/health`);
  await p.getByText('Dị ứng tôm').waitFor();
  await p.getByText('Chăm sóc, sơ cứu').first().waitFor();
  await fits(p, "a child's health");
  await axe(p, "a child's health");
  await p.getByRole('link', { name: 'Quyền dữ liệu' }).click();
  const purpose = p.locator('section.panel').filter({ has: p.getByRole('heading', { name: /Đăng ảnh, video/ }) });
  await purpose.getByRole('button', { name: 'Đồng ý', exact: true }).click();
  await purpose.getByRole('button', { name: 'Rút lại đồng ý' }).waitFor();
  await fits(p, 'consents');
  await axe(p, 'consents');
  await shot(p, 'consents-phone');
  const [download] = await Promise.all([p.waitForEvent('download'), p.getByRole('button', { name: 'Tải bản sao', exact: true }).click()]);
  assert.equal(download.suggestedFilename(), 'du-lieu-cua-con.zip');
  p.assertClean();
  await p.context().close();
});

test('the school sees who has not answered', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'principal');
  await p.goto(`${base}/office/consents`);
  await p.locator('tbody tr button').first().click();
  await p.getByRole('heading', { name: 'Từng em trong lớp' }).waitFor();
  await axe(p, 'consents of a school');
  await shot(p, 'consents');
  p.assertClean();
  await p.context().close();
});

// The network of schools on any day, administrative codes, and the year rollover.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { account, axe, base, desktop, fits, open, page, phone, shot } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

async function enter(p, role) {
  const { username, password } = account(role);
  p.expectErrors(/401/);
  await p.goto(`${base}/sign-in`);
  await p.locator('input[name=username]').fill(username);
  await p.locator('input[name=password]').fill(password);
  await p.locator('button[type=submit]').click();
  await p.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

test('a school gets a new name by a decision, and keeps the old one for the day before', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'province_admin');
  await p.goto(`${base}/office/network`);
  await p.locator('.tree .named').first().waitFor();
  await axe(p, 'network');
  await shot(p, 'network');
  await p.locator('.tree .named').filter({ hasText: 'Trường THPT' }).first().click();
  await p.getByRole('button', { name: 'Giải thể' }).waitFor();
  await p.getByRole('button', { name: 'Đổi tên' }).click();
  const dialog = p.getByRole('dialog');
  await dialog.getByLabel('Số quyết định').fill('15/QĐ-UBND');
  await dialog.getByLabel('Tên đầy đủ').fill('Trường Tên Mới Thử');
  await axe(p, 'a decision');
  await dialog.getByRole('button', { name: 'Ghi quyết định' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await p.locator('.timeline').getByText('Trường Tên Mới Thử').first().waitFor();
  await p.getByLabel('Ngày', { exact: true }).fill('2026-09-30');
  await p.getByLabel('Ngày', { exact: true }).blur();
  await p.locator('.tree').getByText('Trường Tên Mới Thử').waitFor({ state: 'detached' });
  // Taken back: the name of today is the old one again, and the history says so.
  await p.getByRole('button', { name: 'Hôm nay' }).click();
  await p.locator('.tree').getByText('Trường Tên Mới Thử').waitFor();
  await p.locator('.timeline').getByRole('button', { name: 'Hoàn tác quyết định' }).first().click();
  await dialog.getByLabel('Lí do hoàn tác').fill('Nhầm trường');
  await axe(p, 'taking a decision back');
  await dialog.getByRole('button', { name: 'Hoàn tác quyết định' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await p.locator('.tree').getByText('Trường Tên Mới Thử').waitFor({ state: 'detached' });
  await p.locator('.timeline').getByText('Đã hoàn tác').first().waitFor();
  p.assertClean();
  await p.context().close();
});

test('an old code is followed to the new one', async () => {
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await enter(p, 'principal');
  await p.goto(`${base}/office/codes`);
  await p.getByLabel('Danh mục').selectOption({ index: 1 });
  await p.getByLabel('Tìm', { exact: true }).fill('truc bach');
  await p.getByRole('button', { name: 'Phường Trúc Bạch' }).click();
  await p.getByRole('dialog').getByText('Phường Ba Đình').first().waitFor();
  await axe(p, 'a code');
  await fits(p, 'codes on a phone');
  p.assertClean();
  await p.context().close();
});

// Facilities, equipment and finance: entered by keyboard, signed, reopened, totalled; an item marked by the code of its label.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

test('the count of a year is typed, signed and opened again', async () => {
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'principal');
  await p.goto(`${base}/office`);
  await p.getByRole('link', { name: /Cơ sở vật chất/ }).click();
  const first = p.locator('input.figure').first();
  await first.waitFor();
  await axe(p, 'a count of facilities');
  // Rooms are counted from their register. Enter goes on, so does the arrow down where a table has one column.
  await first.fill('18');
  await first.press('Enter');
  assert.equal(await p.evaluate(() => [...document.querySelectorAll('input.figure')].indexOf(document.activeElement)), 1);
  await p.keyboard.press('ArrowDown');
  assert.equal(await p.evaluate(() => [...document.querySelectorAll('input.figure')].indexOf(document.activeElement)), 2);
  await p.getByRole('button', { name: 'Điền 0 vào ô trống' }).click();
  await p.getByText('Đã nhập đủ').waitFor();
  await p.getByRole('button', { name: 'Lưu', exact: true }).click();
  await p.getByText('Đã lưu số liệu').waitFor();
  await p.getByRole('button', { name: 'Kí duyệt', exact: true }).click();
  await p.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
  await axe(p, 'the dialog of signing');
  await p.getByRole('dialog').getByRole('button', { name: 'Kí duyệt', exact: true }).click();
  await p.getByRole('button', { name: 'Mở lại' }).waitFor();
  assert.equal(await p.locator('input.figure').count(), 0);
  await shot(p, 'facilities-signed');
  await p.getByRole('button', { name: 'Mở lại' }).click();
  await p.getByLabel('Lí do mở lại').fill('Đếm thiếu phòng học mới');
  await p.getByRole('dialog').getByRole('button', { name: 'Mở lại' }).click();
  await p.locator('input.figure').first().waitFor();
  p.assertClean();
  await p.context().close();
});

test('the province sees totals and who is missing', async () => {
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'province_admin');
  await p.goto(`${base}/office/facilities`);
  await p.getByRole('progressbar').waitFor();
  await axe(p, 'totals of facilities');
  await shot(p, 'facilities-totals');
  await p.locator('.table.figures a.row-link').first().click();
  await p.waitForURL(/\/office\/facilities\/[0-9a-f-]+\/\d{4}/);
  await p.goto(`${base}/office/finance`);
  await p.getByRole('link', { name: 'Danh mục khoản mục' }).click();
  await p.getByRole('heading', { name: 'Danh mục khoản mục tài chính' }).waitFor();
  await axe(p, 'the catalogue of budget lines');
  p.assertClean();
  await p.context().close();
});

test('an item is entered at the desk and marked on a phone', async () => {
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'principal');
  await p.goto(`${base}/office/equipment`);
  await p.getByRole('button', { name: 'Thêm thiết bị' }).click();
  await p.getByLabel('Tên *').fill('Máy chiếu phòng họp');
  await p.getByLabel('Nơi để *').fill('Phòng họp');
  await axe(p, 'adding equipment');
  await p.getByRole('dialog').getByRole('button', { name: 'Thêm thiết bị' }).click();
  const link = p.getByRole('link', { name: 'Máy chiếu phòng họp' }).first();
  const href = await link.getAttribute('href');
  await shot(p, 'equipment');
  await axe(p, 'the inventory');
  p.assertClean();
  await p.context().close();

  const q = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await signIn(q, 'principal');
  await q.goto(`${base}${href}`);
  await q.getByRole('button', { name: 'Hỏng' }).click();
  await q.getByText(/Đã ghi: Hỏng/).waitFor();
  await fits(q, 'an item on a phone');
  await axe(q, 'an item on a phone');
  await shot(q, 'equipment-phone');
  q.assertClean();
  await q.context().close();
});

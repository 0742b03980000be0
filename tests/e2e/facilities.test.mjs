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
  // Zeros are offered only where something is empty, and go no further than that.
  const zeros = p.getByRole('button', { name: 'Điền 0 vào ô trống' });
  await p.getByText('Đã nhập đủ').waitFor();
  assert.equal(await zeros.count(), 0);
  const third = p.locator('input.figure').nth(2);
  await third.fill('');
  await p.getByText('Còn 1 ô chưa nhập').waitFor();
  await zeros.click();
  await p.getByText('Đã nhập đủ').waitFor();
  assert.deepEqual([await first.inputValue(), await third.inputValue()], ['18', '0']);
  assert.equal(await zeros.count(), 0);
  await p.getByRole('button', { name: 'Lưu', exact: true }).click();
  await p.getByText('Đã lưu số liệu').waitFor();
  await p.getByRole('button', { name: 'Ký duyệt', exact: true }).click();
  await p.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
  await axe(p, 'the dialog of signing');
  await p.getByRole('dialog').getByRole('button', { name: 'Ký duyệt', exact: true }).click();
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

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('photos of the school get captions and an order, with buttons, by dragging, with a way back', async () => {
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'principal');
  await p.goto(`${base}/office`);
  await p.getByRole('link', { name: /Cơ sở vật chất/ }).click();
  const panel = p.locator('section.panel').filter({ has: p.getByRole('heading', { name: 'Ảnh hiện trạng' }) });
  const dialog = p.getByRole('dialog');
  for (const caption of ['Cổng trường', 'Sân sau', 'Bể nước']) {
    await panel.getByRole('button', { name: 'Thêm ảnh' }).click();
    await dialog.locator('#photo-file').setInputFiles({ name: 'anh.png', mimeType: 'image/png', buffer: png });
    await dialog.locator('#photo-caption').fill(caption);
    await dialog.getByRole('button', { name: 'Thêm ảnh' }).click();
    await panel.locator('li').filter({ hasText: caption }).locator('img').waitFor();
  }
  const stand = async (captions) => {
    await p.waitForFunction((captions) => [...document.querySelectorAll('.photos li > b')].map((b) => b.textContent).join() === captions, captions.join());
  };
  const kept = () => p.waitForResponse((answer) => answer.url().endsWith('/facility-photo-order') && answer.ok());
  await stand(['Bể nước', 'Sân sau', 'Cổng trường']);
  const sooner = panel.getByRole('button', { name: 'Đưa lên trước: Cổng trường' });
  await sooner.focus();
  let sent = kept();
  await p.keyboard.press('Enter');
  await stand(['Bể nước', 'Cổng trường', 'Sân sau']);
  await sent;
  // The keyboard stays with the photo.
  await p.waitForFunction(() => document.activeElement.getAttribute('aria-label') === 'Đưa lên trước: Cổng trường');
  sent = kept();
  await p.keyboard.press('Enter');
  await stand(['Cổng trường', 'Bể nước', 'Sân sau']);
  await sent;
  assert.equal(await sooner.getAttribute('aria-disabled'), 'true');
  await axe(p, 'photos of facilities');
  sent = kept();
  await p.locator('.toast').getByRole('button', { name: 'Hoàn tác' }).last().click();
  await stand(['Bể nước', 'Cổng trường', 'Sân sau']);
  await sent;
  sent = kept();
  await panel.locator('li').nth(2).locator('.picture').dragTo(panel.locator('li').nth(0).locator('.picture'));
  await stand(['Sân sau', 'Bể nước', 'Cổng trường']);
  await sent;
  await panel.locator('li').filter({ hasText: 'Bể nước' }).getByRole('button', { name: 'Sửa chú thích' }).click();
  await dialog.locator('#photo-new-caption').fill('Bể nước mưa');
  await dialog.locator('#photo-new-topic').selectOption('water');
  await axe(p, 'the caption of a photo');
  await dialog.getByRole('button', { name: 'Lưu' }).click();
  await panel.getByText('Bể nước mưa').waitFor();
  await p.reload();
  await stand(['Sân sau', 'Bể nước mưa', 'Cổng trường']);
  await shot(p, 'facility-photos');
  await p.setViewportSize(phone);
  await fits(p, 'photos on a phone');
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

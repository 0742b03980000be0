// What anybody may open: the public page of a school, on a phone first, and the field that takes a file, by keyboard and by hand.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
let school;
let silent;
before(async () => {
  browser = await open();
  const me = await (await api('principal')).get('/me');
  school = me.roles.find((one) => one.unit_id);
  // The demo gives news to the schools that people sign in to; the one that children come from has none.
  const { items } = await (await api('province_admin')).get('/units?kind=school&limit=200');
  for (const unit of items) {
    const { items: news } = await (await fetch(`${base}/api/v1/public/schools/${unit.id}/publications`)).json();
    if (!news.length) silent = unit;
  }
});
after(async () => { await browser?.close(); });

// A picture of one point that a browser draws.
const photo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('a school publishes, anybody reads it, and what is taken down is gone', async () => {
  const reader = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await reader.goto(`${base}/schools/${silent.id}`);
  await reader.getByRole('heading', { level: 1, name: silent.name }).waitFor();
  await reader.getByText('Nhà trường chưa đăng tin nào').waitFor();
  await axe(reader, 'an empty public page');
  await fits(reader, 'an empty public page');
  await shot(reader, 'public-empty-phone');

  await reader.goto(`${base}/schools/${school.unit_id}`);
  await reader.getByRole('heading', { level: 1, name: school.unit_name }).waitFor();
  await reader.getByRole('article').nth(2).waitFor();
  await axe(reader, 'the news of the demo');
  await fits(reader, 'the news of the demo');

  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'principal');
  await p.goto(`${base}/office/publications`);
  await p.getByRole('button', { name: 'Đăng tin' }).click();
  const dialog = p.locator('dialog[open]');
  await dialog.locator('#publication-title').fill('Lễ khai giảng năm học mới');
  await dialog.locator('#publication-body').fill('Sáng 5/9, thầy và trò dự lễ khai giảng.\nPhụ huynh được mời dự.');
  await dialog.locator('#publication-photo').setInputFiles({ name: 'khai-giang.png', mimeType: 'image/png', buffer: photo });
  await dialog.getByText('Không nhận ra học sinh nào trong ảnh').click();
  await dialog.getByRole('button', { name: 'Đăng tin' }).click();
  await p.getByText('Lễ khai giảng năm học mới').waitFor();
  await axe(p, 'publications');
  await shot(p, 'publications');
  const [seen] = await Promise.all([p.context().waitForEvent('page'), p.getByRole('link', { name: 'Xem trang công khai' }).click()]);
  await seen.getByRole('heading', { name: 'Lễ khai giảng năm học mới' }).waitFor();
  await seen.close();

  await reader.reload();
  await reader.getByRole('heading', { name: 'Lễ khai giảng năm học mới' }).waitFor();
  await reader.waitForFunction(() => document.querySelector('article img')?.naturalWidth > 0);
  await axe(reader, 'a public page');
  await fits(reader, 'a public page');
  await shot(reader, 'public-phone');
  await reader.setViewportSize(desktop);
  await reader.getByRole('button', { name: 'English' }).click();
  await reader.getByText('Photos and names of learners are published only with', { exact: false }).waitFor();
  await axe(reader, 'a public page in English');
  await shot(reader, 'public-pc');

  const line = p.getByRole('listitem').filter({ hasText: 'Lễ khai giảng năm học mới' });
  const heading = reader.getByRole('heading', { name: 'Lễ khai giảng năm học mới' });
  await line.getByRole('button', { name: 'Gỡ xuống' }).click();
  await p.getByText('Đã gỡ khỏi trang công khai').waitFor();
  await reader.reload();
  await reader.getByRole('article').first().waitFor();
  assert.equal(await heading.count(), 0);
  // Taken back from the toast it is there again; and what is down is put back from its line.
  await p.getByRole('button', { name: 'Hoàn tác' }).last().click();
  await line.getByText('Đang công khai').waitFor();
  await reader.reload();
  await heading.waitFor();
  await line.getByRole('button', { name: 'Gỡ xuống' }).click();
  await line.getByRole('button', { name: 'Đăng lại' }).click();
  await line.getByText('Đang công khai').waitFor();
  p.assertClean();
  reader.assertClean();
  await p.context().close();
  await reader.context().close();
});

test('an address that is no school says so', async () => {
  const p = await page(browser, { viewport: phone });
  p.expectErrors(/404/);
  for (const path of ['/schools/khong-co', '/schools/01940000-0000-7000-8000-000000000000']) {
    await p.goto(base + path);
    await p.getByText('Không có trường nào ở địa chỉ này').waitFor();
  }
  await axe(p, 'no such school');
  await fits(p, 'no such school');
  p.assertClean();
  await p.context().close();
});

test('a file is chosen with the keyboard or dropped, and one is told when it hangs over the field', async () => {
  const p = await page(browser, { viewport: desktop });
  await p.goto(`${base}/check`);
  const field = p.getByLabel('Kéo tệp XML hoặc PDF vào đây, hoặc chọn tệp');
  await field.focus();
  const file = { name: 'hoc-ba.xml', mimeType: 'application/xml', buffer: Buffer.from('<khong/>') };
  const [chooser] = await Promise.all([p.waitForEvent('filechooser'), p.keyboard.press('Space')]);
  await chooser.setFiles(file);
  await p.getByText('Không công nhận được học bạ này').waitFor();
  // Chosen again after it was corrected: the field is empty, so that the same name counts.
  assert.equal(await field.inputValue(), '');

  const zone = p.locator('label.drop');
  const dragged = await p.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['<khong/>'], 'hoc-ba.xml', { type: 'application/xml' }));
    return data;
  });
  await zone.dispatchEvent('dragover', { dataTransfer: dragged });
  await p.locator('label.drop.over').waitFor();
  await axe(p, 'a file over the field');
  await zone.dispatchEvent('dragleave', { dataTransfer: dragged });
  await p.locator('label.drop:not(.over)').waitFor();
  await zone.dispatchEvent('drop', { dataTransfer: dragged });
  await p.getByText('Không công nhận được học bạ này').waitFor();
  // Beside the field it is not opened in place of the page.
  const opened = await p.evaluate((data) => document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })), dragged);
  assert.equal(opened, false);
  p.assertClean();
  await p.context().close();
});

// The year that ends: a school is looked at, one child is put elsewhere, it is rolled over, and that is undone. A paper year of a child
// who came from elsewhere.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

async function school() {
  const principal = await api('principal');
  return { principal, id: (await principal.get('/me')).roles.find((one) => one.unit_id).unit_id };
}

// How many are in the classes of the year to come.
async function inNextYear(principal) {
  const { items } = await principal.get('/school-years');
  const next = items.map((year) => year.code).sort().at(-1);
  const id = items.find((year) => year.code === next).id;
  return (await principal.get(`/classes?school_year_id=${id}&limit=100`)).items;
}

test('a school rolls its year over, with one child elsewhere, and takes it back', async () => {
  const { principal, id } = await school();
  const { classes, next_year: next } = await principal.get(`/units/${id}/rollover`);
  const ready = classes.find((one) => one.state === 'ready');
  assert.ok(ready, JSON.stringify(classes.map((one) => one.state)));
  const before = (await inNextYear(principal)).length;

  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'principal');
  await p.goto(`${base}/office/rollover`);
  const row = p.locator('tbody tr').filter({ has: p.getByRole('rowheader', { name: ready.name, exact: true }) });
  await row.waitFor();
  await p.getByRole('heading', { name: new RegExp(next) }).first().waitFor();
  await axe(p, 'a rollover');
  await shot(p, 'rollover');

  // One child goes into a class of its own.
  await row.getByRole('button').click();
  const place = p.locator('section.panel[aria-label="Từng học sinh"] input').first();
  const other = `${parseInt(await place.inputValue(), 10)}A9`;
  await place.fill(other);
  await p.getByRole('button', { name: 'Lưu chỗ của các em' }).click();
  await p.getByText('Đã lưu phương án kết chuyển').waitFor();
  await p.getByText(other, { exact: false }).first().waitFor();
  const edits = (await principal.get(`/units/${id}/rollover`)).edits.learners;
  assert.deepEqual(edits.map((edit) => edit.class_name), [other]);

  await p.getByRole('button', { name: 'Kết chuyển', exact: true }).click();
  const dialog = p.getByRole('dialog');
  await axe(p, 'the dialog of a rollover');
  await dialog.getByRole('button', { name: 'Kết chuyển', exact: true }).click();
  await p.getByRole('heading', { name: 'Đã xong' }).waitFor({ timeout: 30_000 });
  await p.getByText(/1 trên 1 trường/).waitFor();
  await shot(p, 'rollover-done');
  const opened = (await inNextYear(principal)).map((one) => one.name);
  assert.ok(opened.length > before && opened.includes(other), opened.join(' '));

  await p.getByRole('button', { name: 'Hoàn tác', exact: true }).click();
  await dialog.getByRole('button', { name: 'Hoàn tác', exact: true }).click();
  await p.getByRole('heading', { name: 'Hoàn tác', exact: true }).waitFor({ timeout: 30_000 });
  assert.equal((await inNextYear(principal)).length, before);
  p.assertClean();
  await p.context().close();
});

test('a rollover on a phone in the dark', async () => {
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await signIn(p, 'principal');
  await p.goto(`${base}/office/rollover`);
  await p.locator('tbody tr').first().waitFor();
  await fits(p, 'a rollover on a phone');
  await axe(p, 'a rollover on a phone');
  await shot(p, 'rollover-phone-dark');
  p.assertClean();
  await p.context().close();
});

test('a paper year of a former school is typed, corrected and removed', async () => {
  const homeroom = await api('homeroom_teacher');
  const me = (await homeroom.get('/me')).person.id;
  const room = (await homeroom.get('/classes')).items.find((one) => one.homeroom?.id === me);
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'homeroom_teacher');
  await p.goto(`${base}/papers/classes/${room.id}/former`);
  await p.getByText('Chưa có năm học nào từ trường cũ').waitFor();
  await axe(p, 'no former years');
  // Nobody is chosen yet: it is said, and nothing opens.
  await p.getByRole('button', { name: 'Nhập từ học bạ giấy' }).click();
  await p.getByText('Hãy chọn học sinh trước').waitFor();
  await p.getByLabel('Học sinh', { exact: true }).selectOption({ index: 2 });
  await p.getByRole('button', { name: 'Nhập từ học bạ giấy' }).click();
  const dialog = p.getByRole('dialog');
  await dialog.getByLabel('Trường cũ').fill('Trường Tiểu học Phú Khuê');
  await dialog.getByLabel('Căn cứ').fill('Học bạ giấy, trang 9');
  await dialog.getByLabel(/^Toán, .*(Cả năm|cả năm)/).fill('8');
  await dialog.getByLabel('Rèn luyện / hạnh kiểm cả năm').fill('Tốt');
  await axe(p, 'a paper year');
  await shot(p, 'former-paper');
  await dialog.getByRole('button', { name: 'Lưu', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const year = p.locator('.former-years');
  await year.getByText('Trường Tiểu học Phú Khuê').first().waitFor();
  await year.locator('summary').click();
  await year.getByText('Từ học bạ giấy').waitFor();
  await axe(p, 'a former year');
  await shot(p, 'former-years');

  await year.getByRole('button', { name: 'Sửa' }).first().click();
  assert.equal(await dialog.getByLabel('Căn cứ').inputValue(), 'Học bạ giấy, trang 9');
  await dialog.getByLabel('Trường cũ').fill('Trường Tiểu học Phú Khuê 2');
  await dialog.getByRole('button', { name: 'Lưu', exact: true }).click();
  await year.getByText(/Trường Tiểu học Phú Khuê 2/).first().waitFor();

  await p.setViewportSize(phone);
  await p.emulateMedia({ colorScheme: 'dark' });
  await p.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
  await fits(p, 'former years on a phone');
  await axe(p, 'former years on a phone');
  await shot(p, 'former-years-phone-dark');
  await year.locator('details').evaluate((one) => { one.open = true; });
  await year.getByRole('button', { name: 'Bỏ', exact: true }).click();
  await dialog.getByRole('button', { name: 'Bỏ', exact: true }).click();
  await p.getByText('Chưa có năm học nào từ trường cũ').waitFor();
  p.assertClean();
  await p.context().close();
});

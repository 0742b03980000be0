// The tree beside the pages, filters in the address and kept with the account, export of what is shown, keys.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { api, axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

const tree = (p) => p.getByRole('tree', { name: 'Cây trường, lớp' });
const item = (p, name) => tree(p).getByRole('treeitem', { name });
// The line that the keyboard is on.
const active = (p) => tree(p).evaluate((t) => document.getElementById(t.getAttribute('aria-activedescendant'))?.querySelector('span').textContent);

test('the tree is walked with the keyboard and takes a page of a class to another class', async () => {
  const p = await page(browser, { viewport: desktop });
  const principal = await api('principal');
  const { items: classes } = await principal.get('/classes?limit=200');
  // Two of one grade; other tests open classes that are alone in theirs.
  const beside = (one) => classes.find((c) => c.school_id === one.school_id && c.grade === one.grade && c.id !== one.id);
  const from = classes.find(beside);
  const to = beside(from);
  await signIn(p, 'principal');
  await p.goto(`${base}/classes/${from.id}/registers`);
  await p.locator('main h1').waitFor();
  // Beside the mark sheets it stands once it is asked for, and is remembered.
  await p.locator('.side').getByRole('button', { name: 'Cây trường, lớp' }).click();
  await item(p, from.name).and(p.locator('[aria-current]')).waitFor();
  await axe(p, 'a page with the tree');
  await shot(p, 'tree');
  await tree(p).focus();
  await p.keyboard.press('Home');
  await p.keyboard.press('ArrowRight');
  assert.match(await active(p), /Lớp \d+|Khối \d+|Grade|Nhà trẻ|Mẫu giáo|[A-Z]/);
  await p.keyboard.press('End');
  const last = await active(p);
  await p.keyboard.press('Home');
  assert.notEqual(await active(p), last);
  // A class by the first letters of its name, without marks.
  await tree(p).pressSequentially(to.name.toLowerCase(), { delay: 20 });
  assert.equal(await active(p), to.name);
  await p.keyboard.press('Enter');
  await p.waitForURL(`**/classes/${to.id}/registers`);
  await item(p, to.name).and(p.locator('[aria-current]')).waitFor();
  // A branch is closed from its child, and stays closed after a reload.
  await tree(p).focus();
  await p.keyboard.press('ArrowLeft');
  await p.keyboard.press('ArrowLeft');
  await item(p, to.name).waitFor({ state: 'detached' });
  await p.goto(`${base}/learners`);
  await tree(p).getByRole('treeitem').first().waitFor();
  await item(p, to.name).waitFor({ state: 'detached' });
  // By typing.
  await p.getByLabel('Tìm trường, khối, lớp').fill(to.name.toLowerCase());
  await item(p, to.name).click();
  await p.waitForURL(`**/classes/${to.id}`);
  p.assertClean();
  await p.context().close();
});

test('an officer opens branch by branch and a school becomes the school of the list', async () => {
  const p = await page(browser, { viewport: desktop });
  const officer = await api('province_admin');
  const { items: schools } = await officer.get('/units?kind=school');
  const detail = await officer.get(`/units/${schools[0].id}`);
  await signIn(p, 'province_admin');
  await p.goto(`${base}/office/staff`);
  await tree(p).getByRole('treeitem').first().waitFor();
  const root = (await officer.get('/units')).items[0];
  for (const above of detail.ancestors.slice(detail.ancestors.findIndex((a) => a.id === root.id))) {
    const line = item(p, above.name).first();
    await line.waitFor();
    if (await line.getAttribute('aria-expanded') === 'false') await line.locator('.twist').click();
  }
  await item(p, schools[0].name).click();
  await p.waitForURL((url) => url.searchParams.get('school') === schools[0].id);
  await item(p, schools[0].name).and(p.locator('[aria-current]')).waitFor();
  await tree(p).locator('[aria-level="4"], [aria-level="3"]').first().waitFor();
  await axe(p, 'the tree of an officer');
  await shot(p, 'tree-officer');
  // The address is enough: the same school after a reload, with its name in the field.
  await p.reload();
  await p.waitForFunction((name) => [...document.querySelectorAll('main input')].some((input) => input.value === name), schools[0].name);
  p.assertClean();
  await p.context().close();
});

test('on a phone the tree is behind a button', async () => {
  const p = await page(browser, { viewport: phone });
  await signIn(p, 'principal');
  await p.goto(`${base}/office/staff`);
  await p.locator('tbody tr').first().waitFor();
  await p.locator('.phone-top').getByRole('button', { name: 'Cây trường, lớp' }).click();
  await tree(p).getByRole('treeitem').first().waitFor();
  await axe(p, 'the tree on a phone');
  await fits(p, 'the tree on a phone');
  await shot(p, 'tree-phone');
  await p.keyboard.press('Escape');
  await tree(p).waitFor({ state: 'detached' });
  p.assertClean();
  await p.context().close();
});

test('filters live in the address, are kept with the account, renamed, removed and put back', async () => {
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'principal');
  await p.goto(`${base}/office/staff`);
  await p.locator('tbody tr').first().waitFor();
  await p.getByLabel('Vị trí').selectOption('teacher');
  await p.waitForURL('**/office/staff?position=teacher');
  const saved = p.getByRole('button', { name: 'Bộ lọc đã lưu' });
  const dialog = p.getByRole('dialog');
  await saved.click();
  await dialog.getByLabel(/Lưu điều kiện lọc/).fill('Chỉ giáo viên');
  await dialog.getByRole('button', { name: 'Lưu bộ lọc' }).click();
  await dialog.getByRole('button', { name: 'Chỉ giáo viên' }).waitFor();
  await axe(p, 'saved filters');
  await p.keyboard.press('Escape');
  await p.getByRole('button', { name: 'Bỏ lọc' }).click();
  await p.waitForURL('**/office/staff');
  assert.equal(await p.getByLabel('Vị trí').inputValue(), '');
  // Another PC, the same person.
  const other = await page(browser, { viewport: desktop });
  await signIn(other, 'principal');
  await other.goto(`${base}/office/staff`);
  await other.getByRole('button', { name: 'Bộ lọc đã lưu' }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Chỉ giáo viên' }).click();
  await other.waitForURL('**/office/staff?position=teacher');
  assert.equal(await other.getByLabel('Vị trí').inputValue(), 'teacher');
  other.assertClean();
  await other.context().close();
  await saved.click();
  await dialog.getByRole('button', { name: 'Đổi tên' }).click();
  await dialog.getByLabel('Tên mới').fill('Giáo viên');
  await dialog.getByRole('button', { name: 'Lưu', exact: true }).click();
  await dialog.getByRole('button', { name: 'Giáo viên', exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Xoá' }).click();
  await dialog.getByText('Chưa lưu bộ lọc nào').waitFor();
  await p.keyboard.press('Escape');
  await p.locator('.toast').getByRole('button', { name: 'Hoàn tác' }).last().click();
  await saved.click();
  await dialog.getByRole('button', { name: 'Giáo viên', exact: true }).waitFor();
  p.assertClean();
  await p.context().close();
});

// The parts of a ZIP without compression.
function parts(bytes) {
  const found = {};
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
    const [size, name, extra] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26), bytes.readUInt16LE(at + 28)];
    const start = at + 30 + name + extra;
    found[bytes.toString('utf8', at + 30, at + 30 + name)] = bytes.toString('utf8', start, start + size);
    at = start + size;
  }
  return found;
}

test('the export has every row and column under the filter, not only the page that is loaded', async () => {
  const p = await page(browser, { viewport: desktop });
  const principal = await api('principal');
  let [all, next] = [[], ''];
  do {
    const answer = await principal.get(`/staff?position=teacher&limit=200${next}`);
    all = all.concat(answer.items);
    next = answer.next ? `&after=${answer.next}` : '';
  } while (next);
  await signIn(p, 'principal');
  await p.goto(`${base}/office/staff?position=teacher`);
  await p.locator('tbody tr').first().waitFor();
  const shown = await p.locator('tbody tr').count();
  const download = p.waitForEvent('download');
  await p.getByRole('button', { name: 'Xuất Excel' }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^nhan-su-\d{4}-\d\d-\d\d\.xlsx$/);
  const sheet = parts(readFileSync(await file.path()))['xl/worksheets/sheet1.xml'];
  const rows = sheet.match(/<row /g).length - 1;
  assert.equal(rows, all.length);
  assert.ok(rows >= shown);
  for (const head of ['Họ và tên', 'Vị trí, nơi làm việc', 'Từ', 'Điện thoại']) assert.ok(sheet.includes(`>${head}<`), head);
  for (const one of all) assert.ok(sheet.includes(`>${one.full_name}<`), one.full_name);
  // Days are days.
  assert.match(sheet, /<c r="C2" s="2"><v>\d{5}<\/v>/);
  p.assertClean();
  await p.context().close();
});

test('keys: the search, the rows, the tree, and what there is', async () => {
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'principal');
  await p.goto(`${base}/office/staff`);
  await p.locator('tbody tr').first().waitFor();
  await p.keyboard.press('/');
  assert.equal(await p.evaluate(() => document.activeElement.type), 'search');
  await p.keyboard.type('j');
  assert.equal(await p.evaluate(() => document.activeElement.value), 'j');
  await p.keyboard.press('Backspace');
  await p.evaluate(() => document.activeElement.blur());
  const focused = () => p.evaluate(() => [...document.querySelectorAll('tbody tr')].findIndex((row) => row.contains(document.activeElement)));
  await p.keyboard.press('j');
  assert.equal(await focused(), 0);
  await p.keyboard.press('ArrowDown');
  assert.equal(await focused(), 1);
  await p.keyboard.press('k');
  assert.equal(await focused(), 0);
  await p.keyboard.press('t');
  await p.waitForFunction(() => document.activeElement.getAttribute('role') === 'tree');
  await p.evaluate(() => document.activeElement.blur());
  await p.keyboard.press('?');
  await p.getByRole('dialog').getByText('Phím tắt').first().waitFor();
  await axe(p, 'keys');
  await shot(p, 'keys');
  p.assertClean();
  await p.context().close();
});

test('keys of one letter are switched off for an account, and on again', async () => {
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'principal');
  await p.locator('main h1').first().waitFor();
  const choose = async (on) => {
    await p.goto(`${base}/account`);
    await p.getByLabel('Dùng phím tắt một chữ', { exact: false }).setChecked(on);
  };
  const list = async () => {
    await p.goto(`${base}/office/staff`);
    await p.locator('tbody tr').first().waitFor();
  };
  const help = p.getByRole('heading', { name: 'Phím tắt', exact: true });
  await choose(false);
  await axe(p, 'the account');
  await list();
  const before = await p.evaluate(() => document.activeElement.outerHTML.slice(0, 80));
  for (const key of ['j', '/', 't', '?']) await p.keyboard.press(key);
  assert.equal(await p.evaluate(() => document.activeElement.outerHTML.slice(0, 80)), before);
  assert.equal(await help.count(), 0);
  // With a second key it stays a command.
  await p.keyboard.press('Control+k');
  await p.getByRole('dialog').waitFor();
  await p.keyboard.press('Escape');
  await choose(true);
  await list();
  await p.keyboard.press('?');
  await help.waitFor();
  p.assertClean();
  await p.context().close();
});

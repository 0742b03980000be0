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
  // By typing; a list that has a filter by class is narrowed to it.
  await p.getByLabel('Tìm trường, khối, lớp').fill(to.name.toLowerCase());
  await item(p, to.name).click();
  await p.waitForURL(`**/learners?class=${to.id}`);
  await item(p, to.name).and(p.locator('[aria-current]')).waitFor();
  await p.locator('tbody').getByRole('link', { name: to.name, exact: true }).first().click();
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

// The sheet of the export of what is shown now: how many rows, and its text.
async function exported(p, name) {
  const download = p.waitForEvent('download');
  await p.getByRole('button', { name: 'Xuất Excel' }).first().click();
  const file = await download;
  assert.match(file.suggestedFilename(), new RegExp(`^${name}-\\d{4}-\\d\\d-\\d\\d\\.xlsx$`));
  const sheet = parts(readFileSync(await file.path()))['xl/worksheets/sheet1.xml'];
  return { sheet, rows: sheet.match(/<row /g).length - 1 };
}

// All items of a list of the API.
async function all(caller, path) {
  const [items, query] = [[], path.includes('?') ? '&' : '?'];
  let next = '';
  do {
    const answer = await caller.get(`${path}${query}limit=200${next}`);
    items.push(...answer.items);
    next = answer.next ? `&after=${encodeURIComponent(answer.next)}` : '';
  } while (next);
  return items;
}

test('the export has every row and column under the filter, not only the page that is loaded', async () => {
  const p = await page(browser, { viewport: desktop });
  const teachers = await all(await api('principal'), '/staff?position=teacher');
  await signIn(p, 'principal');
  await p.goto(`${base}/office/staff?position=teacher`);
  await p.locator('tbody tr').first().waitFor();
  const shown = await p.locator('tbody tr').count();
  const { sheet, rows } = await exported(p, 'nhan-su');
  assert.equal(rows, teachers.length);
  assert.ok(rows >= shown);
  for (const head of ['Họ và tên', 'Vị trí, nơi làm việc', 'Từ', 'Điện thoại']) assert.ok(sheet.includes(`>${head}<`), head);
  for (const one of teachers) assert.ok(sheet.includes(`>${one.full_name}<`), one.full_name);
  // Days are days.
  assert.match(sheet, /<c r="C2" s="2"><v>\d{5}<\/v>/);
  p.assertClean();
  await p.context().close();
});

test('learners: a class of the tree, a kept filter, every row of it in the export', async () => {
  const p = await page(browser, { viewport: desktop });
  const principal = await api('principal');
  const [room] = (await all(principal, '/classes')).filter((one) => one.learners > 0);
  const learners = await all(principal, `/learners?class_id=${room.id}`);
  await signIn(p, 'principal');
  await p.goto(`${base}/learners`);
  await p.locator('tbody tr').first().waitFor();
  // It stands without being asked for.
  await p.getByLabel('Tìm trường, khối, lớp').fill(room.name);
  await item(p, room.name).click();
  await p.waitForURL(`**/learners?class=${room.id}`);
  assert.equal(await p.locator('main').getByLabel('Lớp', { exact: true }).inputValue(), room.id);
  await p.waitForFunction((name) => [...document.querySelectorAll('tbody td:nth-child(2)')].every((cell) => cell.textContent === name), room.name);
  const { sheet, rows } = await exported(p, 'hoc-sinh');
  assert.equal(rows, learners.length);
  for (const one of learners) assert.ok(sheet.includes(`>${one.full_name}<`), one.full_name);
  for (const head of ['Họ và tên', 'Lớp', 'Ngày sinh', 'Trường', 'Trạng thái']) assert.ok(sheet.includes(`>${head}<`), head);
  await axe(p, 'learners with the tree');
  await shot(p, 'list-learners');
  await p.getByRole('button', { name: 'Bộ lọc đã lưu' }).click();
  const dialog = p.getByRole('dialog');
  await dialog.getByLabel(/Lưu điều kiện lọc/).fill('Lớp của tôi');
  await dialog.getByRole('button', { name: 'Lưu bộ lọc' }).click();
  await dialog.getByRole('button', { name: 'Lớp của tôi' }).waitFor();
  await p.keyboard.press('Escape');
  await p.getByRole('button', { name: 'Bỏ lọc' }).click();
  await p.waitForURL('**/learners');
  await p.getByRole('button', { name: 'Bộ lọc đã lưu' }).click();
  await dialog.getByRole('button', { name: 'Lớp của tôi' }).click();
  await p.waitForURL(`**/learners?class=${room.id}`);
  p.assertClean();
  await p.context().close();
});

test('learners: a grade of the tree narrows the list, opens by its arrow and by the keyboard, and the export follows', async () => {
  const p = await page(browser, { viewport: desktop });
  const principal = await api('principal');
  await signIn(p, 'principal');
  await p.goto(`${base}/learners`);
  await p.locator('tbody tr').first().waitFor();
  const line = tree(p).locator('[aria-level="2"]').first();
  await line.waitFor();
  // The arrow unfolds and folds, and leaves the list as it is.
  const open = await line.getAttribute('aria-expanded');
  await line.locator('.twist').click();
  assert.notEqual(await line.getAttribute('aria-expanded'), open);
  assert.equal(new URL(p.url()).search, '');
  await line.locator('span').click();
  await p.waitForURL(/\/learners\?grade=[^&]+$/);
  const grade = new URL(p.url()).searchParams.get('grade');
  const learners = await all(principal, `/learners?grade=${grade}`);
  const rooms = await all(principal, `/classes?grade=${grade}`);
  const names = rooms.map((one) => one.name);
  await p.waitForFunction((names) => {
    const cells = [...document.querySelectorAll('tbody td:nth-child(2)')];
    return cells.length > 0 && cells.every((cell) => names.includes(cell.textContent));
  }, names);
  await tree(p).locator('[aria-level="2"][aria-current]').waitFor();
  assert.equal(await line.getAttribute('aria-expanded'), 'true');
  const main = p.locator('main');
  assert.equal(await main.getByLabel('Khối', { exact: true }).inputValue(), grade);
  assert.equal(await main.getByLabel('Lớp', { exact: true }).locator('option').count(), rooms.length + 1);
  const { sheet, rows } = await exported(p, 'hoc-sinh');
  assert.equal(rows, learners.length);
  for (const one of learners) assert.ok(sheet.includes(`>${one.full_name}<`), one.full_name);
  await axe(p, 'learners of a grade');
  await shot(p, 'list-learners-grade');
  // Kept, and chosen again.
  const saved = p.getByRole('button', { name: 'Bộ lọc đã lưu' });
  const dialog = p.getByRole('dialog');
  await saved.click();
  await dialog.getByLabel(/Lưu điều kiện lọc/).fill('Khối của tôi');
  await dialog.getByRole('button', { name: 'Lưu bộ lọc' }).click();
  await dialog.getByRole('button', { name: 'Khối của tôi' }).waitFor();
  await p.keyboard.press('Escape');
  // A class takes the place of its grade, the school that of both.
  await item(p, rooms[0].name).click();
  await p.waitForURL(`**/learners?class=${rooms[0].id}`);
  await tree(p).locator('[aria-level="1"] span').first().click();
  await p.waitForURL('**/learners');
  await saved.click();
  await dialog.getByRole('button', { name: 'Khối của tôi' }).click();
  await p.waitForURL(`**/learners?grade=${grade}`);
  await p.getByRole('button', { name: 'Bỏ lọc' }).click();
  await p.waitForURL('**/learners');
  // By the keyboard: the arrows fold and unfold, Enter narrows the list.
  await tree(p).focus();
  await p.keyboard.press('Home');
  await p.keyboard.press('ArrowDown');
  await p.keyboard.press('ArrowLeft');
  assert.equal(await line.getAttribute('aria-expanded'), 'false');
  await p.keyboard.press('ArrowRight');
  assert.equal(await line.getAttribute('aria-expanded'), 'true');
  assert.equal(new URL(p.url()).search, '');
  await p.keyboard.press('Enter');
  await p.waitForURL(`**/learners?grade=${grade}`);
  p.assertClean();
  await p.context().close();
});

test('classes: the tree stands beside them, a grade of it is their filter, the export has their columns', async () => {
  const p = await page(browser, { viewport: desktop });
  const principal = await api('principal');
  await signIn(p, 'principal');
  await p.goto(`${base}/classes`);
  await p.locator('.tile').first().waitFor();
  await tree(p).locator('[aria-level="2"]').first().click();
  await p.waitForURL(/\/classes\?grade=/);
  const grade = new URL(p.url()).searchParams.get('grade');
  const rooms = await all(principal, `/classes?grade=${grade}`);
  await p.waitForFunction((n) => document.querySelectorAll('.tile').length === n, rooms.length);
  const { sheet, rows } = await exported(p, 'lop-hoc');
  assert.equal(rows, rooms.length);
  for (const one of rooms) assert.ok(sheet.includes(`>${one.name}<`) && sheet.includes(`<v>${one.learners}</v>`), one.name);
  for (const head of ['Lớp', 'Khối', 'Học sinh', 'Chủ nhiệm', 'Năm học']) assert.ok(sheet.includes(`>${head}<`), head);
  await axe(p, 'classes with the tree');
  await shot(p, 'list-classes');
  // Of a class it is the way to the class, whose sheets have the width for themselves.
  await item(p, rooms[0].name).click();
  await p.waitForURL(`**/classes/${rooms[0].id}`);
  await tree(p).waitFor({ state: 'detached' });
  p.assertClean();
  await p.context().close();
});

test('staff and accounts: filters in the address, their own kept filters, the export', async () => {
  const p = await page(browser, { viewport: desktop });
  const clerk = await api('clerk');
  await signIn(p, 'clerk');
  await p.goto(`${base}/staff`);
  await p.locator('tbody tr').first().waitFor();
  await p.getByLabel('Vị trí').selectOption('principal');
  await p.waitForURL('**/staff?position=principal');
  const heads = await all(clerk, '/staff?position=principal');
  await p.waitForFunction((n) => document.querySelectorAll('tbody tr').length === n, heads.length);
  assert.equal((await exported(p, 'nhan-su')).rows, heads.length);
  await axe(p, 'the directory of staff');
  await p.locator('tbody').getByRole('link', { name: heads[0].full_name }).click();
  await p.waitForURL(`**/staff/${heads[0].id}`);
  await p.goBack();
  await p.waitForURL('**/staff?position=principal');
  assert.equal(await p.getByLabel('Vị trí').inputValue(), 'principal');
  // From another program, with what the address asks for, and one step back.
  await p.goto(`${base}/classes`);
  await p.locator('.tile').first().waitFor();
  await p.evaluate(() => document.querySelector('main').insertAdjacentHTML('beforeend', '<a id="over" href="/accounts?q=gv">gv</a>'));
  await p.locator('#over').click();
  await p.waitForURL('**/accounts?q=gv');
  await p.locator('tbody tr').first().waitFor();
  assert.equal(await p.getByLabel('Tìm tài khoản').inputValue(), 'gv');
  const accounts = await all(clerk, '/accounts?q=gv');
  const { sheet, rows } = await exported(p, 'tai-khoan');
  assert.equal(rows, accounts.length);
  for (const one of accounts) assert.ok(sheet.includes(`>${one.username}<`), one.username);
  await axe(p, 'accounts with the tree');
  await fits(p, 'accounts');
  await p.goBack();
  await p.waitForURL('**/classes');
  await p.locator('.tile').first().waitFor();
  // Without a line the pages stay, and say so.
  await p.context().setOffline(true);
  await p.locator('.side').getByRole('link', { name: 'Học sinh' }).click();
  await p.waitForURL('**/learners');
  await p.getByRole('button', { name: 'Thử lại' }).waitFor();
  await p.context().setOffline(false);
  await p.getByRole('button', { name: 'Thử lại' }).click();
  await p.locator('tbody tr').first().waitFor();
  p.assertClean();
  await p.context().close();
});

test('rooms: the plan and the list give the same workbook', async () => {
  const p = await page(browser, { viewport: desktop });
  const principal = await api('principal');
  const { school_id: school } = (await principal.get('/classes')).items[0];
  for (const [code, building, condition] of [['X101', 'Nhà X', 'good'], ['Y201', 'Nhà Y', 'repair']]) {
    await principal.post(`/units/${school}/rooms`, {
      code, name: `Phòng ${code}`, building, floor: Number(code[1]), kind: 'classroom', construction: 'permanent', condition, area_dm2: 5450, seats: 40, ended_on: '2020-06-01',
    });
  }
  const rooms = await all(principal, `/units/${school}/rooms?ended=true`);
  await signIn(p, 'principal');
  // Those that are no more in use: no count of a year has them.
  await p.goto(`${base}/office/rooms?use=ended`);
  await p.locator('.room-card').first().waitFor();
  const plan = await exported(p, 'phong');
  assert.equal(plan.rows, rooms.length);
  await p.getByRole('button', { name: 'Danh sách', exact: true }).click();
  await p.waitForURL('**/office/rooms?use=ended&look=list');
  await p.locator('tbody tr').first().waitFor();
  assert.equal((await exported(p, 'phong')).sheet, plan.sheet);
  p.assertClean();
  await p.context().close();
});

test('on a phone the lists fit, in the dark too', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const p = await page(browser, { viewport: phone, colorScheme });
    await signIn(p, 'clerk');
    for (const path of ['/learners', '/classes', '/staff', '/accounts']) {
      await p.goto(base + path);
      await p.locator('tbody tr, .tile').first().waitFor();
      await axe(p, `${path} on a phone`);
      await fits(p, `${path} on a phone`);
      await shot(p, `list${path.replace('/', '-')}-phone-${colorScheme}`);
    }
    p.assertClean();
    await p.context().close();
  }
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

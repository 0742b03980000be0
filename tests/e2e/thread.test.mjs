// The whole thread: a class list from Excel, a column of marks, the semester closed, the parent reads the result and why.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, axe, base, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

const fixture = new URL('../fixtures/class-lists/vnedu-8A2-clean.xlsx', import.meta.url).pathname;

test('a clerk imports a class list and takes it back', async () => {
  const p = await page(browser);
  await signIn(p, 'clerk');
  // The door of before leads to the one that there is.
  await p.goto(`${base}/imports`);
  await p.waitForURL(/\/office\/imports$/);
  await p.locator('#kind').selectOption('learners');
  await p.locator('input[type=file]').setInputFiles(fixture);
  await p.waitForURL(/\/office\/imports\/[0-9a-f-]{36}$/);
  // The dry run has a line for each of the 45 rows, and nothing is written yet.
  await p.locator('table tbody tr th.i').nth(44).waitFor();
  await axe(p, 'dry run');
  await shot(p, 'import-dry-run');
  await p.getByRole('button', { name: /^Ghi \d+ dòng/ }).click();
  await p.getByText(/Đã ghi lúc/).waitFor();
  const a = await api('clerk');
  const found = await a.get(`/learners?q=${encodeURIComponent('pham thuy ngan')}`);
  assert.ok(found.items.some((l) => l.full_name === 'Phạm Thùy Ngân' && l.class_name === '8A2'), JSON.stringify(found));
  await p.getByRole('button', { name: 'Hoàn tác lần nhập này' }).click();
  const sure = p.getByRole('dialog').getByRole('button', { name: /Hoàn tác/ });
  if (await sure.isVisible().catch(() => false)) await sure.click();
  await p.getByText(/Đã hoàn tác/).first().waitFor();
  const again = await a.get(`/learners?q=${encodeURIComponent('pham thuy ngan')}`);
  assert.ok(!again.items.some((l) => l.class_name === '8A2'), 'the undo left a learner behind');
  p.assertClean();
  await p.context().close();
});

test('a file that is no class list is refused with a reason', async () => {
  const p = await page(browser);
  p.expectErrors(/422|413|status of 4/);
  await signIn(p, 'clerk');
  await p.goto(`${base}/office/imports`);
  await p.locator('#kind').selectOption('learners');
  await p.locator('input[type=file]').setInputFiles({ name: 'anh.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('not a workbook') });
  await p.getByRole('alert').first().waitFor();
  assert.match(p.url(), /\/office\/imports$/);
  await p.context().close();
});

test('a principal makes a class, enrols learners by hand, assigns a teacher and takes one learner out', async () => {
  const p = await page(browser);
  await signIn(p, 'principal');
  const a = await api('principal');
  const known = (await a.get('/classes')).items.find((c) => c.name === '7A2');
  const moved = (await a.get(`/classes/${known.id}/members`)).items.find((m) => !m.left_on);

  await p.goto(`${base}/classes`);
  await p.getByRole('button', { name: 'Thêm lớp' }).click();
  await p.locator('#class_name').fill('7A9');
  // The grade follows the name, and the year is the current one.
  await p.waitForFunction(() => document.querySelector('#new_grade').value === '7' && document.querySelector('#new_year').value !== '');
  await p.waitForFunction(() => document.querySelectorAll('#new_homeroom option').length > 1);
  await p.locator('#new_homeroom').selectOption({ index: 1 });
  await p.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
  await p.waitForURL(/\/classes\/[0-9a-f-]{36}$/);
  await p.getByRole('heading', { level: 1, name: 'Lớp 7A9' }).waitFor();
  const id = p.url().split('/').pop();
  await p.getByText('Lớp chưa có học sinh').waitFor();
  await axe(p, 'an empty class');

  // One who is known at the school: found without marks, moved out of the other class.
  await p.getByRole('button', { name: 'Thêm học sinh' }).first().click();
  const dialog = p.locator('dialog[open]');
  await dialog.locator('#enrol_who').fill(moved.full_name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase());
  await dialog.getByRole('option').filter({ hasText: moved.full_name }).first().waitFor();
  await p.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Thêm vào lớp' }).click();
  await p.locator('tbody').getByText(moved.full_name.split(' ').pop()).first().waitFor();

  // One without a record: made and enrolled in one go.
  await p.getByRole('button', { name: 'Thêm học sinh' }).first().click();
  await dialog.getByRole('button', { name: 'Hồ sơ mới' }).click();
  await dialog.locator('#family').fill('Đỗ');
  await dialog.locator('#middle').fill('Thị Tường');
  await dialog.locator('#given').fill('Ẩn');
  await dialog.locator('#birth_date').fill('2014-02-03');
  await shot(p, 'enrol-new');
  await dialog.getByRole('button', { name: 'Thêm vào lớp' }).click();
  await p.locator('tbody tr').nth(1).waitFor();
  const members = (await a.get(`/classes/${id}/members`)).items;
  assert.equal(members.length, 2);
  assert.ok(members.some((m) => m.full_name === 'Đỗ Thị Tường Ẩn'));

  // The assignment of the class: one subject gets its teacher, the others stay.
  await p.goto(`${base}/classes/${id}/subjects`);
  await p.getByRole('button', { name: 'Sửa phân công' }).click();
  const teacher = p.getByRole('combobox', { name: 'Giáo viên dạy Toán', exact: true });
  await p.waitForFunction(() => document.querySelectorAll('form.assign select option').length > 30);
  await teacher.selectOption({ index: 2 });
  await p.getByRole('button', { name: 'Lưu' }).click();
  await p.getByText('Đã lưu phân công').waitFor();
  const subjects = (await a.get(`/classes/${id}/subjects`)).items;
  assert.equal(subjects.find((s) => s.subject_code === 'TOAN').teachers.length, 1);
  assert.ok(subjects.length > 10);

  // Out again, with a reason; the line stays in the list.
  await p.goto(`${base}/classes/${id}`);
  await p.getByRole('button', { name: 'Cho Đỗ Thị Tường Ẩn rời lớp' }).click();
  await dialog.locator('#leave_reason').fill('Theo gia đình về Cần Thơ');
  await dialog.getByRole('button', { name: 'Cho rời lớp' }).click();
  await p.getByText(/Rời lớp \d/).first().waitFor();
  const gone = (await a.get(`/classes/${id}/members`)).items.find((m) => m.full_name === 'Đỗ Thị Tường Ẩn');
  assert.ok(gone.left_on);
  assert.equal((await a.get(`/learners/${gone.learner_id}`)).status, 'transferred_out');
  p.assertClean();
  await p.context().close();
});

async function sheet(p, className) {
  const a = await api('subject_teacher');
  const mine = (await a.get('/me/teaching')).items.find((t) => t.subject_code === 'TOAN' && t.class_name === className);
  const path = `/classes/${mine.class_id}/subjects/TOAN/terms/1`;
  await p.goto(base + path);
  await p.locator('[role=grid] #cell-0').waitFor();
  const columns = await p.locator('[role=grid] tbody tr').first().locator('td[id^=cell-]').count();
  return { path: `${path}/marks`, columns, cell: (row, column) => p.locator(`#cell-${row * columns + column}`), a };
}
const saved = (p) => p.getByText(/^Đã lưu \d/).first().waitFor();

test('a teacher types a column, undoes, and pastes a block from Excel', async () => {
  const p = await page(browser);
  await signIn(p, 'subject_teacher');
  const s = await sheet(p, '8A1');
  await s.cell(0, 0).click();
  // "85" is 8,5; Enter goes down.
  for (const text of ['85', '7', '9,5', '10', 'v']) {
    await p.keyboard.type(text);
    await p.keyboard.press('Enter');
  }
  await saved(p);
  assert.equal((await s.cell(0, 0).innerText()).trim(), '8,5');
  const kept = async () => {
    const { rows } = await s.a.get(s.path);
    return rows.slice(0, 5).map((r) => r.cells.find((c) => c.slot === 'r1')?.value);
  };
  assert.deepEqual(await kept(), [
    { type: 'score', mark: 850 }, { type: 'score', mark: 700 }, { type: 'score', mark: 950 }, { type: 'score', mark: 1000 }, { type: 'absent' },
  ]);
  // A value that is none stays on the screen, marked, and is not sent.
  await s.cell(5, 0).click();
  await p.keyboard.type('825');
  await p.keyboard.press('Enter');
  await p.getByText(/1 ô cần xem lại/).waitFor();
  await p.keyboard.press('Control+z');
  await axe(p, 'mark sheet');
  await shot(p, 'mark-sheet');
  // A block of two by two, checked before it is written.
  await s.cell(0, 1).click();
  await p.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '6\t7,5\n8\t9\n');
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  const write = p.getByRole('button', { name: /^Ghi \d+ ô/ });
  await write.waitFor();
  await shot(p, 'paste-check');
  await write.click();
  await saved(p);
  await p.waitForFunction(async () => true);
  await p.reload();
  await p.locator('[role=grid] #cell-0').waitFor();
  assert.equal((await s.cell(1, 2).innerText()).trim(), '9');
  p.assertClean();
  await p.context().close();
});

test('what is typed without a line is kept and sent when it is back', async () => {
  const p = await page(browser);
  p.expectErrors(/ERR_INTERNET_DISCONNECTED|Failed to load/);
  await signIn(p, 'subject_teacher');
  const s = await sheet(p, '9A2');
  await p.context().setOffline(true);
  await s.cell(2, 0).click();
  await p.keyboard.type('65');
  await p.keyboard.press('Enter');
  await p.getByText(/Mất mạng|đang chờ/).first().waitFor();
  await shot(p, 'offline');
  await p.context().setOffline(false);
  const now = p.getByRole('button', { name: 'Gửi ngay' });
  if (await now.isVisible().catch(() => false)) await now.click();
  await saved(p);
  const { rows } = await s.a.get(s.path);
  assert.deepEqual(rows[2].cells.find((c) => c.slot === 'r1').value, { type: 'score', mark: 650 });
  await p.context().close();
});

test('a homeroom teacher closes the semester, and the principal opens it again with a reason', async () => {
  const a = await api('homeroom_teacher');
  const mine = (await a.get('/me/teaching')).items.find((t) => t.homeroom && t.class_name === '6A2');
  const p = await page(browser);
  await signIn(p, 'homeroom_teacher');
  await p.goto(`${base}/classes/${mine.class_id}/closing/1`);
  await p.getByRole('button', { name: 'Chốt học kì' }).first().click();
  await p.getByRole('dialog').getByRole('button', { name: 'Chốt học kì' }).click();
  await p.getByText(/đã chốt/).first().waitFor();
  await axe(p, 'closed');
  await shot(p, 'closed');
  p.assertClean();
  await p.context().close();

  const q = await page(browser);
  await signIn(q, 'principal');
  await q.goto(`${base}/classes/${mine.class_id}/closing/1`);
  await q.getByRole('button', { name: 'Mở lại học kì' }).first().click();
  await q.locator('#reopen-reason').fill('Nhập nhầm điểm cuối kì của một em');
  await q.getByRole('dialog').getByRole('button', { name: 'Mở lại học kì' }).click();
  await q.getByRole('button', { name: 'Chốt học kì' }).first().waitFor();
  await q.getByText('Nhập nhầm điểm cuối kì của một em').first().waitFor();
  q.assertClean();
  await q.context().close();
});

test('a parent of children in two schools reads the result and why', async () => {
  const a = await api('guardian');
  const { items } = await a.get('/me/children');
  assert.ok(new Set(items.map((c) => c.school_name)).size >= 2, 'children in two schools');
  const p = await page(browser, { viewport: phone });
  await signIn(p, 'guardian');
  const closed = items.find((c) => c.class_name === '6A1');
  await p.goto(`${base}/children/${closed.learner_id}`);
  await p.getByRole('button', { name: /^Vì sao/ }).click();
  await p.getByRole('dialog').getByText(/TT 22\/2021/).first().waitFor();
  await axe(p, 'why');
  await shot(p, 'parent-why');
  // No other child, no rank, no class average.
  const text = await p.locator('body').innerText();
  assert.doesNotMatch(text, /xếp hạng|thứ hạng|trung bình lớp/i);
  p.assertClean();
  await p.context().close();
});

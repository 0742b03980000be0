// A primary class: levels by one key, tests in whole marks, qualities and competencies, the group of the year and why.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { account, axe, base, desktop, fits, open, page, phone, shot } from './browser.mjs';

let browser;
let room;
before(async () => { browser = await open(); room = await primary(); });
after(async () => { await browser?.close(); });

async function call(token, method, path, body, headers = {}) {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${answer.status} ${method} ${path}: ${text}`);
  return text && JSON.parse(text);
}
const token = async (username, password) => (await call(null, 'POST', '/sessions', { username, password })).access_token;

// A primary school with one class of grade 4, whose homeroom teacher teaches all of it.
async function primary() {
  const { username, password } = account('province_admin');
  const admin = await token(username, password);
  const units = (await call(admin, 'GET', '/units')).items;
  const above = units.find((u) => u.kind === 'commune') ?? units[0];
  const school = await call(admin, 'POST', '/units', {
    kind: 'school', parent_id: above.id, name: 'Trường Tiểu học Sen Hồng', short_name: 'Sen Hồng', code: `TH${Date.now() % 1e6}`,
    code_set: 'test', code_set_version: '1', levels: ['primary'], opened_on: '2000-09-05',
  });
  const year = (await call(admin, 'GET', '/school-years')).items.find((y) => y.current);
  const staff = await call(admin, 'POST', '/staff', {
    name: { family: 'Phạm', middle: 'Thị', given: 'Sen' }, sex: 'female', unit_id: school.id, position: 'teacher', valid_from: '2020-09-01',
  });
  const cls = await call(admin, 'POST', '/classes', {
    school_id: school.id, school_year_id: year.id, grade: '4', name: '4A', homeroom_staff_id: staff.id,
  });
  for (const given of ['An', 'Bình', 'Cúc']) {
    const learner = await call(admin, 'POST', '/learners', {
      school_id: school.id, name: { family: 'Nguyễn', middle: 'Thu', given }, birth_date: '2017-03-12', sex: 'female', status: 'studying', since: year.starts_on,
    });
    await call(admin, 'POST', `/classes/${cls.id}/members`, { learner_id: learner.id, enrolled_on: year.starts_on });
  }
  const subjects = (await call(admin, 'GET', `/classes/${cls.id}/subjects`)).items;
  await call(admin, 'PUT', `/classes/${cls.id}/subjects`, {
    subjects: subjects.map((s) => ({ subject_code: s.subject_code, whole_class: true, teacher_ids: [staff.id] })),
  });
  const name = `gvsen${Date.now()}`;
  const made = await call(admin, 'POST', '/accounts', {
    username: name, full_name: 'Phạm Thị Sen', person: { kind: 'staff', id: staff.id },
    roles: [{ role: 'homeroom_teacher', unit_id: school.id }, { role: 'subject_teacher', unit_id: school.id }],
  });
  await call(null, 'POST', '/password-resets', { username: name, code: made.one_time_code.code, new_password: 'sen-hong-2026!' });
  return { admin, school: school.id, cls: cls.id, subjects, username: name, password: 'sen-hong-2026!', token: await token(name, 'sen-hong-2026!') };
}

async function enter(p, who = room) {
  p.expectErrors(/401/);
  await p.goto(`${base}/sign-in`);
  await p.locator('input[name=username]').fill(who.username);
  await p.locator('input[name=password]').fill(who.password);
  await p.locator('button[type=submit]').click();
  await p.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

const path = (subject, term) => `/classes/${room.cls}/subjects/${subject}/terms/${term}`;
const cells = async (subject, term, slot) => {
  const { rows } = await call(room.token, 'GET', `${path(subject, term)}/marks`);
  return rows.map((r) => r.cells.find((c) => c.slot === slot)?.value);
};
const saved = (p) => p.getByText(/^Đã lưu \d/).first().waitFor();

test('levels are one key each, tests whole marks, H is a level and no history', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p);
  await p.goto(base + path('TOAN', 1));
  const cell = (row, column) => p.locator(`#cell-${row * 4 + column}`);
  await cell(0, 0).waitFor();
  assert.deepEqual(await p.locator('.sheet thead tr.grp th[colspan]').allInnerTexts(), ['Giữa kì', 'Cuối kì']);
  await cell(0, 0).click();
  for (const key of ['t', 'h', 'c']) await p.keyboard.press(key);
  assert.equal(await p.getByRole('dialog').count(), 0);
  await cell(0, 1).click();
  for (const text of ['9', '10', '8,5']) { await p.keyboard.type(text); await p.keyboard.press('Enter'); }
  await p.getByText(/1 ô cần xem lại/).waitFor();
  await cell(2, 1).click();
  await p.keyboard.type('8');
  await p.keyboard.press('Enter');
  await saved(p);
  await p.waitForFunction(() => !document.querySelector('.sheet td.dirty, .sheet td.saving'));
  assert.deepEqual(await cells('TOAN', 1, 'ml'), [{ type: 'good' }, { type: 'done' }, { type: 'weak' }]);
  assert.deepEqual(await cells('TOAN', 1, 'mt'), [900, 1000, 800].map((mark) => ({ type: 'score', mark })));
  await axe(p, 'primary sheet');
  await shot(p, 'primary-sheet');
  p.assertClean();
  await p.context().close();
});

test('a file of the sheet comes back, and what differs is shown before it is saved', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p);
  await p.goto(base + path('TOAN', 1));
  const load = async (name) => {
    const [file] = await Promise.all([p.waitForEvent('download'), p.getByRole('button', { name: 'Tải Excel' }).click()]);
    const at = new URL(`./out/${name}.xlsx`, import.meta.url).pathname;
    await file.saveAs(at);
    return at;
  };
  const read = (at) => p.getByLabel('Nhập từ Excel', { exact: true }).and(p.locator('input')).setInputFiles(at);
  const file = await load('primary-toan');
  const dialog = p.getByRole('dialog', { name: 'Xem thử trước khi lưu' });
  // Nothing differs: no empty table, and nothing to press.
  await read(file);
  await dialog.getByText(/^\d+ ô giữ nguyên$/).waitFor();
  assert.equal(await dialog.locator('table').count(), 0);
  assert.ok(await dialog.getByRole('button', { name: 'Không có ô nào cần lưu' }).isDisabled());
  await axe(p, 'a file that changes nothing');
  await p.keyboard.press('Escape');
  // Meanwhile somebody changes a level.
  const { rows } = await call(room.token, 'GET', `${path('TOAN', 1)}/marks`);
  const cell = rows[0].cells.find((c) => c.slot === 'ml');
  await call(room.token, 'PUT', `${path('TOAN', 1)}/marks`, { source: 'api', cells: [{ learner_id: rows[0].learner_id, slot: 'ml', version: cell.version, value: { type: 'weak' } }] });
  await read(file);
  await dialog.getByText('1 ô thay đổi').waitFor();
  assert.deepEqual(await dialog.locator('tbody tr').first().locator('th, td').allInnerTexts().then((all) => all.slice(0, 4)), ['Nguyễn Thu An', 'Mức đạt được giữa kì', 'C', 'T']);
  await axe(p, 'a file of a primary sheet');
  await shot(p, 'primary-excel');
  await p.setViewportSize(phone);
  await fits(p, 'a file of a primary sheet on a phone');
  await shot(p, 'primary-excel-phone');
  await dialog.getByRole('button', { name: 'Lưu 1 ô' }).click();
  await p.getByText('Đã lưu 1 ô').waitFor();
  assert.deepEqual((await cells('TOAN', 1, 'ml'))[0], { type: 'good' });
  p.assertClean();
  await p.context().close();
});

test('qualities are pressed on a phone', async () => {
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await enter(p);
  await p.goto(base + path('PHAM_CHAT', 1));
  await p.getByText('Yêu nước, giữa kì').first().waitFor({ state: 'attached' });
  const good = p.getByRole('button', { name: 'Tốt', exact: true });
  const target = await good.nth(0).boundingBox();
  assert.ok(target.width >= 44 && target.height >= 44, JSON.stringify(target));
  await good.nth(0).click();
  await p.getByRole('button', { name: 'Cần cố gắng' }).nth(1).click();
  await p.waitForFunction(() => document.querySelectorAll('[aria-pressed="true"]').length >= 2);
  for (let n = 0; n < 100 && (await cells('PHAM_CHAT', 1, 'm1')).filter(Boolean).length < 2; n += 1) await p.evaluate(() => new Promise(requestAnimationFrame));
  assert.deepEqual((await cells('PHAM_CHAT', 1, 'm1')).slice(0, 2), [{ type: 'good' }, { type: 'weak' }]);
  await fits(p, 'qualities on a phone');
  await axe(p, 'qualities on a phone');
  await shot(p, 'primary-phone');
  p.assertClean();
  await p.context().close();
});

test('the year closes in groups, and says why', async () => {
  for (const term of [1, 2]) {
    for (const { subject_code: code } of room.subjects) {
      const sheet = await call(room.token, 'GET', `${path(code, term)}/marks`);
      const value = (slot) => (slot.endsWith('t') && slot.length === 2 ? { type: 'score', mark: 1000 } : { type: 'good' });
      const put = sheet.rows.flatMap((row, n) => sheet.slots.filter((slot) => slot !== 'rec').map((slot) => ({
        learner_id: row.learner_id, slot, version: row.cells.find((c) => c.slot === slot)?.version ?? 0,
        value: n === 1 && code === 'TOAN' && slot === 'ft' ? { type: 'score', mark: 800 } : value(slot),
      })));
      await call(room.token, 'PUT', `${path(code, term)}/marks`, { source: 'api', cells: put });
    }
  }
  const p = await page(browser, { viewport: desktop });
  await enter(p);
  for (const term of [1, 2]) {
    await p.goto(`${base}/classes/${room.cls}/closing/${term}`);
    await p.getByRole('button', { name: 'Chốt học kì' }).first().click();
    await p.getByRole('dialog').getByRole('button', { name: /Chốt/ }).click();
    await p.getByText(/đã chốt/).first().waitFor();
  }
  await p.goto(`${base}/classes/${room.cls}/results/year`);
  await p.getByText('Thông tư 27/2020/TT-BGDĐT').first().waitFor();
  await p.getByRole('button', { name: /^Vì sao\? .*Bình/ }).click();
  await p.getByText('bài kiểm tra cuối năm môn Toán được 8 điểm (cần từ 9)').waitFor();
  await axe(p, 'primary results');
  await shot(p, 'primary-results');
  await p.keyboard.press('Escape');
  const { rows } = await call(room.token, 'GET', `/classes/${room.cls}/results/year`);
  assert.deepEqual(rows.map((r) => r.primary.group), ['excellent', 'completed_well', 'excellent']);
  await p.goto(`${base}/learners/${rows[0].learner_id}/report`);
  await p.getByText(/Cả năm: Hoàn thành xuất sắc/).waitFor();
  await axe(p, 'primary report');
  p.assertClean();
  await p.context().close();
});

test('who falls short is assessed again, and the principal decides', async () => {
  const own = await primary();
  const at = (subject, term) => `/classes/${own.cls}/subjects/${subject}/terms/${term}/marks`;
  for (const term of [1, 2]) {
    for (const { subject_code: code } of own.subjects) {
      const sheet = await call(own.token, 'GET', at(code, term));
      const short = (n) => term === 2 && n === 2 && code === 'TIENG_VIET';
      const value = (slot, n) => (slot.endsWith('t') ? { type: 'score', mark: short(n) ? 400 : 1000 } : { type: short(n) ? 'weak' : 'good' });
      const cells = sheet.rows.flatMap((row, n) => sheet.slots.filter((slot) => slot !== 'rec').map((slot) => (
        { learner_id: row.learner_id, slot, version: 0, value: value(slot, n) })));
      await call(own.token, 'PUT', at(code, term), { source: 'api', cells });
    }
    await call(own.token, 'POST', `/classes/${own.cls}/terms/${term}/close`);
  }
  const head = { username: `htsen${Date.now()}`, password: 'sen-hong-2026!' };
  const made = await call(own.admin, 'POST', '/accounts', {
    username: head.username, full_name: 'Lê Thị Hiệu Trưởng', roles: [{ role: 'principal', unit_id: own.school }],
  });
  await call(null, 'POST', '/password-resets', { username: head.username, code: made.one_time_code.code, new_password: head.password });

  const p = await page(browser, { viewport: phone });
  await enter(p, own);
  await p.goto(`${base}/classes/${own.cls}/reassessment`);
  await p.getByLabel('Tiếng Việt: mức của Nguyễn Thu Cúc').selectOption('H');
  const test = p.getByLabel('Tiếng Việt: điểm KT của Nguyễn Thu Cúc');
  await test.fill('8,5');
  await p.getByText('số nguyên từ 1 đến 10').waitFor();
  await test.fill('4');
  await p.getByRole('button', { name: 'Lưu kết quả đánh giá lại' }).click();
  await p.getByText('Chờ hiệu trưởng quyết định').waitFor();
  await fits(p, 're-assessment on a phone');
  await axe(p, 're-assessment on a phone');
  await shot(p, 'primary-reassessment-phone');
  await p.getByRole('button', { name: 'Lịch sử đánh giá lại của Nguyễn Thu Cúc' }).click();
  await p.getByRole('dialog').getByText('H · Hoàn thành').waitFor();
  await axe(p, 're-assessment history');
  p.assertClean();
  await p.context().close();

  const boss = await page(browser, { viewport: desktop, colorScheme: 'dark' });
  await enter(boss, head);
  await boss.goto(`${base}/classes/${own.cls}/reassessment`);
  await boss.getByRole('button', { name: 'Quyết định về Nguyễn Thu Cúc' }).click();
  await boss.getByRole('dialog').getByLabel(/^Lí do/).fill('Em tiến bộ rõ rệt trong thời gian được giúp đỡ');
  await axe(boss, 'the principal decides');
  await boss.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
  await boss.getByText(/Lê Thị Hiệu Trưởng quyết định lúc/).waitFor();
  await boss.getByRole('button', { name: 'Sửa quyết định về Nguyễn Thu Cúc' }).waitFor();
  await fits(boss, 're-assessment decided');
  await axe(boss, 're-assessment decided');
  await shot(boss, 'primary-reassessment');
  const { rows } = await call(own.token, 'GET', `/classes/${own.cls}/results/year`);
  assert.equal(rows[2].primary.completion, 'completed');

  // Everybody has a result: the year of the class closes, and nothing is assessed again after that.
  await boss.getByRole('link', { name: 'Xét lên lớp' }).click();
  await boss.getByText('Tất cả học sinh đã có kết quả cuối cùng').waitFor();
  assert.equal(await boss.getByText('Được lên lớp', { exact: true }).count(), 3);
  assert.equal(await boss.getByRole('button', { name: /^Quyết định cho/ }).count(), 0);
  await fits(boss, 'the end of a primary year');
  await axe(boss, 'the end of a primary year');
  await shot(boss, 'primary-council');
  await boss.getByRole('button', { name: 'Chốt năm học' }).click();
  await boss.getByRole('dialog').getByRole('button', { name: 'Chốt năm học' }).click();
  await boss.getByText('Năm học đã chốt').waitFor();
  await boss.getByRole('link', { name: 'Xếp lớp năm học mới' }).waitFor();
  await boss.setViewportSize(phone);
  await fits(boss, 'the end of a primary year on a phone');
  await axe(boss, 'the end of a primary year on a phone');
  await shot(boss, 'primary-council-phone');
  await boss.getByRole('link', { name: 'Đánh giá bổ sung' }).first().click();
  await boss.getByText(/Lê Thị Hiệu Trưởng quyết định lúc/).waitFor();
  assert.equal(await boss.getByRole('button', { name: /^Sửa quyết định về/ }).count(), 0);
  boss.assertClean();
  await boss.context().close();
});

test('a term at a former school has levels, tests, qualities and competencies', async () => {
  const own = await primary();
  const p = await page(browser, { viewport: phone });
  await enter(p, own);
  await p.goto(`${base}/classes/${own.cls}/results/1`);
  await p.getByRole('link', { name: 'Kết quả ở trường cũ' }).click();
  await p.getByRole('button', { name: 'Ghi kết quả trường cũ' }).click();
  await p.locator('#former_school').fill('TH Kim Đồng');
  await p.locator('#former_document').fill('Học bạ, trang 7');
  const mark = p.getByLabel('Toán: điểm KT');
  await mark.fill('8,5');
  await p.getByRole('alert').waitFor();
  await mark.fill('9');
  await p.getByText('Môn có điểm kiểm tra thì cần cả mức đạt được.').waitFor();
  await p.getByLabel('Toán: mức').fill('t');
  await p.getByLabel('Trung thực').fill('đ');
  await p.getByText(/Đã có 3 trong/).waitFor();
  await fits(p, 'a former primary school');
  await axe(p, 'a former primary school');
  await shot(p, 'primary-former-phone');
  await p.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
  await p.getByText(/TH Kim Đồng/).first().waitFor();
  const { items } = await call(own.token, 'GET', `/classes/${own.cls}/former-terms`);
  assert.deepEqual(items[0].subjects.find((s) => s.subject_code === 'TOAN'), { subject_code: 'TOAN', value: { type: 'good' }, test: 900 });
  p.assertClean();
  await p.context().close();
});

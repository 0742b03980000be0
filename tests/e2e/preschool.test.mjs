// A preschool class: a day of measuring, the growth chart, the sheet of the five-year-olds, and what a parent reads.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
let room;
before(async () => {
  browser = await open();
  room = await aClass();
});
after(async () => { await browser?.close(); });

const day = (back) => new Date(Date.now() + 7 * 3600e3 - back * 86400e3).toISOString().slice(0, 10);

// The demo school is no preschool: it becomes one, with a class whose teacher is the demo's homeroom teacher, and whose first child is
// the demo guardian's.
async function aClass() {
  const [province, principal, nurse] = [await api('province_admin'), await api('principal'), await api('nurse')];
  const { items } = await principal.get('/classes');
  const { school_id: school, school_year_id: year } = items[0];
  const unit = await province.get(`/units/${school}`);
  const { name, short_name, code, code_set, code_set_version, levels, version } = unit;
  await province.send('PUT', `/units/${school}`, { name, short_name, code, code_set, code_set_version, levels: ['preschool', ...levels.filter((l) => l !== 'preschool')] }, version);
  const teacher = (await (await api('homeroom_teacher')).get('/me')).person;
  const klass = await principal.send('POST', '/classes', { school_id: school, school_year_id: year, grade: 'k5', name: 'Lá 1', homeroom_staff_id: teacher.id });
  const guardian = (await (await api('guardian')).get('/me')).person;
  const learners = [];
  const children = [['Nguyễn', 'Thị', 'Ánh', 'female'], ['Trần', 'Văn', 'Bình', 'male'], ['Lê', 'Minh', 'Châu', 'female'], ['Phạm', 'Gia', 'Huy', 'male'], ['Sơn', 'Thị Sô', 'Phia', 'female']];
  for (const [n, [family, middle, given, sex]] of children.entries()) {
    const learner = await principal.send('POST', '/learners', { school_id: school, name: { family, middle, given }, birth_date: day(1985 + n * 31), sex, status: 'studying', since: day(60) });
    await principal.send('POST', `/classes/${klass.id}/members`, { learner_id: learner.id, enrolled_on: day(60) });
    learners.push(learner.id);
  }
  await principal.send('POST', `/learners/${learners[0]}/guardians`, { guardian_id: guardian.id, relation: 'mother' });
  // Four years of a child's curve.
  const history = [[1800, 8200, 680], [1600, 9600, 745], [1400, 11000, 810], [1100, 12600, 880], [800, 14600, 955], [500, 16100, 1010], [250, 17400, 1060]];
  for (const [back, weight_g, height_mm] of history) {
    await nurse.send('PUT', `/classes/${klass.id}/growth/${day(back)}`, { rows: [{ learner_id: learners[0], weight_g, height_mm, version: 0 }] });
  }
  const items2 = [
    ['TC1', 'physical', 'Đi thăng bằng trên ghế thể dục'], ['TC2', 'physical', 'Bật xa tối thiểu 50 cm'], ['NT1', 'cognitive', 'Đếm trong phạm vi 10'],
    ['NN1', 'language', 'Kể lại truyện đã nghe theo trình tự'], ['TX1', 'social', 'Chờ đến lượt khi tham gia hoạt động'], ['TM1', 'aesthetic', 'Hát đúng giai điệu bài hát'],
  ].map(([c, domain, text]) => ({ code: c, domain, text }));
  await principal.send('PUT', `/units/${school}/preschool/outcomes/k5`, { items: items2, version: 0 });
  return { school, klass, learners };
}

test('a day of measuring: typed, walked with Enter, saved by itself', async () => {
  const p = await page(browser, { viewport: desktop });
  await signIn(p, 'homeroom_teacher');
  await p.goto(`${base}/classes/${room.klass.id}/growth`);
  const weights = p.locator('input[data-column=w]');
  await weights.nth(4).waitFor();
  for (const [n, [kg, cm]] of [['18,4', '109'], ['17,6', '108,5'], ['12,1', '101'], ['30', '112'], ['19', '1100']].entries()) {
    await weights.nth(n).fill(kg);
    await p.locator('input[data-column=h]').nth(n).fill(cm);
  }
  // 1100 cm is a slip: the row says so and is not sent.
  await p.getByText('Chiều cao từ 30 đến 230 cm').waitFor();
  await p.locator('input[data-column=h]').nth(4).fill('110');
  await p.getByText('Đã lưu 5/5 trẻ').waitFor();
  await weights.nth(0).focus();
  await p.keyboard.press('Enter');
  assert.equal(await p.evaluate(() => document.activeElement.getAttribute('aria-label')), await weights.nth(1).getAttribute('aria-label'));
  await p.getByText('Nhẹ cân mức độ nặng').first().waitFor();
  const a = await api('homeroom_teacher');
  const sheet = await a.get(`/classes/${room.klass.id}/growth/${day(0)}`);
  assert.deepEqual(sheet.rows.map((r) => r.entry?.weight_g), [18400, 17600, 12100, 30000, 19000]);
  await axe(p, 'measuring');
  await fits(p, 'measuring');
  await shot(p, 'growth-class-pc-light');
  p.assertClean();
  await p.context().close();
});

for (const [look, options] of [['pc-light', { viewport: desktop, colorScheme: 'light' }], ['phone-dark', { viewport: phone, colorScheme: 'dark' }], ['phone-light', { viewport: phone, colorScheme: 'light' }]]) {
  test(`the growth chart, ${look}`, async () => {
    const p = await page(browser, options);
    await signIn(p, 'homeroom_teacher');
    await p.goto(`${base}/learners/${room.learners[0]}/growth`);
    await p.locator('svg.growth-chart circle').first().waitFor();
    assert.equal(await p.locator('svg.growth-chart path.sd').count(), 7);
    await axe(p, `growth ${look}`);
    await fits(p, `growth ${look}`);
    await p.screenshot({ path: new URL(`./out/growth-chart-${look}.png`, import.meta.url).pathname, fullPage: true });
    await p.getByRole('button', { name: 'Quanh tuổi của con' }).click();
    await p.getByRole('tab', { name: /Cân nặng theo chiều cao/ }).click();
    await p.locator('svg.growth-chart').scrollIntoViewIfNeeded();
    await shot(p, `growth-chart-near-${look}`);
    p.assertClean();
    await p.context().close();
  });

  test(`the sheet of a preschool class, ${look}`, async () => {
    const p = await page(browser, options);
    await signIn(p, 'homeroom_teacher');
    await p.goto(`${base}/classes/${room.klass.id}/preschool/standards`);
    const cell = (row, item) => p.locator(`button[data-row="${row}"][data-item="${item}"]`);
    await cell(0, 0).waitFor();
    await cell(0, 0).focus();
    // Letters write and go down; Delete clears.
    for (const key of ['d', 'c', 'd', 'd', 'd']) await p.keyboard.press(key);
    await p.getByText(/^Đã lưu/).waitFor();
    assert.equal(await cell(0, 0).textContent(), 'Đ');
    assert.equal(await cell(1, 0).textContent(), 'CĐ');
    await p.locator('.preschool-grid thead button').nth(1).click();
    await p.getByRole('button', { name: /Điền Đạt/ }).click();
    await p.getByText(/^Đã lưu/).waitFor();
    await p.waitForFunction(() => !document.querySelector('.preschool-grid .dirty'));
    const a = await api('homeroom_teacher');
    const sheet = await a.get(`/classes/${room.klass.id}/preschool/standards/0`);
    assert.ok(sheet.rows.every((r) => r.cells.some((c) => c.code === '2' && c.outcome === 'achieved')), JSON.stringify(sheet.rows[0].cells));
    await axe(p, `preschool ${look}`);
    await fits(p, `preschool ${look}`);
    await shot(p, `preschool-sheet-${look}`);
    p.assertClean();
    await p.context().close();
  });
}

test('the history of a cell of the preschool sheet', async () => {
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await signIn(p, 'homeroom_teacher');
  await p.goto(`${base}/classes/${room.klass.id}/preschool/standards`);
  await p.locator('button[data-row="1"][data-item="0"]').click();
  await p.getByText(/^Đã lưu/).waitFor();
  await p.getByRole('button', { name: /^Lịch sử ô:/ }).click();
  const dialog = p.getByRole('dialog', { name: 'Lịch sử ô' });
  await dialog.locator('.step').first().waitFor();
  assert.equal(await dialog.locator('.given').innerText(), 'Bình');
  await axe(p, 'history of a preschool cell');
  await fits(p, 'history of a preschool cell');
  await shot(p, 'history-preschool-phone-dark');
  await p.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  p.assertClean();
  await p.context().close();
});

test('the school writes its own list', async () => {
  const p = await page(browser);
  await signIn(p, 'principal');
  await p.goto(`${base}/units/${room.school}/preschool/outcomes/k5`);
  await p.getByRole('textbox', { name: 'Nội dung, dòng 6' }).waitFor();
  await p.getByRole('button', { name: 'Thêm dòng' }).click();
  await p.getByRole('textbox', { name: 'Mã, dòng 7' }).fill('TM2');
  await p.getByRole('textbox', { name: 'Nội dung, dòng 7' }).fill('Vẽ phối hợp các nét tạo thành bức tranh');
  await p.getByRole('button', { name: 'Lưu' }).click();
  await p.getByText('Đã lưu').first().waitFor();
  const list = await (await api('principal')).get(`/units/${room.school}/preschool/outcomes/k5`);
  assert.deepEqual([list.items.length, list.version], [7, 2]);
  await axe(p, 'the list');
  await fits(p, 'the list');
  await shot(p, 'preschool-items-pc-light');
  p.assertClean();
  await p.context().close();
});

test('a parent reads their own child, on a phone', async () => {
  const teacher = await api('homeroom_teacher');
  await teacher.send('PUT', `/classes/${room.klass.id}/preschool-stages/1`, { name: 'Trường mầm non của bé', ends_on: day(20), version: 0 });
  const cell = (learner, c, outcome) => ({ learner_id: learner, code: c, outcome, version: 0 });
  const [mine, other] = room.learners;
  await teacher.send('PUT', `/classes/${room.klass.id}/preschool/outcomes/1`, { cells: [cell(mine, 'TC1', 'achieved'), cell(mine, 'NT1', 'achieved'), cell(mine, 'TM1', 'not_yet'), cell(other, 'TC1', 'not_yet')] });
  const p = await page(browser, { viewport: phone, colorScheme: 'light' });
  await signIn(p, 'guardian');
  await p.goto(`${base}/children/${mine}`);
  await p.getByText('Con đã làm được').first().waitFor();
  await p.getByText('Đếm trong phạm vi 10').waitFor();
  await axe(p, 'the child of a preschool');
  await fits(p, 'the child of a preschool');
  await shot(p, 'preschool-child-phone-light');
  await p.getByRole('link', { name: 'Cân nặng, chiều cao' }).click();
  await p.locator('svg.growth-chart circle').first().waitFor();
  await fits(p, 'growth of one\'s child');
  await shot(p, 'growth-child-phone-light');
  p.assertClean();
  await p.context().close();
});

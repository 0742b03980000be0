// Staff: a person's record over time, why it is so many periods, a course with its certificates, one's own record and a correction.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

test('a record is entered, changed, taken back and put back', async () => {
  const p = await page(browser, { viewport: desktop });
  p.expectErrors(/404/); // Who teaches nothing has no load.
  await enter(p, 'principal');
  await p.goto(`${base}/office/staff`);
  await p.locator('tbody tr').first().waitFor();
  await axe(p, 'office staff');
  await shot(p, 'office-staff');
  await p.getByLabel('Vị trí').selectOption('teacher');
  await p.locator('tbody th a').first().click();
  await p.getByRole('button', { name: 'Thêm vào hồ sơ' }).click();
  const dialog = p.getByRole('dialog');
  await dialog.getByLabel('Loại', { exact: true }).selectOption('degree');
  await dialog.getByLabel('Chuyên ngành').fill('Sư phạm Toán học');
  await dialog.getByLabel('Nơi đào tạo').fill('Trường Đại học Cần Thơ');
  await dialog.getByLabel('Từ ngày').fill('2008-06-15');
  await axe(p, 'office staff record form');
  await dialog.getByRole('button', { name: 'Lưu' }).click();
  const degree = p.locator('.lines li').filter({ hasText: 'Sư phạm Toán học' });
  await degree.waitFor();
  await degree.getByRole('button', { name: 'Rút' }).click();
  await p.locator('.lines li.gone').filter({ hasText: 'Sư phạm Toán học' }).waitFor();
  await p.locator('.toast').getByRole('button', { name: 'Hoàn tác' }).click();
  await p.locator('.lines li:not(.gone)').filter({ hasText: 'Sư phạm Toán học' }).waitFor();
  await degree.getByRole('button', { name: 'Lịch sử' }).click();
  await p.getByRole('dialog').getByText('Bản 3').waitFor();
  await p.keyboard.press('Escape');
  await axe(p, 'office staff member');
  await shot(p, 'office-staff-member');
  p.assertClean();
  await p.context().close();
});

test('why it is so many periods', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'principal');
  await p.goto(`${base}/office/staff-load`);
  await p.locator('table.loads tbody tr').first().waitFor();
  await p.locator('.load-chart rect').first().waitFor();
  await axe(p, 'loads');
  await shot(p, 'office-staff-load');
  await p.locator('table.loads tbody tr button').first().click();
  await p.getByRole('dialog').getByText('Được phân công').waitFor();
  await axe(p, 'why');
  await shot(p, 'office-staff-why');
  await p.keyboard.press('Escape');
  const [download] = await Promise.all([p.waitForEvent('download'), p.getByRole('button', { name: 'Tải bảng' }).click()]);
  assert.match(readFileSync(await download.path(), 'utf8'), /^\ufeff?"Họ và tên";"Phải dạy"/);
  await p.getByRole('button', { name: 'Cách tính của trường' }).click();
  await p.getByRole('dialog').getByLabel('50 % dạy thêm giờ tính trên').selectOption('norm');
  await p.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
  await p.getByText('Đã lưu', { exact: true }).waitFor();
  p.assertClean();
  await p.context().close();
});

test('from a course to certificates', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'principal');
  await p.goto(`${base}/office/trainings`);
  await p.getByRole('button', { name: 'Mở khoá bồi dưỡng' }).click();
  await p.getByLabel('Tên khoá').fill('Ứng dụng AI trong dạy học');
  await p.getByLabel('Số tiết').fill('40');
  await p.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
  await p.waitForURL(/\/office\/trainings\/[0-9a-f-]+/);
  await p.getByRole('button', { name: 'Thêm cả trường' }).click();
  await p.locator('table.attendance tbody tr').nth(2).waitFor();
  await p.getByRole('button', { name: 'Tất cả dự đủ' }).click();
  await p.getByRole('button', { name: 'Lưu điểm danh' }).click();
  await p.getByText('Có thay đổi chưa lưu').waitFor({ state: 'detached' });
  await p.getByRole('button', { name: 'Cấp chứng nhận' }).click();
  await p.getByLabel('Phần đầu của số').fill('CN-2026-');
  await p.getByRole('dialog').getByRole('button', { name: 'Cấp chứng nhận' }).click();
  await p.getByText('CN-2026-001').waitFor();
  await axe(p, 'training');
  await shot(p, 'office-training');
  p.assertClean();
  await p.context().close();
});

test('my own record on a phone in the dark, and a proposal', async () => {
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  p.expectErrors(/404/);
  await enter(p, 'subject_teacher');
  await p.goto(`${base}/office/my-record`);
  await p.getByRole('button', { name: 'Đề nghị bổ sung' }).click();
  const dialog = p.getByRole('dialog');
  await dialog.getByLabel('Chuyên ngành').fill('Quản lí giáo dục');
  await dialog.getByLabel('Nơi đào tạo').fill('Trường Đại học Vinh');
  await dialog.getByRole('button', { name: 'Gửi đề nghị' }).click();
  await p.getByText('Quản lí giáo dục').first().waitFor();
  await fits(p, 'my record on a phone');
  await axe(p, 'my record');
  await shot(p, 'office-my-record-phone');
  p.assertClean();
  await p.context().close();
  const q = await page(browser, { viewport: desktop });
  await enter(q, 'principal');
  await q.goto(`${base}/office/staff-proposals`);
  await q.getByRole('button', { name: 'Trả lời' }).first().click();
  await q.getByRole('dialog').getByRole('button', { name: 'Duyệt', exact: true }).click();
  await q.getByText('Đã trả lời đề nghị').waitFor();
  await axe(q, 'proposals');
  q.assertClean();
  await q.context().close();
});

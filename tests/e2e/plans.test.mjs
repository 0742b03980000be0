// Teaching plans: written, with a file, submitted; returned and approved; found again.
import { after, before, test } from 'node:test';
import { account, axe, base, desktop, fits, open, page, phone, shot, signInAs } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

const title = `Phương trình bậc hai ${Date.now()}`;

test('a teacher writes a plan, uploads a file and submits it', async () => {
  const p = await page(browser, { viewport: desktop });
  await signInAs(p, account('subject_teacher'));
  await p.goto(`${base}/office/plans`);
  await p.getByRole('link', { name: 'Soạn kế hoạch' }).click();
  await p.getByLabel('Tên bài, chủ đề').fill(title);
  await p.getByRole('button', { name: 'Điền khung đề mục' }).click();
  await p.getByLabel('Tệp kèm theo').setInputFiles({ name: 'Bài giảng.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(9_000_000, 7)]) });
  await p.getByText('Bài giảng.pdf', { exact: true }).waitFor();
  await axe(p, 'plan-form');
  await shot(p, 'plan-form');
  await p.getByRole('button', { name: 'Lưu', exact: true }).click();
  await p.getByRole('heading', { level: 1, name: title }).waitFor();
  await p.getByRole('button', { name: 'Nộp', exact: true }).click();
  await p.getByText('Chờ ban giám hiệu').or(p.getByText('Chờ tổ trưởng')).first().waitFor();
  await axe(p, 'plan');
  await shot(p, 'plan');
});

test('who leads the school reads, returns and approves', async () => {
  const p = await page(browser, { viewport: desktop });
  await signInAs(p, account('principal'));
  await p.goto(`${base}/office/plans`);
  await p.getByRole('button', { name: 'Chờ tôi duyệt' }).click();
  await p.getByRole('link', { name: title }).click();
  await p.getByRole('heading', { name: 'Duyệt kế hoạch' }).waitFor();
  await p.getByLabel('Nhận xét cho giáo viên').fill('Tốt.');
  await p.keyboard.press('Alt+Enter');
  await p.getByText('Đã duyệt').first().waitFor();
  await p.getByRole('button', { name: 'Xem và so với bản trước' }).first().click();
  await p.getByText('Mã băm nội dung').waitFor();
  await axe(p, 'plan-version');
});

test('it is found without marks on a phone, and storage shows what it takes', async () => {
  const p = await page(browser, { viewport: phone });
  await signInAs(p, account('principal'));
  await p.goto(`${base}/office/plans`);
  await p.getByRole('button', { name: 'Kho kế hoạch của trường' }).click();
  await p.getByLabel('Tìm kế hoạch').fill(`phuong trinh ${title.split(' ').at(-1)}`);
  await p.getByRole('link', { name: title }).waitFor();
  await fits(p);
  await axe(p, 'plans-phone');
  await shot(p, 'plans-phone');
  await p.goto(`${base}/office/plans/storage`);
  await p.getByText('Kế hoạch bài dạy').first().waitFor();
  await fits(p);
  await axe(p, 'storage');
  await p.goto(`${base}/office/plans/groups`);
  await p.getByText('Tổ Toán - Tin').first().waitFor();
  await fits(p);
  await axe(p, 'groups');
});

// A child leaves the province with one sealed file, and such a file is received; a paper consent with its scan; what is kept of a child
// and what may be erased; taking the data along behind a passphrase.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { account, api, axe, base, desktop, fits, open, page, phone, shot } from './browser.mjs';

let browser;
let child;
let room;
let token;
before(async () => { browser = await open(); await prepare(); });
after(async () => { await browser?.close(); });

const who = (role) => { const { username, password } = account(role); return { username, password }; };
const lock = 'mưa rào tháng bảy';

async function call(method, path, body) {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method, headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${answer.status} ${method} ${path} ${answer.ok ? '' : await answer.text()}`);
  return answer.json();
}

// The principal's school has a seal for trials; a child of it.
async function prepare() {
  token = (await call('POST', '/sessions', who('principal'))).access_token;
  // A child with a guardian; other tests open classes of children who have none.
  for (const one of (await call('GET', '/classes?limit=200')).items) {
    for (const learner of (await call('GET', `/learners?class_id=${one.id}&limit=3`)).items) {
      if ((await call('GET', `/learners/${learner.id}`)).guardians.length > 0) { room = one; child = learner; break; }
    }
    if (child) break;
  }
  const { items } = await call('GET', `/units/${room.school_id}/signing-keys`);
  if (!items.some((key) => key.seal)) {
    await call('POST', `/units/${room.school_id}/signing-keys`, { label: 'Dấu', source: { kind: 'trial', password: 'mật khẩu của dấu' } });
  }
}

async function enter(p, role) {
  const { username, password } = who(role);
  p.expectErrors(/401/);
  await p.goto(`${base}/sign-in`);
  await p.locator('input[name=username]').fill(username);
  await p.locator('input[name=password]').fill(password);
  await p.locator('button[type=submit]').click();
  await p.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

// Dropped as a person drops it, by its bytes.
async function drop(p, bytes) {
  const transfer = await p.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], 'goi.zip', { type: 'application/zip' }));
    return data;
  }, Buffer.from(bytes).toString('base64'));
  await p.locator('label.drop').dispatchEvent('drop', { dataTransfer: transfer });
}

test('a package is made, dropped again, looked at and declined with a way back', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'principal');
  await p.goto(`${base}/office/transfers`);
  await p.getByRole('link', { name: 'Gói ngoài tỉnh' }).click();
  await p.getByText('Chưa nhận gói nào').waitFor();
  await axe(p, 'packages');
  await p.getByRole('button', { name: 'Lập gói cho học sinh chuyển đi' }).click();
  const dialog = p.locator('dialog[open]');
  await dialog.locator('#package-learner').fill(child.full_name);
  await dialog.getByRole('option').first().click();
  await dialog.getByLabel('Trường đến (tên, tỉnh)').fill('THCS Lê Lợi, Cần Thơ');
  await dialog.getByLabel('Lí do chuyển').fill('Theo gia đình');
  await dialog.locator('#package-password').fill('mật khẩu của dấu');
  await dialog.getByRole('button', { name: 'Gợi ý mật khẩu' }).click();
  assert.match(await dialog.locator('#package-lock').inputValue(), /^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
  await dialog.locator('#package-lock').fill(lock);
  await axe(p, 'making a package');
  await shot(p, 'package-make');
  const [download] = await Promise.all([p.waitForEvent('download'), dialog.getByRole('button', { name: 'Lập và tải gói' }).click()]);
  const bytes = readFileSync(await download.path());
  assert.ok(bytes.subarray(0, 2).equals(Buffer.from('PK')));
  await dialog.getByText(lock).waitFor();
  await dialog.getByRole('button', { name: 'Đã ghi lại mật khẩu' }).click();

  // Half a file is refused, and it is said what is wrong.
  p.expectErrors(/422/);
  await drop(p, bytes.subarray(0, bytes.length / 2));
  await p.getByText(/không phải gói chuyển trường, hoặc bị cắt dở/).waitFor();
  await drop(p, bytes);
  await p.getByText('hợp lệ', { exact: false }).first().waitFor();
  await p.getByText('mã băm đều khớp', { exact: false }).first().waitFor();
  await p.getByText('Có gì trong gói').click();
  await p.getByText('record.json').waitFor();
  await axe(p, 'a received package');
  await shot(p, 'package-received');
  await p.getByRole('button', { name: 'Tiếp nhận' }).click();
  await dialog.getByText('Em đã có hồ sơ trong hệ thống').or(dialog.getByText('Có hồ sơ cùng họ tên, ngày sinh', { exact: false })).first().waitFor();
  await dialog.locator('#package-unlock').waitFor();
  await axe(p, 'taking a child in');
  await shot(p, 'package-accept');
  await dialog.getByRole('button', { name: 'Huỷ' }).click();
  await p.getByRole('button', { name: 'Từ chối' }).click();
  await dialog.locator('#package-reason').fill('Nhầm trường');
  await dialog.getByRole('button', { name: 'Từ chối' }).click();
  await p.getByRole('button', { name: 'Hoàn tác' }).click();
  await p.getByText('Gói chờ xem xét lại').waitFor();
  await p.getByRole('button', { name: 'Tiếp nhận' }).waitFor();
  await p.setViewportSize(phone);
  await fits(p, 'packages');
  await shot(p, 'packages-phone');
  p.assertClean();
  await p.context().close();
});

// The bytes of a package of this child, as the sending school makes it.
async function packaged(learner) {
  const { items } = await call('GET', `/units/${learner.school_id}/signing-keys`);
  const answer = await fetch(`${base}/api/v1/learners/${learner.id}/transfer-package`, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ key_id: items.find((key) => key.seal).id, password: 'mật khẩu của dấu', to_school: 'THCS Lê Lợi, Cần Thơ', reason: 'Theo gia đình' }),
  });
  assert.ok(answer.ok, `${answer.status} ${answer.ok ? '' : await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

test('a child is taken in from a package, and that is taken back', async () => {
  const principal = await api('principal');
  const { items: learners } = await principal.get('/learners?limit=50');
  const learner = await principal.get(`/learners/${learners.find((one) => one.id !== child.id && one.class_id).id}`);
  const bytes = await packaged(learner);
  // Here the child becomes another one, so that the package is of somebody unknown.
  const at = `/learners/${learner.id}`;
  const own = { sex: learner.sex, ethnicity: learner.ethnicity };
  const { version } = await principal.send('PUT', at, { ...own, name: { family: 'Kpă', given: 'Khuyết' }, birth_date: '2011-11-11' }, learner.version);
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'principal');
  await p.goto(`${base}/office/packages`);
  await p.getByRole('heading', { name: 'Gói đã nhận' }).waitFor();
  await drop(p, bytes);
  const line = p.locator('ul.lines > li').filter({ hasText: learner.full_name });
  await line.getByRole('button', { name: 'Tiếp nhận' }).click();
  const dialog = p.locator('dialog[open]');
  await dialog.getByText('Chưa có hồ sơ nào khớp').waitFor();
  await dialog.locator('#package-class option').first().waitFor({ state: 'attached' });
  await dialog.getByRole('button', { name: 'Tiếp nhận vào lớp' }).click();
  await p.getByText(`Đã tiếp nhận ${learner.full_name}`).waitFor();
  const href = await line.getByRole('link', { name: 'Mở hồ sơ' }).getAttribute('href');
  assert.equal((await principal.get(href)).full_name, learner.full_name);
  await line.getByRole('button', { name: 'Rút lại tiếp nhận' }).click();
  await dialog.getByText(`Rút lại việc tiếp nhận ${learner.full_name}`).waitFor();
  await axe(p, 'taking an acceptance back');
  await shot(p, 'package-withdraw');
  // Not without a reason.
  await dialog.getByRole('button', { name: 'Rút lại tiếp nhận' }).click();
  assert.equal(await dialog.locator('#withdraw-reason').evaluate((input) => input.validity.valueMissing), true);
  await dialog.locator('#withdraw-reason').fill('Nhầm em');
  await dialog.getByRole('button', { name: 'Rút lại tiếp nhận' }).click();
  await p.getByText(`Đã rút lại việc tiếp nhận ${learner.full_name}`).waitFor();
  // The package waits again, and the record is gone with all that came along.
  await line.getByRole('button', { name: 'Tiếp nhận' }).waitFor();
  await assert.rejects(principal.get(href), /404/);
  p.assertClean();
  await p.context().close();
  const before = { ...own, name: learner.name, birth_date: learner.birth_date, personal_id: learner.personal_id, ministry_code: learner.ministry_code };
  await principal.send('PUT', at, before, version);
});

test('a paper consent is kept with its scan, and it is seen what may be erased', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'principal');
  await p.goto(`${base}/office/learners/${child.id}/consents`);
  await p.getByRole('heading', { name: 'Nhà trường đang giữ' }).waitFor();
  await p.getByText(/đủ và nguyên vẹn/).waitFor();
  await p.getByText('Hồ sơ học tập suốt đời').waitFor();
  await axe(p, 'consents of a learner');
  await p.getByRole('button', { name: 'Nhập phiếu giấy' }).click();
  const dialog = p.locator('dialog[open]');
  await dialog.locator('#paper-note').fill('Phiếu số 12, tủ hồ sơ');
  const scan = join(mkdtempSync(join(tmpdir(), 'khue-')), 'phieu-12.pdf');
  writeFileSync(scan, '%PDF-1.7 phieu');
  await dialog.locator('#paper-file').setInputFiles(scan);
  await axe(p, 'a paper consent');
  await dialog.getByRole('button', { name: 'Ghi phiếu' }).click();
  await p.getByText('Đã ghi phiếu').waitFor();
  await p.getByRole('button', { name: 'Xem bản quét' }).first().waitFor();
  await shot(p, 'learner-consents');
  await p.setViewportSize(phone);
  await fits(p, 'consents of a learner');
  await shot(p, 'learner-consents-phone');
  p.assertClean();
  await p.context().close();
});

test('erasing takes two, asks for the name, and leaves the log whole', async () => {
  const nurse = (await call('POST', '/sessions', who('nurse'))).access_token;
  const principal = token;
  token = nurse;
  await call('POST', `/learners/${child.id}/vaccinations`, { vaccine: 'Sởi', dose: 1, source: 'booklet' });
  // What the nurse once brought as a file of the whole class.
  const file = await fetch(`${base}/api/v1/file-imports?kind=health_checks&school_id=${room.school_id}&class_id=${room.id}&file_name=kham.csv`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }, body: `Họ và tên,Mạch\n${child.full_name},82\n`,
  });
  assert.ok(file.ok, await file.text());
  token = principal;
  let p = await page(browser, { viewport: desktop, colorScheme: 'dark' });
  await enter(p, 'principal');
  await p.goto(`${base}/office/learners/${child.id}/consents`);
  await p.getByRole('button', { name: 'Đề nghị xoá dữ liệu…' }).click();
  const dialog = p.locator('dialog[open]');
  const send = dialog.getByRole('button', { name: 'Gửi đề nghị' });
  assert.ok(await send.isDisabled());
  await dialog.getByText(/^Hồ sơ sức khoẻ .* kèm 1 tệp đã nhập của lớp/).click();
  await dialog.locator('#erase-reason').fill('Gia đình yêu cầu, phiếu số 3');
  await axe(p, 'asking to erase');
  await shot(p, 'erase');
  await send.click();
  await p.getByText('Đề nghị xoá đang chờ').waitFor();
  // Who asked cannot confirm.
  await p.getByText('Bạn đã đề nghị').waitFor();
  assert.equal(await p.getByRole('button', { name: 'Xác nhận xoá…' }).count(), 0);
  p.assertClean();
  await p.context().close();

  p = await page(browser, { viewport: desktop });
  await enter(p, 'deputy');
  await p.goto(`${base}/office/erasures`);
  await p.getByText('Gia đình yêu cầu, phiếu số 3').waitFor();
  await axe(p, 'what waits to be confirmed');
  await shot(p, 'erasures');
  await p.setViewportSize(phone);
  await fits(p, 'what waits to be confirmed');
  await p.setViewportSize(desktop);
  await p.getByRole('button', { name: 'Xác nhận xoá…' }).first().click();
  const second = p.locator('dialog[open]');
  const press = second.getByRole('button', { name: 'Xoá vĩnh viễn' });
  assert.ok(await press.isDisabled());
  await second.locator('#erasure-name').fill(child.full_name);
  await axe(p, 'confirming');
  await press.click();
  await p.getByText(/nhật ký còn nguyên/).waitFor();
  p.assertClean();
  await p.context().close();
});

test('the data of a school leaves behind a passphrase', async () => {
  const p = await page(browser, { viewport: desktop });
  await enter(p, 'principal');
  await p.goto(`${base}/office/exit`);
  p.expectErrors(/422/);
  await p.locator('#exit-lock').fill('ngắn');
  await p.getByRole('button', { name: 'Xuất toàn bộ dữ liệu' }).click();
  await p.getByText(/Độ dài phải từ 12/).first().waitFor();
  await p.locator('#exit-lock').fill(lock);
  await p.getByRole('button', { name: 'Xuất toàn bộ dữ liệu' }).click();
  await p.getByText('Đã xong').first().waitFor({ timeout: 60_000 });
  await axe(p, 'taking the data along');
  await shot(p, 'exit');
  p.assertClean();
  await p.context().close();
});

// A transcript from the closed year to the seal, checked by anybody with the file alone.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { account, api, axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

const PASSWORD = 'mật khẩu để ký';
let browser;
let room;
before(async () => { browser = await open(); room = await stage(); });
after(async () => { await browser?.close(); });

// A class whose year is closed; the demo's teacher teaches all of it and the demo's homeroom teacher has it, so that three people sign.
async function stage() {
  const principal = await api('principal');
  const me = async (role) => (await (await api(role)).get('/me')).person.id;
  const [teacher, homeroom] = [await me('subject_teacher'), await me('homeroom_teacher')];
  for (const one of (await principal.get('/classes?limit=100')).items) {
    const found = Number(one.grade) >= 6 && await principal.get(`/classes/${one.id}/transcripts`);
    if (!found?.ready) continue;
    const { items } = await principal.get(`/classes/${one.id}/subjects`);
    const subjects = items.map((s) => ({ subject_code: s.subject_code, whole_class: s.whole_class, teacher_ids: [teacher] }));
    await principal.put(`/classes/${one.id}/subjects`, { subjects });
    await principal.send('PUT', `/classes/${one.id}`, { name: one.name, homeroom_staff_id: homeroom }, one.version);
    return { id: one.id, name: one.name, learners: found.rows.length };
  }
  throw new Error('no class of the demo has a closed year');
}

async function look(p, name, views = ['pc-light', 'phone-dark']) {
  for (const view of views) {
    const [size, colorScheme] = view.split('-');
    await p.setViewportSize(size === 'pc' ? desktop : phone);
    await p.emulateMedia({ colorScheme });
    // Colours change with a transition, and what is measured is what stands after it.
    await p.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
    await fits(p, `${name}-${view}`);
    await axe(p, `${name}-${view}`);
    await shot(p, `${name}-${view}`);
  }
  await p.setViewportSize(desktop);
  await p.emulateMedia({ colorScheme: 'light' });
}

// A certificate for trials, by the page.
async function addKey(p, button) {
  await p.goto(`${base}/papers/keys`);
  await p.getByRole('button', { name: button }).click();
  const dialog = p.getByRole('dialog');
  await dialog.getByLabel('Tên gọi').fill('Dùng thử');
  await dialog.getByLabel('Cách lưu khoá').selectOption('trial');
  await dialog.locator('#key-password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Thêm chứng thư số' }).click();
  await p.getByText('Đã thêm chứng thư số').waitFor();
}

async function sign(p, panel, name) {
  await p.goto(`${base}/papers`);
  const part = p.locator('section.panel').filter({ has: p.getByRole('heading', { name: panel, exact: true }) });
  await part.getByRole('button', { name: /^(Ký|Đóng dấu) \d+ học bạ$/ }).click();
  const dialog = p.getByRole('dialog');
  await dialog.locator('#key-password').fill(PASSWORD);
  if (name) await shot(p, name);
  await dialog.getByRole('button', { name: /^Ký \d+ học bạ$/ }).click();
  const all = await dialog.getByText(/^Đã ký (\d+) trên \1 học bạ\.$/).textContent({ timeout: 120_000 });
  await dialog.getByRole('button', { name: 'Đóng' }).last().click();
  return Number(all.match(/\d+/)[0]);
}

test('three people sign a class, the school seals and issues it', async () => {
  const homeroom = await page(browser);
  await signIn(homeroom, 'homeroom_teacher');
  await homeroom.goto(`${base}/classes/${room.id}`);
  await homeroom.getByRole('link', { name: 'Học bạ', exact: true }).click();
  await homeroom.getByRole('button', { name: 'Lập học bạ' }).click();
  await homeroom.getByText('Đã lập bản nháp').waitFor();
  const first = homeroom.locator('table textarea').first();
  await first.fill('Chăm học, lễ phép, tiến bộ rõ ở học kì II.');
  await first.blur();
  await homeroom.getByRole('button', { name: 'Cập nhật bản nháp' }).click();
  await homeroom.getByRole('button', { name: 'Đối chiếu xong, chuyển ký' }).waitFor();
  await look(homeroom, 'papers-class');
  await homeroom.getByRole('button', { name: 'Đối chiếu xong, chuyển ký' }).click();
  await homeroom.getByText(`Đã chuyển ký ${room.learners} học bạ`).waitFor();

  const teacher = await page(browser);
  await signIn(teacher, 'subject_teacher');
  await addKey(teacher, 'Thêm chứng thư số');
  await teacher.goto(`${base}/papers`);
  await teacher.getByText(/chờ ký/).first().waitFor();
  await look(teacher, 'papers-tasks');
  assert.ok((await sign(teacher, 'Giáo viên bộ môn', 'papers-sign')) % room.learners === 0);
  await addKey(homeroom, 'Thêm chứng thư số');
  await look(homeroom, 'papers-keys');
  assert.equal(await sign(homeroom, 'Giáo viên chủ nhiệm'), room.learners);

  const principal = await page(browser);
  await signIn(principal, 'principal');
  await addKey(principal, 'Thêm chứng thư số');
  await addKey(principal, 'Thêm dấu số của trường');
  assert.equal(await sign(principal, 'Hiệu trưởng'), room.learners);
  assert.equal(await sign(principal, 'Dấu của trường'), room.learners);
  await principal.goto(`${base}/papers/classes/${room.id}`);
  await principal.getByRole('button', { name: `Ban hành ${room.learners} học bạ` }).click();
  await principal.getByText('Đã ban hành', { exact: true }).first().waitFor();
  await look(principal, 'papers-issued', ['pc-dark', 'phone-light']);
  await principal.locator('table tbody th a').first().click();
  await principal.getByRole('heading', { name: /^Học bạ của/ }).waitFor();
  await look(principal, 'papers-transcript');
  // Given to somebody, which is written down.
  await principal.getByRole('button', { name: 'Ghi nhận cấp' }).click();
  await principal.getByRole('dialog').getByLabel('Cấp cho').fill('THCS Lê Lợi');
  await principal.getByRole('dialog').getByLabel('Mục đích').fill('Chuyển trường');
  await principal.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
  await principal.getByText('THCS Lê Lợi').waitFor();
  for (const p of [homeroom, teacher, principal]) { p.assertClean(); await p.context().close(); }
});

test('anybody checks the file in the browser, and one changed byte shows', async () => {
  const staff = await api('principal');
  const row = (await staff.get(`/classes/${room.id}/transcripts`)).rows[0];
  const transcript = await staff.get(`/transcripts/${row.transcript_id}`);
  const { access_token } = await (await fetch(`${base}/api/v1/sessions`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: account('principal').username, password: account('principal').password }),
  })).json();
  const file = async (form) => Buffer.from(await (await fetch(`${base}/api/v1/transcripts/${transcript.id}/file?form=${form}`, { headers: { authorization: `Bearer ${access_token}` } })).arrayBuffer());
  const [xml, pdf] = [await file('xml'), await file('pdf')];

  const p = await page(browser);
  await p.goto(`${base}/check/${transcript.check_code}`);
  await p.getByText('Học bạ đang có hiệu lực').waitFor();
  assert.equal(await p.locator('code.hash').first().textContent(), transcript.content_hash);
  const sent = [];
  p.on('request', (request) => { if (request.method() !== 'GET') sent.push(request.url()); });
  const give = (name, mimeType, buffer) => p.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
  for (const [name, type, bytes] of [['hoc-ba.xml', 'application/xml', xml], ['hoc-ba.pdf', 'application/pdf', pdf]]) {
    await give(name, type, bytes);
    await p.getByRole('heading', { name: 'Học bạ hợp lệ' }).waitFor();
    const bent = Buffer.from(bytes);
    bent[Math.floor(bytes.length / 2)] ^= 1;
    await give(`sua-${name}`, type, bent);
    await p.getByRole('heading', { name: 'Không công nhận được học bạ này' }).waitFor();
  }
  await look(p, 'check-bad');
  await give('hoc-ba.xml', 'application/xml', xml);
  await p.getByRole('heading', { name: 'Học bạ hợp lệ' }).waitFor();
  await look(p, 'check-good', ['pc-light', 'phone-dark', 'phone-light']);
  await give('anh.pdf', 'application/pdf', Buffer.from('not a paper'));
  await p.getByRole('heading', { name: 'Không công nhận được học bạ này' }).waitFor();
  assert.deepEqual(sent, [], 'the file stays in the browser');
  await p.goto(`${base}/check/khong-co-ma-nay`);
  p.expectErrors(/404/);
  await p.getByText('Không có học bạ nào mang mã này').waitFor();
  p.assertClean();
  await p.context().close();
});

test('a family has the transcript, and what it asks for is answered', async () => {
  const staff = await api('principal');
  const guardian = await api('guardian');
  const { items: children } = await guardian.get('/me/children');
  const mine = children[0].learner_id;
  // The demo's child may be in another class; its transcripts are those that were issued.
  const p = await page(browser, { viewport: phone });
  await signIn(p, 'guardian');
  await p.goto(`${base}/papers/children/${mine}`);
  await p.getByRole('heading', { name: 'Học bạ số' }).waitFor();
  await look(p, 'papers-child');
  p.assertClean();
  await p.context().close();

  const row = (await staff.get(`/classes/${room.id}/transcripts`)).rows[0];
  await staff.post(`/transcripts/${row.transcript_id}/corrections`, { text: 'Sai dân tộc của học sinh.' });
  const office = await page(browser);
  await signIn(office, 'clerk');
  await office.goto(`${base}/papers/corrections`);
  await office.getByText('Sai dân tộc của học sinh.').waitFor();
  await look(office, 'papers-corrections');
  await office.getByRole('button', { name: 'Trả lời' }).click();
  await office.getByRole('dialog').locator('#words').fill('Đúng, trường sẽ lập lại.');
  await office.getByRole('dialog').getByRole('button', { name: 'Trả lời' }).click();
  await office.getByText('Chấp nhận, sẽ lập lại').waitFor();
  office.assertClean();
  await office.context().close();
});

// The contact book in the browser: a notice reaches the family's feed and its receipt comes back; a message keeps its draft; a request
// for leave is asked and answered.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, axe, base, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

test('a notice reaches the feed, and who has read it comes back', async () => {
  const school = await page(browser);
  await signIn(school, 'principal');
  await school.goto(`${base}/notices`);
  await school.getByRole('button', { name: 'Viết thông báo' }).first().click();
  const dialog = school.getByRole('dialog');
  await dialog.locator('#notice-title').fill('Họp phụ huynh đầu năm');
  await dialog.locator('#notice-body').fill('Kính mời phụ huynh đến dự họp lúc 8 giờ Chủ nhật.');
  await shot(school, 'notice-compose');
  await dialog.getByRole('button', { name: 'Gửi thông báo' }).click();
  await school.getByText('Họp phụ huynh đầu năm').first().waitFor();

  const family = await page(browser, { viewport: phone });
  await signIn(family, 'guardian');
  const seen = family.waitForResponse((r) => r.url().endsWith('/me/feed/seen') && r.status() === 204);
  await family.goto(`${base}/feed`);
  await family.getByRole('heading', { name: 'Họp phụ huynh đầu năm' }).waitFor();
  await seen;
  await shot(family, 'feed-phone');
  await axe(family, 'feed');
  await fits(family, 'feed');
  family.assertClean();
  await family.context().close();

  await school.getByText('Họp phụ huynh đầu năm').first().click();
  await school.waitForURL(/\/notices\/[0-9a-f-]{36}$/);
  await school.getByText(/^1\/\d+ phụ huynh đã đọc$/).first().waitFor();
  await shot(school, 'notice-readers');
  await axe(school, 'notice');
  school.assertClean();
  await school.context().close();
});

test('a message keeps its draft over a reload and is sent once', async () => {
  const p = await page(browser, { viewport: phone });
  await signIn(p, 'guardian');
  await p.goto(`${base}/threads`);
  await p.getByRole('button', { name: 'Viết tin' }).click();
  await p.getByRole('dialog').getByRole('button', { name: /Giáo viên chủ nhiệm/ }).first().click();
  await p.waitForURL(/\/threads\/[0-9a-f-]{36}$/);
  const box = p.getByRole('textbox', { name: 'Viết tin nhắn' });
  await box.fill('Thưa cô, cháu bị sốt ạ.');
  await p.reload();
  await box.waitFor();
  assert.equal(await box.inputValue(), 'Thưa cô, cháu bị sốt ạ.');
  await p.getByRole('button', { name: 'Gửi', exact: true }).click();
  await p.locator('.bubble.mine').getByText('Thưa cô, cháu bị sốt ạ.').waitFor();
  // The stream may bring one's own message before the answer to the sending, which empties the box.
  await p.waitForFunction(() => document.querySelector('form.reply textarea').value === '');
  await shot(p, 'thread-phone');
  await axe(p, 'thread');
  await fits(p, 'thread');
  p.assertClean();
  await p.context().close();
});

test('a request for leave is sent from a phone', async () => {
  const a = await api('guardian');
  const before = (await a.get('/me/leave-requests')).items.length;
  const p = await page(browser, { viewport: phone });
  await signIn(p, 'guardian');
  await p.goto(`${base}/leave`);
  await p.getByRole('button', { name: 'Xin nghỉ học' }).click();
  const dialog = p.getByRole('dialog');
  await dialog.locator('#leave-reason').fill('Cháu đi khám bệnh.');
  await shot(p, 'leave-form-phone');
  await axe(p, 'leave form');
  await dialog.getByRole('button', { name: 'Gửi đơn' }).click();
  await p.getByText('Cháu đi khám bệnh.').waitFor();
  await p.getByText('Chờ trả lời').first().waitFor();
  await shot(p, 'leave-phone');
  assert.equal((await a.get('/me/leave-requests')).items.length, before + 1);
  p.assertClean();
  await p.context().close();
});

test('a message and a notice come at once, and a learner has a feed', async () => {
  const teacher = await api('subject_teacher');
  const contacts = (await teacher.get('/contacts')).items;
  const guardian = await api('guardian');
  const child = (await guardian.get('/me/children')).items.find((c) => contacts.some((x) => x.learner_id === c.learner_id));
  const to = contacts.find((x) => x.learner_id === child.learner_id);
  const thread = await teacher.send('POST', '/threads', { learner_id: to.learner_id, class_id: to.class_id, subject_code: to.subject_code });
  const p = await page(browser, { viewport: phone });
  await signIn(p, 'guardian');
  const listens = () => p.waitForResponse((r) => r.url().endsWith('/me/events') && r.status() === 200);
  await Promise.all([listens(), p.goto(`${base}/threads/${thread.id}`)]);
  await teacher.send('POST', `/threads/${thread.id}/messages`, { body: 'Chiều nay lớp học bù.', client_key: 'e2e-live-0001' });
  // Long before anybody would look again by the clock.
  await p.locator('.bubble').getByText('Chiều nay lớp học bù.').waitFor({ timeout: 5000 });
  await Promise.all([listens(), p.goto(`${base}/feed`)]);
  const principal = await api('principal');
  const { school_id } = (await principal.get('/classes')).items[0];
  await principal.send('POST', '/notices', { school_id, kind: 'general', target: { type: 'school' }, title: 'Nghỉ học vì bão', body: 'Học sinh toàn trường nghỉ học ngày mai.', client_key: 'e2e-live-0002' });
  await p.getByRole('heading', { name: 'Nghỉ học vì bão' }).waitFor({ timeout: 5000 });
  p.assertClean();
  await p.context().close();

  const learner = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await signIn(learner, 'learner');
  await learner.goto(`${base}/feed`);
  await learner.getByRole('heading', { name: 'Nghỉ học vì bão' }).waitFor();
  await shot(learner, 'feed-learner-phone');
  await axe(learner, 'feed of a learner');
  await fits(learner, 'feed of a learner');
  learner.assertClean();
  await learner.context().close();
});

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
  assert.equal(await box.inputValue(), '');
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

// What is one's own: the first password, the address for mail, the way around on a phone.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, axe, base, desktop, fits, mailbox, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

for (const [look, options] of [['pc-light', { viewport: desktop }], ['phone-dark', { viewport: phone, colorScheme: 'dark' }]]) {
  test(`a password that somebody else gave is changed before anything else, ${look}`, async () => {
    const office = await api('principal');
    // Somebody who has never signed in, and whom no other test signs in as.
    const { items } = await office.get('/accounts?q=gv&limit=200');
    const mine = items.filter((a) => !a.last_sign_in_at && !a.disabled).at(look === 'pc-light' ? -1 : -2);
    const { code } = await office.post(`/accounts/${mine.id}/one-time-codes`);
    const p = await page(browser, options);
    p.expectErrors(/40[0-3]|422/);
    await p.goto(`${base}/sign-in?next=%2Fclasses`);
    await p.locator('#username').fill(mine.username);
    await p.locator('#password').fill(code);
    await p.locator('button[type=submit]').click();
    await p.getByRole('heading', { name: 'Chọn mật khẩu của riêng bạn' }).waitFor();
    // No address leads past it.
    await p.goto(`${base}/learners`);
    await p.getByRole('heading', { name: 'Chọn mật khẩu của riêng bạn' }).waitFor();
    assert.equal(await p.locator('nav').count(), 0);
    await axe(p, `the first password, ${look}`);
    await fits(p, `the first password, ${look}`);
    await shot(p, `first-password-${look}`);
    await p.locator('#current_password').fill(code);
    await p.locator('#new_password').fill(mine.username);
    await p.locator('button[type=submit]').click();
    // Said once, at the field.
    await p.getByText(/^Mật khẩu quá dễ đoán/).waitFor();
    assert.equal(await p.getByRole('alert').count(), 1);
    await axe(p, `a weak password, ${look}`);
    await p.locator('#new_password').fill('mưa rào tháng bảy 2026');
    await p.keyboard.press('Enter');
    await p.getByRole('heading', { level: 1, name: 'Học sinh' }).waitFor();
    p.assertClean();
    await p.context().close();
  });
}

test('an address for mail is confirmed by the code that was mailed to it', async () => {
  const box = await mailbox();
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  try {
    p.expectErrors(/422|409/);
    await signIn(p, 'guardian');
    await p.goto(`${base}/contact-preferences`);
    await p.locator('#contact-email').fill('phu.huynh@example.vn');
    await p.getByRole('button', { name: 'Lưu', exact: true }).click();
    const letter = box.next();
    await p.getByRole('button', { name: 'Gửi mã xác nhận' }).click();
    const code = p.locator('#email-code');
    await code.waitFor();
    await p.getByRole('button', { name: 'Gửi lại mã' }).waitFor();
    const right = /^Subject: (\d{6}) /m.exec(await letter)?.[1];
    assert.ok(right, 'a code of six figures in the subject');
    await code.fill(right === '123456' ? '654321' : '123456');
    await code.press('Enter');
    await p.getByText(/^Mã không đúng/).waitFor();
    assert.equal(await code.getAttribute('aria-invalid'), 'true');
    await axe(p, 'a wrong code of the mail');
    await fits(p, 'a wrong code of the mail');
    await p.screenshot({ path: new URL('./out/email-code-phone-dark.png', import.meta.url).pathname });
    await code.fill(right);
    await p.getByRole('button', { name: 'Xác nhận', exact: true }).click();
    await p.locator('main').getByText('Đã xác nhận địa chỉ này').waitFor();
    assert.equal((await (await api('guardian')).get('/me/contact-preferences')).email_confirmed, true);
    p.assertClean();
  } finally {
    box.close();
    await p.context().close();
  }
});

test('on a phone every page of the navigation is two presses away', async () => {
  const p = await page(browser, { viewport: phone });
  await signIn(p, 'principal');
  const wide = await p.locator('aside .nav a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  await p.getByRole('button', { name: 'Thêm', exact: true }).click();
  const menu = p.getByRole('dialog', { name: 'Đi tới' });
  await menu.waitFor();
  const narrow = await menu.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.deepEqual(wide.filter((way) => !way.includes('/terms/') && !narrow.includes(way)), []);
  await axe(p, 'the menu of a phone');
  await shot(p, 'menu-phone-light');
  await menu.getByRole('link', { name: 'Hạn nhập điểm' }).click();
  await p.getByRole('heading', { level: 1, name: 'Hạn nhập điểm' }).waitFor();
  assert.equal(await p.getByRole('dialog').count(), 0);
  p.assertClean();
  await p.context().close();
});

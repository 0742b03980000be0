// A school takes in a child: who is known is not entered twice, who is not gets a record with what was typed already.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

const number = '001315012399';

async function look(p) {
  await p.goto(`${base}/office/claim`);
  await p.locator('#claim-number').fill(number);
  await p.locator('#claim-name').fill('  Phạm Thị  Gia Hân ');
  await p.locator('#claim-birth').fill('2015-07-09');
  await p.getByRole('button', { name: 'Tra cứu' }).click();
}

test('a child whom nobody knows gets a record; looked for again, it is there', async () => {
  const p = await page(browser, { viewport: desktop, colorScheme: 'dark' });
  await signIn(p, 'clerk');
  await look(p);
  await p.getByText('Chưa có hồ sơ nào khớp').waitFor();
  await axe(p, 'a child whom nobody knows');
  await shot(p, 'claim-nobody');
  await p.setViewportSize(phone);
  await fits(p, 'a child whom nobody knows');
  await shot(p, 'claim-nobody-phone');
  await p.getByRole('link', { name: 'Lập hồ sơ mới' }).click();
  const dialog = p.locator('dialog[open]');
  await dialog.locator('#given').waitFor();
  const typed = async (name) => dialog.locator(`#${name}`).inputValue();
  assert.deepEqual(
    [await typed('family'), await typed('middle'), await typed('given'), await typed('birth_date'), await typed('personal_id')],
    ['Phạm', 'Thị Gia', 'Hân', '2015-07-09', number],
  );
  // The number does not stay in the address.
  await p.waitForURL((url) => url.pathname === '/learners' && url.search === '');
  await axe(p, 'a record with what was typed');
  await shot(p, 'claim-new-phone');
  await p.setViewportSize(desktop);
  await shot(p, 'claim-new');
  await dialog.locator('button[type=submit]').click();
  await p.waitForURL((url) => /^\/learners\/[0-9a-f-]{36}$/.test(url.pathname));
  const record = new URL(p.url()).pathname;
  await look(p);
  await p.getByRole('link', { name: 'Mở hồ sơ' }).click();
  await p.waitForURL((url) => url.pathname === record);
  await p.getByRole('heading', { name: 'Phạm Thị Gia Hân' }).waitFor();
  p.assertClean();
  await p.context().close();
});

// Two teachers at one mark sheet: what one writes the other sees at once, and nobody's hand is disturbed.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, axe, base, colleague, fits, open, page, phone, shot, signIn, signInAs } from './browser.mjs';

let browser;
let path;
let second;
before(async () => {
  browser = await open();
  const a = await api('subject_teacher');
  const mine = (await a.get('/me/teaching')).items.find((t) => t.subject_code === 'TOAN' && t.class_name === '8A1');
  path = `/classes/${mine.class_id}/subjects/TOAN/terms/1`;
  second = await colleague(mine.class_id, 'TOAN');
});
after(async () => { await browser?.close(); });

async function sheet(p) {
  await p.goto(base + path);
  await p.locator('[role=grid] #cell-0').waitFor();
}
const text = async (p, at) => (await p.locator(`#cell-${at}`).innerText()).trim();
const shows = (p, at, wanted) => p.waitForFunction(([id, w]) => document.getElementById(id)?.textContent.trim() === w, [`cell-${at}`, wanted]);
// A mark that is not there yet.
const other = (now, ...marks) => marks.find((m) => m !== now);

test('two at one sheet', async () => {
  const p = await page(browser);
  await signIn(p, 'subject_teacher');
  await sheet(p);
  const q = await page(browser, { colorScheme: 'dark' });
  await signInAs(q, second);
  await sheet(q);

  // Each sees that the other is here.
  const name = (await (await api('subject_teacher')).get('/me')).full_name;
  await q.locator('.here').getByText(name).waitFor();
  await p.locator('.here .face').first().waitFor();
  assert.equal(await p.locator('.here .face').count(), 1);
  await axe(p, 'two at one sheet');

  // A mark of the one comes to the other by itself, and shows that it is new.
  const first = other(await text(p, 0), '9', '8');
  await p.locator('#cell-0').click();
  await p.keyboard.type(first);
  await p.keyboard.press('Enter');
  await p.getByRole('button', { name: 'Nhập nhầm' }).click({ timeout: 1000 }).catch(() => {});
  await shows(q, 0, first);
  assert.match(await q.locator('#cell-0').getAttribute('title'), new RegExp(name));
  await shot(q, 'live-flash');

  // While the one types in a cell, the other writes it: the hand is not disturbed, and nothing is written over unseen.
  const below = Number(await p.locator('[role=grid] tbody tr').first().locator('td[id^=cell-]').count());
  const was = await text(q, below);
  const [mine, theirs] = ['7', '6', '5'].filter((m) => m !== was);
  await p.locator(`#cell-${below}`).click();
  await p.keyboard.type(mine);
  await q.locator(`#cell-${below}`).click();
  await q.keyboard.type(theirs);
  await q.keyboard.press('Enter');
  await q.getByRole('button', { name: 'Nhập nhầm' }).click({ timeout: 1000 }).catch(() => {});
  await q.getByText(/^Đã lưu \d/).first().waitFor();
  assert.equal(await p.locator('#cell-editor').inputValue(), mine);
  await p.keyboard.press('Enter');
  await p.getByText(/1 ô cần xem lại/).first().click();
  const row = p.getByRole('dialog').locator('.review li');
  await row.first().waitFor();
  assert.equal(await row.count(), 1);
  await row.getByRole('button', { name: new RegExp(`${theirs}$`) }).click();
  await p.getByRole('dialog').getByRole('button', { name: 'Về bảng điểm' }).click();
  assert.equal(await text(p, below), theirs);

  // One goes, and is gone from the other's bar.
  await shot(p, 'live');
  await q.context().close();
  await p.waitForFunction(() => !document.querySelector('.here .face'));
  p.assertClean();
  await p.context().close();
});

test('on a phone it fits, and marks come in too', async () => {
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  await signIn(p, 'subject_teacher');
  await p.goto(base + path);
  await p.locator('#phone-0').waitFor();
  const a = await api('subject_teacher');
  const { rows } = await a.get(`${path}/marks`);
  const cell = rows[2].cells.find((c) => c.slot === 'r1');
  const mark = cell?.value?.mark === 800 ? 700 : 800;
  const q = await page(browser);
  await signInAs(q, second);
  await sheet(q);
  await p.locator('.here .face').first().waitFor();
  await (await api('subject_teacher')).put(`${path}/marks`, { source: 'typed', cells: [{ learner_id: rows[2].learner_id, slot: 'r1', value: { type: 'score', mark }, version: cell?.version ?? 0 }] });
  await p.waitForFunction(([w]) => [...document.querySelectorAll('.one-column .line')][2].querySelector('input').value === w, [String(mark / 100)]);
  await fits(p, 'the sheet on a phone with another');
  await axe(p, 'the sheet on a phone with another');
  await shot(p, 'live-phone');
  await q.context().close();
  p.assertClean();
  await p.context().close();
});

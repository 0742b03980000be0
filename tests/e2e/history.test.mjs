// Who wrote what and when: the dialogs of a mark and of a comment, by keyboard and by hand.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

const looks = [['pc-light', { viewport: desktop }], ['phone-dark', { viewport: phone, colorScheme: 'dark' }]];

async function sheet() {
  const a = await api('subject_teacher');
  const mine = (await a.get('/me/teaching')).items.find((t) => t.subject_code && t.class_name === '7A1');
  return { a, path: `/classes/${mine.class_id}/subjects/${mine.subject_code}/terms/1` };
}

for (const [look, options] of looks) {
  test(`the history of a mark, ${look}`, async () => {
    const { a, path } = await sheet();
    const { rows, slots } = await a.get(`${path}/marks`);
    const cell = rows[0].cells.find((c) => c.slot === slots[0]);
    const mark = look === 'pc-light' ? 650 : 700;
    await a.put(`${path}/marks`, { source: 'typed', reason: 'Chấm lại bài', cells: [{ learner_id: rows[0].learner_id, slot: slots[0], version: cell?.version ?? 0, value: { type: 'score', mark } }] });
    const p = await page(browser, options);
    await signIn(p, 'subject_teacher');
    await p.goto(base + path);
    if (look === 'pc-light') {
      await p.locator('#cell-0').click();
      await p.keyboard.press('h');
    } else {
      await p.getByRole('button', { name: /^Lịch sử/ }).first().click();
    }
    const dialog = p.getByRole('dialog', { name: 'Lịch sử ô' });
    await dialog.getByText('“Chấm lại bài”').first().waitFor();
    const wanted = look === 'pc-light' ? /6,5$/ : /6,5\s*7$/;
    assert.ok((await dialog.locator('.step').allInnerTexts()).some((step) => wanted.test(step)));
    await axe(p, `history of a mark, ${look}`);
    await fits(p, `history of a mark, ${look}`);
    await shot(p, `history-mark-${look}`);
    await p.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    if (look === 'pc-light') await p.waitForFunction(() => document.activeElement?.closest('.sheet, .sheet-page'));
    p.assertClean();
    await p.context().close();
  });

  test(`the history of a comment, ${look}`, async () => {
    const { path } = await sheet();
    const text = `Có tiến bộ rõ so với đầu kì (${look}).`;
    const p = await page(browser, options);
    await signIn(p, 'subject_teacher');
    await p.goto(`${base}${path}/comments`);
    await p.locator('.comments textarea').first().fill(text);
    await p.getByRole('button', { name: 'Lưu 1 nhận xét' }).click();
    await p.getByText('Đã lưu 1 nhận xét').waitFor();
    await p.getByRole('button', { name: /^Lịch sử nhận xét về/ }).first().click();
    const dialog = p.getByRole('dialog', { name: 'Lịch sử nhận xét' });
    await dialog.getByText(`“${text}”`, { exact: true }).waitFor();
    await dialog.locator('.given').waitFor();
    await axe(p, `history of a comment, ${look}`);
    await fits(p, `history of a comment, ${look}`);
    await shot(p, `history-comment-${look}`);
    p.assertClean();
    await p.context().close();
  });
}

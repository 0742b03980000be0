// On paper: no furniture of the screen, and every row and column whole.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { api, base, open, page, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

// What of the screen is left on the paper, and what of the table is outside of it.
async function printed(p, table) {
  await p.locator(`${table} tbody tr`).first().waitFor();
  // A4 across, less its margins, at 96 dots to the inch.
  await p.setViewportSize({ width: 1000, height: 700 });
  await p.emulateMedia({ media: 'print' });
  return p.evaluate((table) => {
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility()).map((e) => e.className || e.tagName);
    const box = document.querySelector(table).getBoundingClientRect();
    const cells = [...document.querySelectorAll(`${table} tr`)].flatMap((row) => [...row.cells]);
    const shown = cells.filter((c) => c.checkVisibility());
    return {
      furniture: seen('.side, .mobile-bar, .phone-top, .tabs, .filters, .top .actions, .toasts, dialog, .btn'),
      rows: [...document.querySelectorAll(`${table} tbody tr`)].filter((r) => r.checkVisibility()).length,
      over: shown.filter((c) => c.getBoundingClientRect().right > Math.min(box.right, innerWidth) + 1).length,
      height: box.height < document.querySelector(`${table} table`).getBoundingClientRect().height - 2,
      head: document.querySelector('.print-head')?.checkVisibility() ?? false,
    };
  }, table);
}

async function paper(role, path, table, rows, name) {
  const p = await page(browser);
  await signIn(p, role);
  await p.goto(base + path);
  assert.deepEqual(await printed(p, table), { furniture: [], rows, over: 0, height: false, head: true }, name);
  await shot(p, `paper-${name}`);
  const pdf = await p.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.subarray(0, 4).toString(), '%PDF');
  p.assertClean();
  await p.context().close();
}

test('a mark sheet', async () => {
  const a = await api('subject_teacher');
  const mine = (await a.get('/me/teaching')).items.find((t) => t.subject_code);
  const path = `/classes/${mine.class_id}/subjects/${mine.subject_code}/terms/1`;
  const { rows } = await a.get(`${path}/marks`);
  await paper('subject_teacher', path, '.sheet', rows.length, 'sheet');
});

test('results and the council of a class', async () => {
  const a = await api('principal');
  const { id } = (await a.get('/classes')).items.find((c) => c.name === '6A1');
  const { rows } = await a.get(`/classes/${id}/results/1`);
  await paper('principal', `/classes/${id}/results/1`, '.results .table', rows.length, 'results');
  await paper('principal', `/classes/${id}/council`, '.council .table', rows.length, 'council');
});

test('who is late, folded or not', async () => {
  const a = await api('principal');
  const { school_id: school } = (await a.get('/classes')).items[0];
  const at = `/units/${school}/terms/1/mark-deadlines`;
  const was = await a.get(at);
  const days = ({ regular, midterm, final }) => ({ regular, midterm, final });
  const set = await a.send('PUT', at, { ...days(was), regular: was.term_starts_on }, was.version);
  try {
    const p = await page(browser);
    await signIn(p, 'principal');
    await p.goto(`${base}/deadlines`);
    await p.locator('.owed details').first().waitFor();
    const folded = await p.locator('.owed details:not([open])').count();
    await p.emulateMedia({ media: 'print' });
    const left = await p.evaluate(() => ({
      furniture: [...document.querySelectorAll('.side, .filters, form, .btn')].filter((e) => e.checkVisibility()).length,
      hidden: [...document.querySelectorAll('.owed li')].filter((e) => !e.checkVisibility()).length,
      place: document.querySelector('.owed')?.parentElement.innerText.includes('Học kì I'),
    }));
    assert.deepEqual(left, { furniture: 0, hidden: 0, place: true }, `${folded} folded`);
    await shot(p, 'paper-late');
    p.assertClean();
    await p.context().close();
  } finally {
    await a.send('PUT', at, days(was), set.version);
  }
});

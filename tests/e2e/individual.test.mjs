// What is one learner's own: a term at a former school, an individual plan; by the principal, on a PC and on a phone.
import { after, before, test } from 'node:test';
import { api, axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

// A class of the demo school, and one of its learners.
async function place() {
  const principal = await api('principal');
  const cls = (await principal.get('/classes')).items.find((c) => Number(c.grade) > 5);
  const learner = (await principal.get(`/classes/${cls.id}/members`)).items.find((m) => !m.left_on);
  return { cls: cls.id, learner: learner.learner_id };
}

for (const [name, viewport] of [['pc', desktop], ['phone', phone]]) {
  test(`a term at a former school and a plan (${name})`, async () => {
    const p = await page(browser, { viewport });
    const { cls, learner } = await place();
    await signIn(p, 'principal');
    await p.goto(`${base}/classes/${cls}/former`);
    await p.getByRole('button', { name: 'Ghi kết quả trường cũ' }).click();
    await p.locator('#former_school').fill('THCS Lê Lợi');
    await p.locator('#former_document').fill('Học bạ, trang 5');
    const first = p.locator('fieldset input').first();
    await first.fill('V');
    await p.getByRole('alert').waitFor();
    await first.fill('8,5');
    await p.getByText(/Đã có 1 trong/).waitFor();
    await axe(p, `former ${name}`);
    await fits(p, `former ${name}`);
    await shot(p, `former-${name}`);
    await p.goto(`${base}/learners/${learner}`);
    const plan = p.locator('section.panel', { hasText: 'Kế hoạch giáo dục cá nhân' });
    await plan.getByRole('button').first().click();
    await p.locator('#plan_document').fill('Kế hoạch số 12');
    await axe(p, `plan ${name}`);
    await fits(p, `plan ${name}`);
    await shot(p, `plan-${name}`);
    p.assertClean();
  });
}

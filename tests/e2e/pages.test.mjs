// Every page, for who uses it, on a phone in the dark and on an old PC in the light: it opens without an error, nothing serious
// for accessibility, and no page scrolls sideways.
import { after, before, test } from 'node:test';
import { api, axe, base, desktop, fits, open, page, phone, shot, signIn } from './browser.mjs';

let browser;
before(async () => { browser = await open(); });
after(async () => { await browser?.close(); });

const looks = [
  ['pc-light', { viewport: desktop, colorScheme: 'light' }],
  ['phone-dark', { viewport: phone, colorScheme: 'dark' }],
];

// A page has come to rest when nothing of it says that it is loading.
async function rest(p) {
  await p.waitForLoadState('networkidle');
  await p.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'));
}

const visits = {
  province_admin: async () => ['/', '/units', '/accounts', '/staff'],
  unit_officer: async () => ['/', '/units'],
  principal: async (a) => {
    const { items } = await a.get('/classes');
    const closed = items.find((c) => c.name === '6A1');
    return ['/', '/classes', `/classes/${closed.id}`, `/classes/${closed.id}/subjects`, `/classes/${closed.id}/results/1`, `/classes/${closed.id}/closing/1`, '/account', '/deadlines', '/phrases'];
  },
  deputy: async () => ['/', '/classes'],
  clerk: async () => ['/', '/imports', '/learners', '/accounts'],
  homeroom_teacher: async (a) => {
    const mine = (await a.get('/me/teaching')).items.find((t) => t.homeroom);
    const { items } = await a.get(`/classes/${mine.class_id}/members`);
    return ['/', `/classes/${mine.class_id}`, `/classes/${mine.class_id}/conduct/1`, `/classes/${mine.class_id}/results/1`, `/classes/${mine.class_id}/closing/1`, `/learners/${items[0].learner_id}`];
  },
  subject_teacher: async (a) => {
    const mine = (await a.get('/me/teaching')).items.find((t) => t.subject_code && t.class_name === '7A1');
    const sheet = `/classes/${mine.class_id}/subjects/${mine.subject_code}/terms/1`;
    return ['/', sheet, `${sheet}/comments`, `${sheet}/opening`, '/phrases'];
  },
  nurse: async () => ['/', '/learners'],
  accountant: async () => ['/', '/classes'],
  guardian: async (a) => {
    const { items } = await a.get('/me/children');
    return ['/', ...items.map((c) => `/children/${c.learner_id}`)];
  },
  learner: async () => ['/'],
};

for (const [look, options] of looks) {
  test(`signing in, ${look}`, async () => {
    const p = await page(browser, options);
    p.expectErrors(/401/);
    await p.goto(`${base}/sign-in`);
    await p.locator('input[name=username]').waitFor();
    await axe(p, 'sign-in');
    await fits(p, 'sign-in');
    await shot(p, `sign-in-${look}`);
    p.assertClean();
    await p.context().close();
  });

  for (const [role, paths] of Object.entries(visits)) {
    test(`${role}, ${look}`, async () => {
      const p = await page(browser, options);
      await signIn(p, role);
      for (const path of await paths(await api(role))) {
        await p.goto(base + path);
        await rest(p);
        const name = `${role}${path.replace(/[0-9a-f-]{36}/g, 'id').replace(/\W+/g, '-')}-${look}`;
        await shot(p, name);
        await fits(p, name);
        await axe(p, name);
      }
      p.assertClean();
      await p.context().close();
    });
  }
}

test('an address that is not there says so', async () => {
  const p = await page(browser);
  await signIn(p, 'principal');
  await p.goto(`${base}/nothing-here`);
  await p.getByText('Không').first().waitFor();
  await axe(p, 'not found');
  await p.context().close();
});

test('a followed link is in the address bar, and back leads back', async () => {
  const p = await page(browser);
  await signIn(p, 'principal');
  await p.locator('nav a[href="/classes"]').first().click();
  await p.waitForURL(/\/classes$/);
  await p.getByRole('heading', { level: 1, name: 'Lớp học' }).waitFor();
  await p.goBack();
  await p.waitForURL((url) => url.pathname === '/');
  p.assertClean();
  await p.context().close();
});

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
  // Not the quiet of the network: a mark sheet keeps a stream open.
  await p.waitForFunction(() => document.body.classList.contains('mounted') && document.querySelector('h1, h2') && !document.querySelector('[aria-busy="true"], .skeleton, .bones'));
}

const visits = {
  province_admin: async (a) => {
    const { items: schools } = await a.get('/units?kind=school');
    const { items: classes } = await a.get('/classes?grade=10');
    return ['/', '/units', `/units/${schools[0].id}`, '/school-years', '/accounts', '/staff', `/classes/${classes[0].id}/electives`];
  },
  unit_officer: async (a) => ['/', '/units', `/units/${(await a.get('/units')).items[0].id}`],
  principal: async (a) => {
    const { items } = await a.get('/classes');
    const closed = items.find((c) => c.name === '6A1');
    const me = await a.get('/me');
    const school = me.roles.find((one) => one.unit_id).unit_id;
    const first = async (path) => (await a.get(path)).items[0];
    const [teacher, training, plan, item] = [
      await first(`/staff?unit_id=${school}&position=teacher`), await first('/trainings'), await first(`/teaching-plans?school_id=${school}`), await first(`/units/${school}/equipment`),
    ];
    const office = [
      '', '/staff', `/staff/${teacher.id}`, '/staff-load', '/staff-records', '/staff-proposals', '/trainings', `/trainings/${training.id}`, '/quality', '/transfers', '/duplicates', '/plans',
      `/plans/${plan.id}`, '/plans/groups', '/facilities', `/facilities/${school}/2025`, '/equipment', `/equipment/${item.code}`, '/finance', '/finance/projects', '/consents', '/rollover', '/registers',
    ].map((path) => `/office${path}`);
    return [...office, '/', '/classes', `/classes/${closed.id}`, `/classes/${closed.id}/subjects`, `/classes/${closed.id}/results/1`, `/classes/${closed.id}/closing/1`, '/account', '/notices', '/contact-adoption', '/message-reports', `/classes/${closed.id}/council`, `/classes/${closed.id}/summer`, `/classes/${closed.id}/days/1`, '/deadlines', '/phrases', '/closing-runs'];
  },
  deputy: async () => ['/', '/classes'],
  clerk: async (a) => {
    const { items: staff } = await a.get('/staff');
    const { items: learners } = await a.get('/learners');
    const { items: accounts } = await a.get('/accounts');
    return ['/', '/office/imports', '/learners', `/learners/${learners[0].id}`, '/staff', `/staff/${staff[0].id}`, '/accounts', `/accounts/${accounts[0].id}`];
  },
  homeroom_teacher: async (a) => {
    const mine = (await a.get('/me/teaching')).items.find((t) => t.homeroom);
    const { items } = await a.get(`/classes/${mine.class_id}/members`);
    return ['/', `/classes/${mine.class_id}`, `/classes/${mine.class_id}/conduct/1`, `/classes/${mine.class_id}/results/1`, `/classes/${mine.class_id}/closing/1`, `/learners/${items[0].learner_id}`, '/threads', `/classes/${mine.class_id}/contact`, `/classes/${mine.class_id}/council`, `/classes/${mine.class_id}/days/1`];
  },
  subject_teacher: async (a) => {
    const mine = (await a.get('/me/teaching')).items.find((t) => t.subject_code && t.class_name === '7A1');
    const sheet = `/classes/${mine.class_id}/subjects/${mine.subject_code}/terms/1`;
    return ['/', sheet, `${sheet}/comments`, `${sheet}/opening`, '/phrases'];
  },
  nurse: async (a) => {
    const school = (await a.get('/me')).roles.find((one) => one.unit_id).unit_id;
    const { items: rounds } = await a.get(`/schools/${school}/health-rounds`);
    const room = (await a.get('/classes')).items.find((c) => c.name === '6A1');
    const { items: members } = await a.get(`/classes/${room.id}/members`);
    return ['/', '/learners', '/office/health', `/office/health/rounds/${rounds[0].id}/classes/${room.id}`, `/office/health/learners/${members[0].learner_id}`];
  },
  accountant: async () => ['/', '/classes', '/office/finance', '/office/equipment'],
  guardian: async (a) => {
    const { items } = await a.get('/me/children');
    return ['/', ...items.flatMap((c) => [`/children/${c.learner_id}`, `/office/children/${c.learner_id}/health`, `/office/children/${c.learner_id}/consents`]), '/feed', '/threads', '/leave', '/contact-preferences'];
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

// Dialogs of the records, each opened by its button, on the same two screens.
const dialogs = {
  province_admin: async (a) => {
    const { items: schools } = await a.get('/units?kind=school');
    const { items: communes } = await a.get('/units?kind=commune');
    return [
      [`/units/${communes[0].id}`, 'Thêm đơn vị trực thuộc'], [`/units/${schools[0].id}`, 'Chuyển đơn vị'], [`/units/${schools[0].id}`, 'Giải thể'],
      ['/school-years', 'Thêm năm học'], ['/school-years', 'Sửa'], ['/accounts', 'Thêm tài khoản'],
    ];
  },
  principal: async (a) => {
    const { items: classes } = await a.get('/classes');
    const { items: staff } = await a.get('/staff');
    return [
      ['/classes', 'Thêm lớp'], [`/classes/${classes[0].id}`, 'Sửa lớp'], [`/classes/${classes[0].id}`, 'Thêm học sinh'],
      [`/classes/${classes[0].id}/subjects`, 'Sửa phân công'], ['/staff', 'Thêm nhân sự'], [`/staff/${staff[0].id}`, 'Thêm vị trí'], [`/staff/${staff[0].id}`, 'Kết thúc'],
    ];
  },
  clerk: async (a) => {
    const { items: learners } = await a.get('/learners');
    const at = `/learners/${learners[0].id}`;
    return [[at, 'Sửa hồ sơ'], [at, 'Thêm người giám hộ'], [at, 'Đổi trạng thái'], [at, 'Tạo tài khoản']];
  },
};

for (const [look, options] of looks) {
  for (const [role, list] of Object.entries(dialogs)) {
    test(`dialogs of ${role}, ${look}`, async () => {
      const p = await page(browser, options);
      await signIn(p, role);
      for (const [path, button] of await list(await api(role))) {
        await p.goto(base + path);
        await rest(p);
        await p.getByRole('button', { name: button, exact: true }).first().click();
        await p.locator('dialog[open] form, form.assign').first().waitFor();
        await rest(p);
        const name = `${role}-${button}-${look}`.replace(/[^\p{L}\d]+/gu, '-');
        await shot(p, name);
        await fits(p, name);
        await axe(p, name);
      }
      p.assertClean();
      await p.context().close();
    });
  }
}

test('a one-time code sets a password, and the way leads to signing in', async () => {
  const a = await api('principal');
  // Somebody whom no other test signs in as.
  const { items } = await a.get('/accounts?q=gv');
  const { code } = await a.post(`/accounts/${items[0].id}/one-time-codes`);
  const p = await page(browser, { viewport: phone, colorScheme: 'dark' });
  p.expectErrors(/40[01]|422/);
  await p.goto(`${base}/reset`);
  await p.locator('#username').fill(items[0].username);
  await p.locator('#code').fill('KHONGDUNG');
  await p.locator('#new_password').fill('mot-mat-khau-moi-2026');
  await p.locator('button[type=submit]').click();
  await p.getByRole('alert').first().waitFor();
  await axe(p, 'a wrong code');
  await p.locator('#code').fill(code);
  await p.locator('button[type=submit]').click();
  const way = p.getByRole('link', { name: 'Đăng nhập', exact: true });
  await way.waitFor();
  await axe(p, 'a password that was set');
  await fits(p, 'a password that was set');
  await way.click();
  await p.locator('#username').fill(items[0].username);
  await p.locator('#password').fill('mot-mat-khau-moi-2026');
  await p.locator('button[type=submit]').click();
  await p.waitForURL((url) => url.pathname === '/');
  p.assertClean();
  await p.context().close();
});

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

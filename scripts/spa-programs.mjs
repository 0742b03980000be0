// The programs that the pages are cut into, and whether boot.js chooses well among them.

// Bytes as brotli of what comes behind the door, and is then kept. A little above what they weigh.
export const BEHIND = { family: 400_000, papers: 500_000, people: 860_000, office: 800_000, check: 340_000, khue: 950_000 };
// The door is the first page.
export const PROGRAMS = ['door', ...Object.keys(BEHIND)];

const TABLES = { khue: 'ROUTES', papers: 'PAPERS', people: 'PEOPLE', office: 'OFFICE' };

// Every address of the crate is loaded with a program that has a page for it. `boot` and `app`: the sources.
export function agree(boot, app) {
  const words = Function(`${boot.match(/^const words = \[[\s\S]*?^\];/m)[0]} return words`)();
  const tables = Object.fromEntries(Object.entries(TABLES).map(([program, name]) => {
    const [, body] = app.match(new RegExp(`^const ${name}: &\\[Route\\] = &\\[([\\s\\S]*?)^\\];`, 'm'));
    return [program, [...body.matchAll(/^ {4}\("([^"]+)"/gm)].map(([, pattern]) => pattern)];
  }));
  const lost = [];
  for (const pattern of new Set(Object.values(tables).flat())) {
    const address = pattern.replace(/:\w+/g, 'x');
    const program = words.find(([, word]) => word.test(address))?.[0] ?? 'khue';
    if (program !== 'door' && !tables[program]?.includes(pattern)) lost.push(`${pattern} is loaded with ${program}, which has no such page`);
  }
  return lost;
}

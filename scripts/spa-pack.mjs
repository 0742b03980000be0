// Packs what wasm-bindgen wrote with styles and fonts into DIST: names with the hash of their content, precompressed twins,
// index.html that points to them, and a table of sizes. Fails when the first page is heavier than the promise.
//   node scripts/spa-pack.mjs release|dev WORK FRONTEND DIST
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { figures } from './spa-figures.mjs';
import { BEHIND, PROGRAMS, agree } from './spa-programs.mjs';

const [mode, work, frontend, dist] = process.argv.slice(2);
const LIMIT = 240_000; // bytes as brotli: wasm + js + css + fonts of the first page
const release = mode === 'release';
const STYLES = [
  'tokens', 'base', 'controls', 'layout', 'table', 'form', 'sheet', 'results', 'family', 'records', 'contact',
  'growth', 'preschool', 'comments', 'papers', 'public', 'registers', 'office', 'tree', 'print',
];

const lost = agree(readFileSync(join(frontend, 'public/boot.js'), 'utf8'), readFileSync(join(frontend, 'src/app.rs'), 'utf8'));
if (lost.length) throw new Error(`boot.js: ${lost.join('; ')}`);

for (const program of release ? PROGRAMS : []) {
  const wasm = join(work, `${program}_bg.wasm`);
  const features = ['--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals', '--enable-reference-types', '--enable-multivalue'];
  const run = spawnSync(process.execPath, [join(frontend, 'node_modules/binaryen/bin/wasm-opt'), '-Oz', ...features, wasm, '-o', `${wasm}.opt`], { stdio: 'inherit' });
  if (run.status !== 0) throw new Error('wasm-opt failed');
  // A full disk truncates it without a word.
  if (!WebAssembly.validate(readFileSync(`${wasm}.opt`))) throw new Error(`wasm-opt wrote no whole program: ${wasm}.opt`);
  renameSync(`${wasm}.opt`, wasm);
}

const fresh = `${dist}.new`;
rmSync(fresh, { recursive: true, force: true });
mkdirSync(join(fresh, 'assets'), { recursive: true });
const sizes = [];

function compress(path, bytes) {
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: release ? 11 : 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  // What is compressed already (fonts) gets no twins.
  const pays = brotli.length < bytes.length * 0.95;
  if (pays) {
    writeFileSync(`${path}.br`, brotli);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: release ? 9 : 5 }));
  }
  return pays ? brotli.length : bytes.length;
}

function put(name, bytes, { first = true, fixed = false } = {}) {
  bytes = Buffer.from(bytes);
  const dot = name.lastIndexOf('.');
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 10);
  const file = fixed ? name : `assets/${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
  const path = join(fresh, file);
  writeFileSync(path, bytes);
  sizes.push({ file, raw: bytes.length, brotli: compress(path, bytes), first });
  return `/${file}`;
}

const text = (...parts) => readFileSync(join(...parts), 'utf8');
const squeeze = (css) => css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ').replace(/ ?([{};,]) ?/g, '$1').replace(/: /g, ':').replace(/;}/g, '}').trim();

// Fonts: two weights, two subsets. Latin holds Â, Ê, Ô; the Vietnamese one the rest.
const ranges = {
  latin: 'U+0000-00FF,U+0131,U+2000-206F,U+20AC,U+2122,U+2190-2193,U+2212,U+2215,U+FEFF,U+FFFD',
  vietnamese: 'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB',
};
const fonts = [];
let faces = '';
for (const weight of [400, 600]) {
  for (const subset of Object.keys(ranges)) {
    const url = put(`bvp-${subset}-${weight}.woff2`, readFileSync(join(frontend, `node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-${subset}-${weight}-normal.woff2`)));
    fonts.push(url);
    faces += `@font-face{font-family:"Be Vietnam Pro";font-style:normal;font-weight:${weight};font-display:swap;src:url(${url}) format("woff2");unicode-range:${ranges[subset]}}`;
  }
}

for (const weight of [400, 600]) {
  const woff = readFileSync(join(frontend, `node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-${weight}-normal.woff`));
  const url = put(`figures-${weight}.woff`, figures(woff));
  faces += `@font-face{font-family:"Khue Figures";font-style:normal;font-weight:${weight};font-display:swap;src:url(${url}) format("woff");unicode-range:U+30-39}`;
}

const css = put('khue.css', faces + squeeze(STYLES.map((name) => text(frontend, 'styles', `${name}.css`)).join('\n')));
const theme = put('theme.js', text(frontend, 'public/theme.js').replace(/^\s*\/\/.*\n/gm, ''));
// A program is its WebAssembly and what loads it.
function program(name, first) {
  const wasm = put(`${name}.wasm`, readFileSync(join(work, `${name}_bg.wasm`)), { first });
  let glue = text(work, `${name}.js`).replace(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, '');
  // Small modules that crates bring along get names like everything else.
  if (existsSync(join(work, 'snippets'))) {
    for (const entry of readdirSync(join(work, 'snippets'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      if (!glue.includes(`./${relative(work, path)}`)) continue;
      glue = glue.replaceAll(`./${relative(work, path)}`, put(entry.name, readFileSync(path), { first }));
    }
  }
  return [put(`${name}.js`, glue, { first }), wasm];
}
const programs = Object.fromEntries(PROGRAMS.map((name) => [name, program(name, name === 'door')]));
const boot = put('boot.js', text(frontend, 'public/boot.js').replace(/^\s*\/\/.*\n/gm, '').replace('__PROGRAMS__', JSON.stringify(programs)));
mkdirSync(join(fresh, 'push'));
put('push/worker.js', text(frontend, 'public/push/worker.js').replace(/^\s*\/\/.*\n/gm, ''), { first: false, fixed: true });
const icon = put('icon.svg', text(frontend, 'public/icon.svg'), { first: false });

const page = text(frontend, 'index.html')
  .replace(/<!--[\s\S]*?-->\s*/g, '')
  .replace(/__(CSS|THEME|BOOT|ICON|FONT_LATIN|FONT_VIETNAMESE)__/g, (_, key) => ({
    CSS: css, THEME: theme, BOOT: boot, ICON: icon, FONT_LATIN: fonts[0], FONT_VIETNAMESE: fonts[1],
  })[key]);
put('index.html', page, { fixed: true });
// The worker keeps all of one build; a build is the hash of the page, which names everything else by its hash.
const build = createHash('sha256').update(page).digest('base64url').slice(0, 10);
const behind = Object.keys(BEHIND).flatMap((name) => programs[name]);
const common = sizes.map(({ file }) => `/${file}`).filter((file) => file.startsWith('/assets/') && !behind.includes(file));
put('sw.js', text(frontend, 'public/sw.js').replace(/^\s*\/\/.*\n/gm, '').replace('__BUILD__', `khue-${build}`).replace('__COMMON__', JSON.stringify(common)).replace('__FAMILY__', JSON.stringify(programs.family)).replace('__STAFF__', JSON.stringify(programs.khue)), { fixed: true, first: false });

rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);

const kb = (n) => `${(n / 1000).toFixed(1)} KB`.padStart(11);
for (const { file, raw, brotli, first } of sizes) console.error(`  ${file.padEnd(44)}${kb(raw)}${kb(brotli)}${first ? '' : '  (behind the door)'}`);
const total = sizes.filter((s) => s.first).reduce((sum, s) => sum + s.brotli, 0);
console.error(`  ${'first page (signing in), as brotli'.padEnd(55)}${kb(total)}  of ${kb(LIMIT).trim()}`);
let heavy = total > LIMIT;
for (const [name, limit] of Object.entries(BEHIND)) {
  const weight = sizes.filter((s) => programs[name].includes(`/${s.file}`)).reduce((sum, s) => sum + s.brotli, 0);
  console.error(`  ${`behind the door: ${name}`.padEnd(55)}${kb(weight)}  of ${kb(limit).trim()}`);
  heavy ||= weight > limit;
}
if (release && heavy) {
  console.error('khue: heavier than promised');
  process.exit(1);
}

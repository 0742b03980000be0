// Chooses between the door and the pages, and starts the one. Where the browser is too old, or a file does not arrive, says
// so in words.
const parts = { door: ['__DOOR_JS__', '__DOOR_WASM__'], family: ['__FAMILY_JS__', '__FAMILY_WASM__'], inside: ['__KHUE_JS__', '__KHUE_WASM__'], papers: ['__PAPERS_JS__', '__PAPERS_WASM__'], office: ['__OFFICE_JS__', '__OFFICE_WASM__'], check: ['__CHECK_JS__', '__CHECK_WASM__'] };
const path = location.pathname;
let known = '1';
let family = null;
try { known = localStorage.getItem('khue.in'); family = localStorage.getItem('khue.family'); } catch (e) { /* storage may be switched off: the pages will ask the server */ }
let door = path === '/sign-in' || path === '/reset';
const check = /^\/check(\/|$)/.test(path);
// What a school shows to anybody stands before the door.
const school = /^\/schools\//.test(path);
if (!door && !check && !school && !known) {
  history.replaceState(null, '', '/sign-in' + (path === '/' ? '' : '?next=' + encodeURIComponent(path)));
  door = true;
}
const [js, wasm] = door || school ? parts.door : check ? parts.check : /^\/papers(\/|$)/.test(path) ? parts.papers : /^\/office(\/|$)/.test(path) ? parts.office : family ? parts.family : parts.inside;
import(js).then((app) => app.default({ module_or_path: wasm })).catch((error) => {
  console.error(error);
  const splash = document.getElementById('splash');
  if (!splash) return;
  splash.setAttribute('role', 'alert');
  splash.querySelector('p').textContent = document.documentElement.lang !== 'en'
    ? 'Không mở được trang. Hãy kiểm tra đường truyền rồi tải lại; nếu vẫn không được, hãy dùng Chrome, Edge, Cốc Cốc hoặc Firefox bản mới.'
    : 'The page did not open. Check the connection and reload; if it still fails, use a recent Chrome, Edge or Firefox.';
});
// From then on the pages open without a line. After the pages themselves, which a slow line needs first.
if (!door && !check && !school && 'serviceWorker' in navigator) addEventListener('load', () => navigator.serviceWorker.register(family ? '/sw.js?family' : '/sw.js').catch((error) => console.warn(error)));
// While a name is typed at the door, the pages behind it come: those that were used here last, else on a phone a family's.
if (door) addEventListener('input', () => {
  for (const href of family || (!known && matchMedia('(pointer: coarse)').matches) ? parts.family : parts.inside) {
    const link = document.createElement('link');
    link.rel = 'prefetch';
    link.href = href;
    document.head.append(link);
  }
}, { once: true });

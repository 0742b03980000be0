// Chooses between the door and the pages, and starts the one. Where the browser is too old, or a file does not arrive, says
// so in words.
const parts = __PROGRAMS__;
const path = location.pathname;
let known = '1';
let family = null;
try { known = localStorage.getItem('khue.in'); family = localStorage.getItem('khue.family'); } catch (e) { /* storage may be switched off: the pages will ask the server */ }
// The first that fits has the page; what fits none is one of the staff, or of a family where one is at home. The build fails where a program is
// chosen that has no page for an address of its crate.
const words = [
  // What a school shows to anybody stands before the door.
  ['door', /^\/(sign-in|reset)$|^\/schools\//],
  ['check', /^\/check(\/|$)/],
  ['papers', /^\/(papers|office\/children)(\/|$)/],
  ['people', /^\/(learners$|units(\/[^/]+)?$|(staff|accounts|school-years|imports|closing-runs|deadlines|deliveries|message-reports)(\/|$))/],
  ['people', /^\/office\/(staff|staff-load|staff-records|staff-proposals|evaluations|trainings|my-record|imports|quality|transfers|packages|claim|duplicates|learners|consents|erasures|registers|rollover)(\/|$)/],
  ['office', /^\/office(\/|$)/],
];
const fitting = words.find(([, word]) => word.test(path));
let chosen = fitting ? fitting[0] : family ? 'family' : 'khue';
if (chosen !== 'door' && chosen !== 'check' && !known) {
  history.replaceState(null, '', '/sign-in' + (path === '/' ? '' : '?next=' + encodeURIComponent(path)));
  chosen = 'door';
}
const [js, wasm] = parts[chosen];
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
if (chosen !== 'door' && chosen !== 'check' && 'serviceWorker' in navigator) addEventListener('load', () => navigator.serviceWorker.register(family ? '/sw.js?family' : '/sw.js').catch((error) => console.warn(error)));
// While a name is typed at the door, the pages behind it come: those that were used here last, else on a phone a family's.
if (chosen === 'door') addEventListener('input', () => {
  for (const href of family || (!known && matchMedia('(pointer: coarse)').matches) ? parts.family : parts.khue) {
    const link = document.createElement('link');
    link.rel = 'prefetch';
    link.href = href;
    document.head.append(link);
  }
}, { once: true });

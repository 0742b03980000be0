// Starts the pages. Where the browser is too old, or the file does not arrive, says so in words.
import init from '__KHUE_JS__';
init({ module_or_path: '__KHUE_WASM__' }).catch(function (error) {
  console.error(error);
  var vi = document.documentElement.lang !== 'en';
  var splash = document.getElementById('splash');
  if (!splash) return;
  splash.setAttribute('role', 'alert');
  splash.querySelector('p').textContent = vi
    ? 'Không mở được trang. Hãy kiểm tra đường truyền rồi tải lại; nếu vẫn không được, hãy dùng Chrome, Edge, Cốc Cốc hoặc Firefox bản mới.'
    : 'The page did not open. Check the connection and reload; if it still fails, use a recent Chrome, Edge or Firefox.';
});

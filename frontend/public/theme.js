// Runs before the first paint, so that a chosen theme or language does not flash.
(function () {
  try {
    var theme = localStorage.getItem('khue.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    var lang = localStorage.getItem('khue.lang');
    if (lang === 'vi' || lang === 'en') document.documentElement.lang = lang;
  } catch (e) { /* storage may be switched off */ }
})();

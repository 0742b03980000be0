// Shows push messages and opens the page that they tell of. It serves no pages and keeps nothing: its scope is this folder.
addEventListener('push', (event) => {
  let message = {};
  try { message = event.data.json(); } catch (e) { /* a message without content still says that there is something */ }
  event.waitUntil(self.registration.showNotification(message.title || 'Khuê', {
    body: message.body || '',
    // The same message again takes the place of the first.
    tag: message.key,
    data: message.path || '/',
    lang: 'vi',
  }));
});
addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path = event.notification.data;
  if (typeof path !== 'string' || !/^\/[a-z0-9/-]*$/.test(path)) return;
  event.waitUntil(clients.matchAll({ type: 'window', includeUncontrolled: true }).then((open) => {
    const here = open.find((client) => 'focus' in client);
    return here ? here.focus().then((client) => client.navigate ? client.navigate(path).catch(() => clients.openWindow(path)) : clients.openWindow(path)) : clients.openWindow(path);
  }));
});

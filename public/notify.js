// Shows the one notification of a waiting patient on phones, where a page alone may not, and brings that page back on a tap.
// It answers no requests: nothing of this site is kept or served by it.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const back = async () => {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    await pages.find((page) => new URL(page.url).pathname.startsWith("/join/"))?.focus();
  };
  event.waitUntil(back());
});

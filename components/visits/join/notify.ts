/** `missing` where a browser has none for pages, as on an iPhone. */
export type NotifyState = NotificationPermission | "missing";

export const notifyState = (): NotifyState => ("Notification" in window ? Notification.permission : "missing");

/** Asks the person; where pages may only notify through a worker, that is put in place now. */
export async function askToNotify(): Promise<NotifyState> {
  if (!("Notification" in window)) return "missing";
  const answer = await Notification.requestPermission();
  if (answer === "granted") await navigator.serviceWorker?.register("/notify.js").catch(() => {});
  return answer;
}

/** Says on the device itself that the visit can begin, when the page is not in sight. No name: it may stand on a locked screen. */
export async function notifyReady(): Promise<void> {
  if (!document.hidden || notifyState() !== "granted") return;
  const title = "Your visit can begin";
  const words = { body: "Your doctor is ready. Come back to the page.", tag: "assent-ready", requireInteraction: true };
  try {
    const note = new Notification(title, words);
    note.onclick = () => {
      window.focus();
      note.close();
    };
  } catch {
    const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
    await worker?.showNotification(title, words).catch(() => {});
  }
}

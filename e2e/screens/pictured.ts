import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";

const FOLDER = join(import.meta.dirname, "../../docs/screens");
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;
type Size = keyof typeof SIZES;

/** Keeps what a page shows as docs/screens/NAME-SIZE-THEME.jpg, and leaves the page as it was. */
export async function pictured(page: Page, name: string, { whole = false, sizes = Object.keys(SIZES) as Size[] } = {}) {
  const before = page.viewportSize();
  for (const size of sizes) {
    await page.setViewportSize(SIZES[size]);
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      const path = join(FOLDER, `${name}-${size}-${theme}.jpg`);
      await page.screenshot({
        path,
        type: "jpeg",
        quality: 50,
        fullPage: whole,
        animations: "disabled",
        caret: "hide",
      });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (before) await page.setViewportSize(before);
}

/** From now on the camera of this browser shows somebody. */
export async function shows(context: BrowserContext, who: "ana" | "maria" | "osei"): Promise<void> {
  const svg = readFileSync(join(import.meta.dirname, `${who}.svg`), "utf8");
  await context.addInitScript((portrait) => {
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      for (const camera of stream.getVideoTracks()) {
        const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 800 });
        const paint = canvas.getContext("2d");
        const picture = new Image();
        picture.src = `data:image/svg+xml,${encodeURIComponent(portrait)}`;
        await picture.decode();
        const settings = camera.getSettings();
        const track = canvas.captureStream(10).getVideoTracks()[0] as MediaStreamTrack;
        const painting = setInterval(() => {
          if (track.readyState === "ended") clearInterval(painting);
          paint?.drawImage(picture, 0, 0);
        }, 100);
        track.getSettings = () => ({ ...settings, width: 1280, height: 800 });
        stream.removeTrack(camera);
        camera.stop();
        stream.addTrack(track);
      }
      return stream;
    };
  }, svg);
}

import type { Page } from "@playwright/test";
import { meet } from "./meet.ts";
import { expect, seesTheOther, test } from "./people.ts";

/** How high what the doctor shows sounds: higher than the beep of a made-up microphone. */
const TONE_HZ = 3_000;

/** How loud this pitch is in what arrives from the other, in decibels: −100 is nothing. */
const loudness = (page: Page, hertz: number) =>
  page.evaluate(async (pitch) => {
    const { srcObject } = document.querySelector<HTMLVideoElement>("video[data-remote]") ?? {};
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(srcObject as MediaStream).connect(analyser);
    await context.resume();
    const bins = new Float32Array(analyser.frequencyBinCount);
    let loudest = -100;
    for (const end = performance.now() + 1_500; performance.now() < end; ) {
      await new Promise(requestAnimationFrame);
      analyser.getFloatFrequencyData(bins);
      loudest = Math.max(loudest, bins[Math.round((pitch * analyser.fftSize) / context.sampleRate)] ?? -100);
    }
    await context.close();
    return loudest;
  }, hertz);

/** A screen that is white and sounds; the browser's own made-up one is silent. */
const showsAndSounds = (page: Page) =>
  page.addInitScript((pitch) => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
      const paint = canvas.getContext("2d");
      setInterval(() => {
        if (paint) paint.fillStyle = "white";
        paint?.fillRect(0, 0, 640, 360);
      }, 100);
      const context = new AudioContext();
      const out = context.createMediaStreamDestination();
      const tone = new OscillatorNode(context, { frequency: pitch });
      tone.connect(out);
      tone.start();
      return new MediaStream([...canvas.captureStream().getTracks(), ...out.stream.getTracks()]);
    };
  }, TONE_HZ);

test("the sound of what the doctor shows is heard on the other side, also while her microphone is muted", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await showsAndSounds(drOsei.page);
  await meet(drOsei, ana);
  await drOsei.button("Mute").click();
  expect(await loudness(ana.page, TONE_HZ)).toBeLessThan(-80);
  await drOsei.button("Share screen").click();
  await expect(drOsei.button("Stop sharing")).toBeVisible();
  await expect.poll(() => loudness(ana.page, TONE_HZ), { timeout: 30_000 }).toBeGreaterThan(-50);
  await seesTheOther(ana.page);
  await drOsei.button("Stop sharing").click();
  await expect.poll(() => loudness(ana.page, TONE_HZ), { timeout: 30_000 }).toBeLessThan(-80);
});

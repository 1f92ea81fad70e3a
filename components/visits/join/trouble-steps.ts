import type { Trouble } from "@/lib/call/media.browser.ts";
import { type Browser, browserOf } from "./browsers.ts";

/** What someone can do about a camera, step by step, as their browser names things. */
export interface Help {
  title: string;
  why: string;
  steps: readonly string[];
}

const allowAgain: Record<Browser, readonly string[]> = {
  ios: [
    "Tap the sign beside the address (aA, or a small page).",
    "Choose Website Settings, then set Camera and Microphone to Allow.",
    "Come back and try again.",
  ],
  safari: [
    "In the menu bar choose Safari, then Settings for This Website.",
    "Set Camera and Microphone to Allow.",
    "Come back and try again.",
  ],
  "firefox-phone": [
    "Tap the lock to the left of the address.",
    "Tap Camera and Microphone until they say Allowed.",
    "Come back and try again.",
  ],
  firefox: [
    "Click the crossed-out camera to the left of the address.",
    "Remove “Blocked” with the small x, for camera and microphone.",
    "Come back and try again, and choose Allow.",
  ],
  "chrome-phone": [
    "Tap the settings sign to the left of the address at the top.",
    "Tap Permissions, then allow camera and microphone.",
    "Come back and try again.",
  ],
  chrome: [
    "Click the settings sign to the left of the address at the top.",
    "Switch on Camera and Microphone.",
    "Come back and try again.",
  ],
};

/** Who said no: this site's permission, nobody yet (the question was put away), or the device's own settings. */
export type RefusedBy = "site" | "nobody" | "device";

function deviceSettings(browser: Browser, what: "camera" | "microphone"): readonly string[] {
  const entry = what === "camera" ? "Camera" : "Microphone";
  switch (browser) {
    case "ios":
      return [`Open the Settings app, then Privacy & Security, then ${entry}.`, "Switch it on for this browser."];
    case "safari":
      return [`Open System Settings, then Privacy & Security, then ${entry}.`, "Switch it on for this browser."];
    case "firefox-phone":
    case "chrome-phone":
      return ["Open the device’s Settings, then Apps, then this browser.", `Tap Permissions and allow the ${what}.`];
    default:
      return [`Open the computer’s settings and look for ${what} privacy.`, "Allow it for this browser."];
  }
}

export function helpFor(
  what: "camera" | "microphone",
  why: Trouble,
  agent: string,
  refusedBy: RefusedBy = "site",
): Help {
  const camera = what === "camera";
  switch (why) {
    case "refused":
      if (refusedBy === "nobody") {
        return {
          title: camera ? "The camera is not allowed yet" : "The microphone is not allowed yet",
          why: "Your browser asked, and the question was closed without an answer. Nothing is blocked.",
          steps: ["Choose Try again.", "When your browser asks, choose Allow."],
        };
      }
      if (refusedBy === "device") {
        return {
          title: camera ? "Your device keeps the camera closed" : "Your device keeps the microphone closed",
          why: "This page may use it, but the device’s own settings forbid it to the whole browser.",
          steps: [
            ...deviceSettings(browserOf(agent), what),
            "Come back and try again. Some devices want the browser to be closed first.",
          ],
        };
      }
      return {
        title: camera ? "The camera is blocked" : "The microphone is blocked",
        why: "Your browser was told not to use it. You can change that:",
        steps: allowAgain[browserOf(agent)],
      };
    case "none":
      return {
        title: camera ? "No camera found" : "No microphone found",
        why: "This device has none, or it is switched off or unplugged.",
        steps: camera
          ? [
              "If it has a slider or a key with a camera on it, switch it on.",
              "If it is a separate camera, plug it in.",
            ]
          : ["If there is a switch on it or on the cable, switch it on.", "If it is a headset, plug it in again."],
      };
    case "busy":
      return {
        title: camera ? "Another app is using the camera" : "Another app is using the microphone",
        why: "Only one can use it at a time. Nothing is broken.",
        steps: [
          "Close other video apps and browser tabs, such as a video call from this morning.",
          "Still busy? Restart the device, then open the link again. It stays valid.",
        ],
      };
    case "unsupported":
      return {
        title: "This browser can’t use a camera",
        why: "It is too old, or it was told never to give one.",
        steps: [
          "Open the link in a current Chrome, Safari, Edge or Firefox.",
          "If there is none on this device, use another one: a phone is enough.",
        ],
      };
    default:
      return {
        title: camera ? "The camera didn’t start" : "The microphone didn’t start",
        why: "Your browser didn’t say why.",
        steps: [
          "Unplug it and plug it in again, if it has a cable.",
          "Try again. If that doesn’t help, restart the device.",
        ],
      };
  }
}

/** Opened inside a mail or chat app: nothing has failed yet, but much may. */
export function helpInside(app: string): Help {
  return {
    title: app === "another app" ? "This page is open inside another app" : `This page is open inside ${app}`,
    why: "Such windows often have no camera, and forget everything when you close them.",
    steps: [
      "Copy the link here. The address in the window is not all of it.",
      "Open Chrome, Safari, Edge or Firefox.",
      "Paste the link into the line at the top, and go on there.",
    ],
  };
}

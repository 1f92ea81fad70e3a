import type { Trouble } from "@/lib/call/media.browser.ts";

/** What someone can do about a camera, step by step, as their browser names things. */
export interface Help {
  title: string;
  why: string;
  steps: readonly string[];
}

type Browser = "ios" | "safari" | "firefox-phone" | "firefox" | "chrome-phone" | "chrome";

function browserOf(agent: string): Browser {
  if (/iPhone|iPad|iPod/.test(agent)) return "ios";
  const phone = /Android|Mobile/.test(agent);
  if (/Firefox\//.test(agent)) return phone ? "firefox-phone" : "firefox";
  if (/Safari\//.test(agent) && !/Chrom(e|ium)\/|Edg\//.test(agent)) return "safari";
  return phone ? "chrome-phone" : "chrome";
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

export function helpFor(what: "camera" | "microphone", why: Trouble, agent: string): Help {
  const camera = what === "camera";
  switch (why) {
    case "refused":
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
        why: "It is too old, or the link was opened inside another app.",
        steps: [
          "Open the link in Chrome, Safari, Edge or Firefox instead of inside a mail or chat app.",
          "If it is old, update the browser or use another device.",
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

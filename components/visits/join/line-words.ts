import type { LineQuality } from "@/lib/call/line-test.ts";

/** How good a line is, in a sentence, and what can be done about it. */
export const lineWords: Record<LineQuality, { says: string; todo: string | null }> = {
  good: { says: "Your line is good for picture and sound.", todo: null },
  "video-poor": {
    says: "Your line is good for sound; the video may be poor.",
    todo: "Move closer to the router, or stop other downloads in the house.",
  },
  "sound-only": {
    says: "Your line is good for sound only.",
    todo: "You will be heard. For a picture, move closer to the router, or use mobile data instead of the Wi-Fi.",
  },
  none: {
    says: "We couldn’t reach the practice from here.",
    todo: "Check your Wi-Fi or mobile data. A strict network, as in an office, may keep video visits out: then use mobile data.",
  },
};

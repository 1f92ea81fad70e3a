import type { Page } from "@playwright/test";

/** Keeps every connection the page makes and the time of every frame it shows of the other side. */
export const watched = (relayOnly: boolean) => {
  const peers: RTCPeerConnection[] = [];
  const frames: number[] = [];
  Object.assign(window, { peers, frames });
  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct(target, [configuration]: [RTCConfiguration?]) {
      const peer = new target({ ...configuration, ...(relayOnly ? { iceTransportPolicy: "relay" as const } : {}) });
      peers.push(peer);
      return peer;
    },
  });
  const look = () => {
    for (const video of document.querySelectorAll<HTMLVideoElement>("video[data-remote]")) {
      if (video.dataset.watched) continue;
      video.dataset.watched = "yes";
      const shown = () => {
        frames.push(Date.now());
        video.requestVideoFrameCallback(shown);
      };
      video.requestVideoFrameCallback(shown);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

type Watched = { peers: RTCPeerConnection[]; frames: number[] };

/** Milliseconds from `since` to the first frame after it that others follow at once; rejects after `timeout`. */
export async function pictureAfter(page: Page, since: number, timeout = 30_000): Promise<number> {
  const found = await page.waitForFunction(
    (from) => {
      const later = (window as unknown as Watched).frames.filter((time) => time > from);
      // A frame that was decoded before the line broke may be shown late; ten in a row, none far from the next, are a picture again.
      return later.find((_, i) => {
        const ten = later.slice(i, i + 10);
        return ten.length === 10 && ten.every((time, n) => time - (ten[n - 1] ?? time) < 700);
      });
    },
    since,
    { polling: 50, timeout },
  );
  return ((await found.jsonValue()) as number) - since;
}

/** The longest the picture stood still since then, in milliseconds. */
export const longestGap = (page: Page, since: number) =>
  page.evaluate((from) => {
    const times = [from, ...(window as unknown as Watched).frames.filter((time) => time > from), Date.now()];
    return Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? time)));
  }, since);

interface Figures {
  at: number;
  frames: number;
  /** Packets of sound that arrived, and samples that had to be made up of all that were played. */
  packets: number;
  concealed: number;
  samples: number;
  /** How the pair in use reaches: host, srflx, prflx or relay, and over what the relay is reached. */
  ways: string[];
}

/** What arrives at this page, over all its connections. */
export const figures = (page: Page): Promise<Figures> =>
  page.evaluate(async () => {
    const sum: Figures = { at: performance.now(), frames: 0, packets: 0, concealed: 0, samples: 0, ways: [] };
    for (const peer of (window as unknown as Watched).peers) {
      if (peer.connectionState !== "connected") continue;
      const stats = await peer.getStats();
      for (const stat of stats.values()) {
        if (stat.type === "inbound-rtp" && stat.kind === "video") sum.frames += stat.framesDecoded ?? 0;
        if (stat.type === "inbound-rtp" && stat.kind === "audio") {
          sum.packets += stat.packetsReceived ?? 0;
          sum.concealed += stat.concealedSamples ?? 0;
          sum.samples += stat.totalSamplesReceived ?? 0;
        }
        if (stat.type === "transport" && stat.selectedCandidatePairId) {
          const local = stats.get(stats.get(stat.selectedCandidatePairId)?.localCandidateId);
          sum.ways.push([local?.candidateType, local?.relayProtocol].filter(Boolean).join(" "));
        }
      }
    }
    return sum;
  });

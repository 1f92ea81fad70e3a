import { join } from "node:path";
import { build } from "esbuild";
import type SimplePeer from "simple-peer";
import { beforeAll, expect, test } from "vitest";

/** simple-peer as the pages have it: with our stand-ins for Node's streams and bytes. */
let Peer: typeof SimplePeer;
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export { default } from "simple-peer"', resolveDir: import.meta.dirname },
    alias: {
      "readable-stream": join(import.meta.dirname, "duplex.browser.ts"),
      buffer: join(import.meta.dirname, "buffer.browser.ts"),
      randombytes: join(import.meta.dirname, "random.browser.cjs"),
      debug: join(import.meta.dirname, "silent.browser.cjs"),
    },
    bundle: true,
    format: "esm",
    platform: "browser",
    define: { global: "globalThis", "process.env.NODE_DEBUG": "undefined" },
    write: false,
  });
  const code = Buffer.from(outputFiles[0]!.text).toString("base64");
  Peer = ((await import(`data:text/javascript;base64,${code}`)) as { default: typeof SimplePeer }).default;
});

/** A connection that does nothing by itself, and its channel. */
function connection() {
  const channel = { readyState: "open", onmessage: (_: { data: unknown }) => {}, close() {} };
  class Connection {
    signalingState = "stable";
    createDataChannel = (label: string) => Object.assign(channel, { label });
    createOffer = () => new Promise(() => {});
    close() {}
  }
  const wrtc = { RTCPeerConnection: Connection, RTCSessionDescription: Object, RTCIceCandidate: Object };
  const peer = new Peer({
    initiator: true,
    objectMode: true,
    wrtc: wrtc as unknown as SimplePeer.Options["wrtc"] & object,
  });
  return { peer, channel };
}

test("messages are told as they came: text as text, bytes as bytes", () => {
  const { peer, channel } = connection();
  const told: unknown[] = [];
  peer.on("data", (data) => told.push(data));
  channel.onmessage({ data: "hello" });
  channel.onmessage({ data: new Uint8Array([1, 2, 3]).buffer });
  expect(told[0]).toBe("hello");
  expect(told[1]).toBeInstanceOf(Uint8Array);
  expect([...(told[1] as Uint8Array)]).toEqual([1, 2, 3]);
});

test("a peer that is destroyed closes once, says why, and tells nothing more", async () => {
  const { peer, channel } = connection();
  const told: string[] = [];
  peer.on("error", (error) => told.push(error.message));
  peer.on("close", () => told.push("closed"));
  peer.on("data", () => told.push("data"));
  peer.destroy(new Error("the line broke"));
  peer.destroy();
  await new Promise(setImmediate);
  channel.onmessage?.({ data: "late" });
  expect(told).toEqual(["the line broke", "closed"]);
});

test("every channel has a name of its own", () => {
  const names = [connection(), connection()].map(
    ({ peer }) => (peer as unknown as { channelName: string }).channelName,
  );
  expect(names[0]).toMatch(/^[0-9a-f]{40}$/);
  expect(names[0]).not.toBe(names[1]);
});

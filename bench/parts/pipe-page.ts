import { openPeer } from "../../lib/call/peer.browser.ts";
import type { SignalData } from "../../lib/call/protocol.ts";
import type { Pipe } from "../../lib/call/transfer.ts";
import { Transfers } from "../../lib/call/transfers.ts";

/** Runs in a page. Two of them find each other over a BroadcastChannel: files as a call sends them, and bare bytes. */
const giver = new URLSearchParams(location.search).has("giver");
const MB = 1_024 ** 2;
const PIECE = 64 * 1_024;

/** What only looks like a file of this size: the same mebibyte of noise again and again, which takes no memory. */
function fileOf(size: number): File {
  const noise = new Uint8Array(MB);
  for (let at = 0; at < MB; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
  return new File(new Array(size / MB).fill(new Blob([noise])), "scan.pdf", { type: "application/pdf" });
}

/** Milliseconds from the first byte to the receiver's word that all is there and its digest is right. */
function asInACall(name: string, size: number): Promise<number> {
  const wire = new BroadcastChannel(name);
  const life = new AbortController();
  return new Promise((resolve) => {
    let began = 0;
    const transfers = new Transfers({
      recordFirst: () => false,
      changed: () => {
        const file = transfers.list[0];
        if (file?.state === "moving") began ||= performance.now();
        if (file?.state !== "arrived") return;
        // The one who was given it stays until the other has heard so.
        if (giver) wire.postMessage("done");
        if (giver) done();
      },
    });
    const done = () => {
      resolve(performance.now() - began);
      life.abort();
      wire.close();
    };
    const early: SignalData[] = [];
    const peer = openPeer({
      initiator: giver,
      iceServers: [],
      certificate: undefined,
      outgoing: new MediaStream(),
      signal: life.signal,
      confirm: async () => {},
      on: {
        signal: (data) => (wire.onmessage ? wire.postMessage(data) : early.push(data)),
        connected: (pipe: Pipe) => {
          transfers.attach(pipe);
          if (giver) transfers.send(fileOf(size));
        },
        failed: () => {},
        notConfirmed: () => {},
        stream: () => {},
        message: (message) => transfers.hear(message),
        piece: (piece) => transfers.take(piece),
        sends: () => {},
        starved: () => {},
        fed: () => {},
      },
    });
    wire.onmessage = ({ data }) => (data === "done" ? done() : peer.hear(data));
    for (const data of early) wire.postMessage(data);
  });
}

/** The same bytes over a channel with nothing around it. */
async function bare(name: string, size: number): Promise<number> {
  const wire = new BroadcastChannel(name);
  const connection = new RTCPeerConnection();
  connection.onicecandidate = ({ candidate }) => wire.postMessage({ candidate: candidate?.toJSON() });
  const channel = connection.createDataChannel("bytes", { negotiated: true, id: 0 });
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = 2 * MB;
  const waiting: RTCIceCandidateInit[] = [];
  wire.onmessage = async ({ data }) => {
    if (data.description) {
      await connection.setRemoteDescription(data.description);
      if (!giver) await connection.setLocalDescription();
      if (!giver) wire.postMessage({ description: connection.localDescription?.toJSON() });
      for (const candidate of waiting.splice(0)) await connection.addIceCandidate(candidate);
    } else if (data.candidate) {
      if (connection.remoteDescription) await connection.addIceCandidate(data.candidate);
      else waiting.push(data.candidate);
    }
  };
  if (giver) {
    await connection.setLocalDescription();
    wire.postMessage({ description: connection.localDescription?.toJSON() });
  }
  await new Promise((resolve) => channel.addEventListener("open", resolve));
  const began = performance.now();
  if (giver) {
    const heard = new Promise((resolve) => channel.addEventListener("message", resolve));
    const piece = new Uint8Array(PIECE);
    for (let sent = 0; sent < size; sent += PIECE) {
      if (channel.bufferedAmount > 4 * MB)
        await new Promise((resolve) => channel.addEventListener("bufferedamountlow", resolve, { once: true }));
      channel.send(piece);
    }
    await heard;
  } else {
    await new Promise<void>((resolve) => {
      let received = 0;
      channel.onmessage = ({ data }) => {
        received += (data as ArrayBuffer).byteLength;
        if (received >= size) resolve();
      };
    });
    channel.send("all of it");
    await new Promise((resolve) => channel.addEventListener("close", resolve, { once: true }));
  }
  const took = performance.now() - began;
  connection.close();
  wire.close();
  return took;
}

Object.assign(window, { asInACall, bare });

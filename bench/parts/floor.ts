import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { Server as Sockets } from "socket.io";

/**
 * The least two pages need to see each other with the same libraries: simple-peer and socket.io, a camera, nothing else.
 * `/?role=host` waits; `/?role=guest` comes later. With `&hold` the two only start when `window.go()` is called at the host.
 */
const page = `
import Peer from "simple-peer/simplepeer.min.js";
import { io } from "socket.io-client";
const query = new URLSearchParams(location.search);
const host = query.get("role") === "host";
const socket = io({ transports: ["websocket"] });
const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
const show = (name, what) => {
  const video = document.createElement("video");
  video.dataset[name] = "";
  video.muted = true; video.autoplay = true; video.playsInline = true;
  video.srcObject = what;
  document.body.append(video);
};
show("self", stream);
let peer;
const start = () => {
  peer = new Peer({ initiator: host, stream });
  peer.on("signal", (data) => socket.emit("signal", data));
  peer.on("stream", (remote) => show("remote", remote));
};
socket.on("signal", (data) => { if (!peer) start(); peer.signal(data); });
socket.on("here", () => { document.body.dataset.present = ""; if (host && !query.has("hold")) start(); });
window.go = start;
socket.emit("join", host);
`;

export async function openFloor(host = "localhost"): Promise<{ origin: string; close(): Promise<void> }> {
  const bundle = await build({
    stdin: { contents: page, resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    define: { global: "globalThis" },
  });
  const script = bundle.outputFiles[0]?.text ?? "";
  const server: Server = createServer((request, response) => {
    if (request.url === "/page.js") response.setHeader("content-type", "text/javascript").end(script);
    else
      response
        .setHeader("content-type", "text/html")
        .end('<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/page.js"></script>');
  });
  const sockets = new Sockets(server, { transports: ["websocket"] });
  sockets.on("connection", (socket) => {
    socket.on("join", () => {
      void socket.join("room");
      if ((sockets.sockets.adapter.rooms.get("room")?.size ?? 0) > 1) sockets.to("room").emit("here");
    });
    socket.on("signal", (data) => socket.to("room").emit("signal", data));
  });
  await new Promise<void>((resolve) => server.listen(0, host === "localhost" ? "127.0.0.1" : host, resolve));
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await sockets.close();
    },
  };
}

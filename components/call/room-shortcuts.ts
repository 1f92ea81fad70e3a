import type { Media, MediaView } from "@/lib/call/media.browser.ts";
import type { Layout } from "./layout.ts";
import type { PanelName } from "./panels.ts";
import type { Shortcut } from "./shortcuts.ts";

/** What single keys do in this page's room. */
export function shortcutsOf(room: {
  media: Media;
  own: MediaView;
  guest: boolean;
  layout: Layout;
  /** Panels that not everyone has. */
  extra: { [panel in PanelName]?: unknown };
  toggle: (panel: PanelName) => void;
  share: () => void;
  turnLayout: () => void;
  help: () => void;
}): Shortcut[] {
  const { media, own, guest, extra, toggle } = room;
  const cameraOn = own.camera.is === "on";
  return [
    { key: "m", word: own.muted ? "Unmute" : "Mute", run: () => media.mute(!own.muted) },
    { key: "v", word: cameraOn ? "Camera off" : "Camera on", run: () => void media.camera(!cameraOn) },
    ...(media.canShare && !guest
      ? [{ key: "s", word: own.sharing ? "Stop sharing" : "Share screen", run: room.share }]
      : []),
    { key: "c", word: "Chat", run: () => toggle("chat") },
    ...(guest ? [] : [{ key: "f", word: "Files", run: () => toggle("files") }]),
    ...(extra.prescribe ? [{ key: "p", word: "Prescribe", run: () => toggle("prescribe") }] : []),
    ...(extra.notes ? [{ key: "n", word: "Notes", run: () => toggle("notes") }] : []),
    { key: "l", word: room.layout === "grid" ? "One large picture" : "Side by side", run: room.turnLayout },
    { key: "?", word: "These shortcuts", run: room.help },
  ];
}

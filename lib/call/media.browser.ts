import { canBlur } from "./blur.browser.ts";
import { type Device, knownDevices } from "./devices.browser.ts";
import { onInterrupted } from "./interruption.ts";
import { type Blur, lensOf } from "./lens.browser.ts";
import { levelOf } from "./level.browser.ts";
import { mixOf } from "./mix.browser.ts";
import { type Screen, stopScreen, takeScreen } from "./screen.browser.ts";
import { darkness, silence } from "./stand-ins.browser.ts";
import { stillOf } from "./still.browser.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

export type { Trouble } from "./trouble.ts";

type Source = "camera" | "microphone";
type SourceState = { is: "off" } | { is: "asking" } | { is: "on"; device: string } | { is: "trouble"; why: Trouble };
/** Declined: the person chose no window, or their system does not allow it. */
export type Shared = "shared" | "declined" | "unsupported" | "failed";

export interface MediaView {
  camera: SourceState;
  microphone: SourceState;
  /** Nobody hears us, although the microphone may be on. */
  muted: boolean;
  sharing: boolean;
  blur: Blur;
  /** What the person sees of themselves; null while there is no camera. A new object when it changed. */
  preview: MediaStream | null;
  devices: readonly Device[];
  speaker: string;
}

/**
 * Camera, microphone and screen of one page, from the check before joining until the end of the call. What goes out is
 * always one audio and one video track: where there is none, a silent or black one stands in, so nothing is ever renegotiated.
 */
export interface Media {
  subscribe(listener: () => void): () => void;
  getSnapshot(): MediaView;
  /** The loudness of the microphone from 0 to 1, ten times a second while someone listens. */
  readonly level: { subscribe(listener: () => void): () => void; getSnapshot(): number };
  /** Asks for both and takes what it gets. Never throws: what went wrong is in the view. */
  start(want?: { camera?: boolean; microphone?: boolean }): Promise<void>;
  mute(muted: boolean): void;
  camera(on: boolean): Promise<void>;
  use(kind: "camera" | "microphone" | "speaker", id: string): Promise<void>;
  /** The other camera of a phone. */
  flip(): Promise<void>;
  /** Whether this browser can show a screen at all: phones can't. */
  readonly canShare: boolean;
  share(): Promise<Shared>;
  stopSharing(): void;
  /** Whether this browser can blur what is behind a person, on the device. */
  readonly canBlur: boolean;
  blur(on: boolean): Promise<void>;
  /** One photograph by the camera, as it sees: never blurred. A camera that is off is on for that moment. Throws a `Trouble`'s name. */
  photo(): Promise<File>;
  readonly outgoing: MediaStream;
  /** A track was put in another's place. */
  onReplaced(listener: (before: MediaStreamTrack, now: MediaStreamTrack) => void): () => void;
}

const shapes = {
  camera: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
} as const;

export function openMedia({ signal }: { signal: AbortSignal }): Media {
  // Made when they are needed: the check before joining waits for neither.
  let quiet: MediaStreamTrack | undefined;
  let dark: MediaStreamTrack | undefined;
  const quietOf = () => (quiet ??= silence(signal));
  const darkOf = () => (dark ??= darkness(signal));
  const outgoing = new MediaStream();
  const own: { [source in Source]: MediaStreamTrack | null } = { camera: null, microphone: null };
  const wished: { [source in Source]?: string } = {};
  let screen: Screen | null = null;
  let mixing: AbortController | undefined;
  let facing: "user" | "environment" = "user";
  let view: MediaView = {
    camera: { is: "off" },
    microphone: { is: "off" },
    muted: false,
    sharing: false,
    blur: "off",
    preview: null,
    devices: [],
    speaker: "",
  };
  const listeners = new Set<() => void>();
  const replaced = new Set<(before: MediaStreamTrack, now: MediaStreamTrack) => void>();
  const level = levelOf(() => own.microphone, signal);
  const set = (change: Partial<MediaView>) => {
    view = { ...view, ...change };
    for (const listener of [...listeners]) listener();
  };

  const put = (kind: "audio" | "video", now: MediaStreamTrack) => {
    const before = outgoing.getTracks().find((track) => track.kind === kind);
    if (before === now) return;
    if (before) outgoing.removeTrack(before);
    outgoing.addTrack(now);
    if (before) for (const listener of [...replaced]) listener(before, now);
  };
  const putVideo = () => put("video", screen?.picture ?? lens.shown ?? darkOf());
  const lens = lensOf({
    signal,
    changed() {
      putVideo();
      set({ blur: lens.blur, preview: lens.shown ? new MediaStream([lens.shown]) : null });
    },
  });
  const putAudio = () => {
    const before = mixing;
    mixing = undefined;
    const heard = [own.microphone, screen?.sound ?? null].filter((track) => track !== null);
    if (heard.length > 1) mixing = new AbortController();
    put("audio", mixing ? mixOf(heard, mixing.signal) : (heard[0] ?? quietOf()));
    before?.abort();
  };
  const keep = (source: Source, track: MediaStreamTrack | null) => {
    const before = own[source];
    own[source] = track;
    if (source === "microphone") {
      if (track) track.enabled = !view.muted;
      putAudio();
      level.changed();
    } else {
      if (track) track.contentHint = "motion";
      void lens.look(track);
    }
    if (before !== track) before?.stop();
    // Pulled out, or taken away by the system: asked for again, and at the latest when the page is looked at again.
    const lost = async () => {
      if (own[source] !== track) return;
      keep(source, null);
      await take([source]);
      if (view[source].is !== "trouble" || signal.aborted) return;
      const again = () =>
        view[source].is === "trouble" && document.visibilityState === "visible" && void take([source]);
      document.addEventListener("visibilitychange", again, { signal, once: true });
    };
    if (track) onInterrupted(track, document, signal, () => void lost());
  };

  const take = async (sources: Source[]): Promise<void> => {
    const of = (source: Source): MediaTrackConstraints | false =>
      sources.includes(source) && {
        ...shapes[source],
        ...(wished[source]
          ? { deviceId: { exact: wished[source] } }
          : source === "camera"
            ? { facingMode: facing }
            : {}),
      };
    for (const source of sources) set({ [source]: { is: "asking" } });
    try {
      if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotSupportedError");
      const stream = await navigator.mediaDevices.getUserMedia({ video: of("camera"), audio: of("microphone") });
      for (const source of sources) {
        const track = stream.getTracks().find((one) => one.kind === (source === "camera" ? "video" : "audio")) ?? null;
        if (signal.aborted) track?.stop();
        else keep(source, track);
        const device = track?.getSettings().deviceId ?? "";
        set({ [source]: track ? { is: "on", device } : { is: "trouble", why: "none" } });
      }
    } catch (error) {
      const why = troubleOf(error);
      // Asked for both and one is missing: take the other.
      if (sources.length > 1 && why !== "unsupported") {
        for (const source of sources) await take([source]);
        return;
      }
      for (const source of sources) {
        if (wished[source] && (why === "none" || why === "busy")) {
          delete wished[source];
          await take([source]);
        } else {
          keep(source, null);
          set({ [source]: { is: "trouble", why } });
        }
      }
    }
  };

  const use = async (kind: Source, id: string) => {
    wished[kind] = id;
    // Some phones give one camera at a time.
    if (kind === "camera" && own.camera) keep("camera", null);
    await take([kind]);
  };

  const look = async () => set({ devices: await knownDevices() });
  navigator.mediaDevices?.addEventListener?.("devicechange", () => void look(), { signal });
  signal.addEventListener("abort", () => {
    for (const track of [own.camera, own.microphone, quiet, dark]) track?.stop();
    stopScreen(screen);
    own.camera = own.microphone = screen = null;
    mixing?.abort();
    listeners.clear();
    replaced.clear();
  });

  const stopSharing = () => {
    stopScreen(screen);
    screen = null;
    putVideo();
    putAudio();
    set({ sharing: false });
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    getSnapshot: () => view,
    level,
    async start({ camera = true, microphone = true } = {}) {
      const wants = ([camera && "camera", microphone && "microphone"] as const).filter((one) => one !== false);
      const missing = wants.filter((source) => !own[source]);
      if (missing.length > 0) await take(missing);
      await look();
    },
    mute(muted) {
      if (own.microphone) own.microphone.enabled = !muted;
      set({ muted });
    },
    async camera(on) {
      if (on === (own.camera !== null)) return;
      if (on) return take(["camera"]);
      keep("camera", null);
      set({ camera: { is: "off" } });
    },
    use: async (kind, id) => (kind === "speaker" ? set({ speaker: id }) : use(kind, id)),
    async flip() {
      const before = own.camera?.getSettings().deviceId;
      facing = facing === "user" ? "environment" : "user";
      delete wished.camera;
      keep("camera", null);
      await take(["camera"]);
      if (own.camera?.getSettings().deviceId !== before) return;
      // Not every camera says which way it looks: then the other one is meant.
      const other = view.devices.find(({ kind, id }) => kind === "camera" && id !== before);
      if (other) await use("camera", other.id);
    },
    canShare: typeof navigator.mediaDevices?.getDisplayMedia === "function",
    async share() {
      if (!navigator.mediaDevices?.getDisplayMedia) return "unsupported";
      try {
        const taken = await takeScreen();
        if (!taken || signal.aborted) {
          stopScreen(taken ?? null);
          return "failed";
        }
        stopScreen(screen);
        screen = taken;
        taken.picture.addEventListener("ended", () => screen === taken && stopSharing());
        putVideo();
        putAudio();
        set({ sharing: true });
        return "shared";
      } catch (error) {
        const why = troubleOf(error);
        return why === "unsupported" ? "unsupported" : why === "refused" ? "declined" : "failed";
      }
    },
    stopSharing,
    canBlur: canBlur(),
    blur: (on) => lens.wish(on),
    async photo() {
      const wasOn = own.camera !== null;
      if (!wasOn) await take(["camera"]);
      if (!own.camera) throw new Error(view.camera.is === "trouble" ? view.camera.why : "broke");
      try {
        const still = await stillOf(own.camera);
        const ending = still.type === "image/png" ? "png" : "jpg";
        return new File([still], `photo-${new Date().toISOString().slice(0, 10)}.${ending}`, { type: still.type });
      } finally {
        if (!wasOn) {
          keep("camera", null);
          set({ camera: { is: "off" } });
        }
      }
    },
    get outgoing() {
      if (outgoing.getAudioTracks().length === 0) putAudio();
      if (outgoing.getVideoTracks().length === 0) putVideo();
      return outgoing;
    },
    onReplaced(listener) {
      replaced.add(listener);
      return () => void replaced.delete(listener);
    },
  };
}

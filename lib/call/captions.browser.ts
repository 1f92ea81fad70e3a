interface Result {
  readonly isFinal: boolean;
  readonly 0: { readonly transcript: string };
}
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  start(track: MediaStreamTrack): void;
  abort(): void;
}
/** Web Speech with on-device recognition, which TypeScript's DOM does not know yet. */
interface OnDevice {
  new (): Recognition;
  available(about: { langs: string[]; processLocally: true }): Promise<string>;
  install(about: { langs: string[]; processLocally: true }): Promise<boolean>;
}

/** `download`: once the browser has fetched the language from its maker. Nothing of a call is part of that. */
export type Offered = "ready" | "download" | "no";

const onDevice = (): OnDevice | undefined => {
  const names = window as unknown as { SpeechRecognition?: OnDevice; webkitSpeechRecognition?: OnDevice };
  const found = names.SpeechRecognition ?? names.webkitSpeechRecognition;
  // Without both, a browser might send what was said to its maker: then there are no captions.
  return found && typeof found.available === "function" && "processLocally" in found.prototype ? found : undefined;
};

/** Whether this browser can write down what is said, on this device and nowhere else. */
export async function captionsOffered(lang: string): Promise<Offered> {
  const answer = await onDevice()
    ?.available({ langs: [lang], processLocally: true })
    .catch(() => "unavailable");
  if (answer === "available") return "ready";
  return answer === "downloadable" || answer === "downloading" ? "download" : "no";
}

/** Has the browser fetch the language. False when it could not. */
export const fetchCaptions = async (lang: string): Promise<boolean> =>
  (await onDevice()
    ?.install({ langs: [lang], processLocally: true })
    .catch(() => false)) ?? false;

/** Writes down what this track says until `signal` ends; `said` hears the newest words. Throws where it can't. */
export function caption(
  track: MediaStreamTrack,
  { lang, signal, said, failed }: { lang: string; signal: AbortSignal; said(text: string): void; failed(): void },
): void {
  const Kind = onDevice();
  if (!Kind) throw new Error("no captions on this device");
  const recognition = new Kind();
  recognition.lang = lang;
  recognition.continuous = true;
  recognition.interimResults = true;
  recognition.processLocally = true;
  const listen = { signal };
  recognition.addEventListener(
    "result",
    (event) => {
      const { results, resultIndex } = event as Event & { results: ArrayLike<Result>; resultIndex: number };
      const newest = Array.from(results).slice(resultIndex);
      said(newest.map((result) => result[0].transcript).join(" "));
    },
    listen,
  );
  let broke = false;
  recognition.addEventListener(
    "error",
    (event) => {
      // A silence is no failure: it goes on listening.
      if ((event as Event & { error?: string }).error === "no-speech") return;
      broke = true;
      failed();
    },
    listen,
  );
  const listenOn = () => {
    if (!signal.aborted && !broke && track.readyState === "live") recognition.start(track);
  };
  recognition.addEventListener("end", listenOn, listen);
  signal.addEventListener("abort", () => recognition.abort());
  listenOn();
}

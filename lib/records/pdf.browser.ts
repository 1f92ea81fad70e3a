import { MOST_PIXELS } from "./pixels.ts";

/** Where the server has what draws PDFs; see server/effects.ts. */
const ASSETS = "/effects/pdf/";
/** A larger one is all in memory, twice. */
const LARGEST = 200 * 1024 * 1024;
/** As many points as one page is drawn with at most. */
const MOST_DRAWN = 16_000_000;

/** Why a PDF is not drawn. */
export type NotDrawn = "too-large" | "password" | "broken";

export interface Pdf {
  readonly pages: number;
  /** Draws one page onto the canvas, as wide as that is; what was drawn there before is gone. */
  draw(page: number, canvas: HTMLCanvasElement, width: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Opens a PDF to look at. It is taken apart in a worker that has no page, no network but its own files and nothing of ours;
 * what comes back is drawn, page by page: no link, form, script or text of it becomes a part of the page.
 */
export async function openPdf(file: Blob, signal: AbortSignal): Promise<Pdf | { why: NotDrawn }> {
  if (file.size > LARGEST) return { why: "too-large" };
  const { AnnotationMode, GlobalWorkerOptions, getDocument, PDFWorker, VerbosityLevel } = await import("pdfjs-dist");
  const data = new Uint8Array(await file.arrayBuffer());
  signal.throwIfAborted();
  const at = location.origin + ASSETS;
  GlobalWorkerOptions.rendererSrc = `${at}build/pdf.renderer.min.mjs`;
  // A worker of our own making: where it does not start nothing is opened, while one of theirs would give way to the page.
  const port = new Worker(`${at}build/pdf.worker.min.mjs`, { type: "module" });
  const notStarted = new Promise<never>((_, reject) => {
    port.addEventListener("error", () => reject(new Error("This browser started no worker for PDFs.")));
  });
  const worker = PDFWorker.create({ port, verbosity: VerbosityLevel.ERRORS });
  const task = getDocument({
    data,
    worker,
    verbosity: VerbosityLevel.ERRORS,
    cMapUrl: `${at}cmaps/`,
    iccUrl: `${at}iccs/`,
    standardFontDataUrl: `${at}standard_fonts/`,
    wasmUrl: `${at}wasm/`,
    useWorkerFetch: true,
    // Letters are drawn as lines: a font of a stranger's is not handed to the browser.
    disableFontFace: true,
    enableXfa: false,
    maxImageSize: MOST_PIXELS,
  });
  const close = () => {
    void task.destroy().finally(() => port.terminate());
  };
  signal.addEventListener("abort", close, { once: true });
  try {
    const document = await Promise.race([task.promise, notStarted]);
    return {
      pages: document.numPages,
      async draw(number, canvas, width, signal) {
        const page = await document.getPage(number);
        signal.throwIfAborted();
        const bare = page.getViewport({ scale: 1 });
        const most = Math.sqrt(MOST_DRAWN / (bare.width * bare.height));
        const viewport = page.getViewport({ scale: Math.min(width / bare.width, most) });
        canvas.width = Math.max(1, Math.floor(viewport.width));
        canvas.height = Math.max(1, Math.floor(viewport.height));
        const drawing = page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE });
        const stop = () => drawing.cancel();
        signal.addEventListener("abort", stop, { once: true });
        try {
          await drawing.promise;
        } finally {
          signal.removeEventListener("abort", stop);
          page.cleanup();
        }
      },
      close,
    };
  } catch (fault) {
    signal.throwIfAborted();
    close();
    return { why: fault instanceof Error && fault.name === "PasswordException" ? "password" : "broken" };
  }
}

"use client";

import { useEffect, useRef, useState } from "react";
import { Alert } from "./alert.tsx";
import { Button } from "./button.tsx";
import { Dialog, DialogContent } from "./dialog.tsx";

interface Trouble {
  title: string;
  says: string;
}

interface ScanCodeProps<T> {
  title: string;
  /** What of a code's text is wanted; null for any other code, which is passed over. */
  read: (text: string) => T | null;
  /** Takes what was found; resolves to what speaks against it, or null. */
  onFound: (found: T) => Promise<Trouble | null>;
  /** What to do where there is no camera. */
  instead: string;
  onClose: () => void;
}

/** The camera looks for a QR code. Pictures are looked at here and kept nowhere. */
export function ScanCode<T>({ title, read, onFound, instead, onClose }: ScanCodeProps<T>) {
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [round, setRound] = useState(0);
  const newest = useRef({ read, onFound, instead });
  newest.current = { read, onFound, instead };

  useEffect(() => {
    void round;
    const life = new AbortController();
    const element = video.current;
    if (!element) return;
    scan(element, newest.current.read, life.signal)
      .then((found) => newest.current.onFound(found))
      .then((fault) => life.signal.aborted || setTrouble(fault))
      .catch(() => {
        if (life.signal.aborted) return;
        setTrouble({
          title: "The camera didn’t open",
          says: `Allow the camera for this page and try again, or ${newest.current.instead}.`,
        });
      });
    return () => life.abort();
  }, [round]);

  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent
        title={title}
        description="Hold the QR code in the middle of the picture. Nothing is sent or kept."
        className="text-calm"
      >
        <video
          ref={video}
          playsInline
          muted
          aria-label="What the camera sees"
          className="aspect-[4/3] w-full rounded-xl bg-stage object-cover"
        />
        {trouble ? (
          <Alert calm tone="danger" role="alert" title={trouble.title}>
            <p>{trouble.says}</p>
            <Button
              variant="outline"
              size="calm"
              className="mt-3"
              onClick={() => {
                setTrouble(null);
                setRound(round + 1);
              }}
            >
              Try again
            </Button>
          </Alert>
        ) : null}
      </DialogContent>
    </Dialog>
  );
}

/** The first that is wanted. The camera is let go of with `signal`, or when it was found. */
async function scan<T>(video: HTMLVideoElement, read: (text: string) => T | null, signal: AbortSignal): Promise<T> {
  const { default: decodeQR } = await import("qr/decode.js");
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const stop = () => {
    for (const track of camera.getTracks()) track.stop();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  signal.throwIfAborted();
  video.srcObject = camera;
  await video.play();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser draws nothing.");
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    signal.throwIfAborted();
    if (video.videoWidth === 0) continue;
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    let text: string;
    try {
      text = decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      continue; // no code in this picture: the next one may have it
    }
    const found = read(text);
    if (found === null) continue;
    stop();
    return found;
  }
}

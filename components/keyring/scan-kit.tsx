"use client";

import { useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { kitFrom } from "./kit-code.ts";
import type { KitFault } from "./words-fault.ts";

interface ScanKitProps {
  /** Takes a good kit; resolves to what speaks against it, or null. */
  onWords: (words: readonly string[]) => Promise<KitFault | null>;
  onClose: () => void;
}

/** The camera looks for the QR code of a printed kit. Pictures are looked at here and kept nowhere. */
export function ScanKit({ onWords, onClose }: ScanKitProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<KitFault | null>(null);
  const [round, setRound] = useState(0);
  const take = useRef(onWords);
  take.current = onWords;

  useEffect(() => {
    void round;
    const life = new AbortController();
    const element = video.current;
    if (!element) return;
    scan(element, life.signal)
      .then((words) => take.current(words))
      .then((fault) => life.signal.aborted || setTrouble(fault))
      .catch(() => {
        if (life.signal.aborted) return;
        setTrouble({
          title: "The camera didn’t open",
          says: "Allow the camera for this page and try again, or type the twelve words instead.",
        });
      });
    return () => life.abort();
  }, [round]);

  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent
        title="Scan your recovery kit"
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

/** The first kit that is seen. The camera is let go of with `signal`, or when one was found. */
async function scan(video: HTMLVideoElement, signal: AbortSignal): Promise<readonly string[]> {
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
    const words = kitFrom(text);
    if (!words) continue;
    stop();
    return words;
  }
}

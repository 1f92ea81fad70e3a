"use client";

import { MonitorUp } from "lucide-react";
import { type PointerEvent, useRef, useState } from "react";
import { cn } from "@/components/ui/cn.ts";
import type { MediaView } from "@/lib/call/media.browser.ts";
import { OwnVideo } from "./video.tsx";

const corners = ["bottom right", "bottom left", "top left", "top right"] as const;
type Corner = (typeof corners)[number];
/** Names stand at the bottom left, the permission and the clock at the top. */
const places: Record<Corner, string> = {
  "bottom right": "right-3 bottom-3",
  "bottom left": "bottom-14 left-3",
  "top left": "top-16 left-3",
  "top right": "top-16 right-3",
};

interface OwnTileProps {
  own: MediaView;
  where: "cell" | "corner" | "corner-then-cell";
  /** Smaller where several others are seen. */
  small: boolean;
  /** A phone has no room for it beside an open panel. */
  shrunk: boolean;
}

/** Oneself. In a corner it can be dragged to another, or moved on by a press. */
export function OwnTile({ own, where, small, shrunk }: OwnTileProps) {
  const [corner, setCorner] = useState<Corner>("bottom right");
  const tile = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number; moved: boolean }>(undefined);
  const floats = where !== "cell";

  const lift = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, moved: false };
  };
  const move = (event: PointerEvent) => {
    const from = drag.current;
    if (!from || !tile.current) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.hypot(x, y) > 8) from.moved = true;
    if (from.moved) tile.current.style.translate = `${x}px ${y}px`;
  };
  const drop = () => {
    const element = tile.current;
    const room = element?.offsetParent?.getBoundingClientRect();
    if (!drag.current?.moved || !element || !room) return;
    const at = element.getBoundingClientRect();
    const down = at.top + at.height / 2 > room.top + room.height / 2 ? "bottom" : "top";
    const side = at.left + at.width / 2 > room.left + room.width / 2 ? "right" : "left";
    element.style.translate = "";
    setCorner(`${down} ${side}`);
  };
  const press = () => {
    const dragged = drag.current?.moved;
    drag.current = undefined;
    if (!dragged) setCorner(corners[(corners.indexOf(corner) + 1) % corners.length] ?? "bottom right");
  };

  const floating = cn(
    "absolute z-10 overflow-hidden rounded-xl border-2 border-stage-foreground/70 bg-stage",
    places[corner],
    shrunk
      ? "hidden lg:block lg:aspect-[16/10] lg:w-56"
      : small
        ? "aspect-[3/4] w-[88px] sm:aspect-[16/10] sm:w-44 short:w-28"
        : "aspect-[3/4] w-[112px] sm:aspect-[16/10] sm:w-56 short:w-36",
  );
  return (
    <div
      ref={tile}
      className={
        where === "cell"
          ? "relative min-h-0 min-w-0 overflow-hidden rounded-xl bg-stage-control"
          : cn(
              floating,
              where === "corner-then-cell" &&
                "lg:relative lg:inset-auto lg:aspect-auto lg:w-auto lg:border-0 lg:[translate:none]",
            )
      }
    >
      <OwnVideo stream={own.preview} blurring={own.blur === "starting"} />
      <p className="absolute bottom-1 left-1 inline-flex max-w-[calc(100%-0.5rem)] items-center gap-1.5 rounded-md bg-stage/85 px-2 text-small text-stage-foreground">
        {own.sharing ? <MonitorUp aria-hidden="true" className="size-4 shrink-0" /> : null}
        {own.sharing ? "You share your screen" : "You"}
      </p>
      {floats ? (
        <button
          type="button"
          aria-label="Move your own picture"
          aria-description={`It is at the ${corner}.`}
          className={cn(
            "absolute inset-0 cursor-grab touch-none rounded-xl -outline-offset-4",
            where === "corner-then-cell" && "lg:hidden",
          )}
          onPointerDown={lift}
          onPointerMove={move}
          onPointerUp={drop}
          onPointerCancel={drop}
          onClick={press}
        />
      ) : null}
    </div>
  );
}

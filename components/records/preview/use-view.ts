"use client";

import { type PointerEvent, useRef, useState } from "react";

/** How something is looked at: enlarged, turned in quarters, and moved. */
interface View {
  zoom: number;
  turn: number;
  x: number;
  y: number;
}

const AS_IT_IS: View = { zoom: 1, turn: 0, x: 0, y: 0 };
const STEP = 1.5;
const LARGEST = 8;

/** What is enlarged may be moved until its edge is in the middle; what is not stays where it is. */
export function within(view: View, box: { width: number; height: number }): View {
  const zoom = Math.min(LARGEST, Math.max(1, view.zoom));
  const most = { x: ((zoom - 1) * box.width) / 2, y: ((zoom - 1) * box.height) / 2 };
  const between = (value: number, limit: number) => Math.min(limit, Math.max(0 - limit, value));
  return { zoom, turn: ((view.turn % 4) + 4) % 4, x: between(view.x, most.x), y: between(view.y, most.y) };
}

/** Zooming, turning and moving by button, key, drag and pinch. `box` is the frame that it is seen through. */
export function useView() {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(AS_IT_IS);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const change = (to: (view: View) => View) =>
    setView((view) => {
      const { width = 0, height = 0 } = box.current?.getBoundingClientRect() ?? {};
      return within(to(view), { width, height });
    });
  const enlarge = (by: number) => change((view) => ({ ...view, zoom: view.zoom * by, x: view.x * by, y: view.y * by }));
  const move = (x: number, y: number) => change((view) => ({ ...view, x: view.x + x, y: view.y + y }));

  const lift = ({ pointerId }: PointerEvent) => void fingers.current.delete(pointerId);
  const hold = {
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove(event: PointerEvent) {
      const before = fingers.current.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
      fingers.current.set(event.pointerId, now);
      if (!other) move(now.x - before.x, now.y - before.y);
      else {
        const apart = (finger: { x: number; y: number }) => Math.hypot(finger.x - other.x, finger.y - other.y);
        if (apart(before) > 0) enlarge(apart(now) / apart(before));
      }
    },
    onPointerUp: lift,
    onPointerCancel: lift,
  };

  return {
    view,
    box,
    hold,
    zoomIn: () => enlarge(STEP),
    zoomOut: () => enlarge(1 / STEP),
    turn: () => change((view) => ({ ...view, turn: view.turn + 1, x: 0, y: 0 })),
    move,
    reset: () => setView(AS_IT_IS),
    atLargest: view.zoom >= LARGEST,
  };
}

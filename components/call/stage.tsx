"use client";

import type { ReactNode } from "react";
import type { Who } from "@/components/consent/names.ts";
import { cn } from "@/components/ui/cn.ts";
import type { CallView, OtherView } from "@/lib/call/call-view.browser.ts";
import type { MediaView } from "@/lib/call/media.browser.ts";
import { arrange, type Layout } from "./layout.ts";
import { OwnTile } from "./own-tile.tsx";
import { Elapsed, LinePill } from "./stage-parts.tsx";
import { Tile } from "./tile.tsx";

interface StageProps {
  heading: string;
  view: CallView;
  own: MediaView;
  whoIs: (other: OtherView) => Who;
  volumeOf: (other: OtherView) => number;
  lineGood: boolean;
  since: number | undefined;
  /** A panel stands below on a phone: the picture is small, and so is what stands on it. */
  shrunk: boolean;
  layout: Layout;
  /** The patient's clock stands in the name's pill on a phone. */
  calm: boolean;
  badge: ReactNode;
  /** What stands in place of the first one's picture: reconnecting. */
  instead?: ReactNode;
  /** What stands in place of everything: over. */
  over?: ReactNode;
  /** The shrunken stage's own Mute and Leave. */
  corner?: ReactNode;
}

/** The room itself: always dark, a picture of everyone, and what must be known at a glance. A face is never covered by anything else. */
export function Stage(props: StageProps) {
  const { view, own, shrunk, calm } = props;
  const { others } = view;
  const several = others.length > 1;
  const { frame, large, small, own: where } = arrange(others.length, props.layout, shrunk);
  // Who shows something is large; otherwise the other of the two whose visit it is.
  const first = others.find((other) => other.them.sharing) ?? others[0];
  return (
    <main id="main" className="dark relative min-h-0 min-w-0 grow overflow-hidden bg-stage text-stage-foreground">
      <h1 className="sr-only">{props.heading}</h1>
      <div className={cn("absolute inset-0", frame)}>
        {others.map((other, i) => (
          <Tile
            key={other.member}
            other={other}
            who={props.whoIs(other)}
            speaker={own.speaker}
            volume={props.volumeOf(other)}
            className={other === first ? large : small}
            pill={
              several
                ? // On a phone with a panel, Mute and Leave stand at the bottom.
                  cn("left-2 max-w-[calc(100%-1rem)]", shrunk ? "top-14 lg:top-auto lg:bottom-2" : "bottom-2")
                : cn(
                    "left-3 lg:bottom-4 lg:left-4",
                    shrunk ? "bottom-8 lg:bottom-4" : "bottom-3 max-w-[calc(100%-148px)] sm:max-w-[calc(100%-18rem)]",
                  )
            }
            instead={i === 0 ? props.instead : undefined}
          >
            {calm && i === 0 && !shrunk ? <Elapsed since={props.since} className="figures ml-1.5 sm:hidden" /> : null}
          </Tile>
        ))}
        <OwnTile own={own} where={where} small={several} shrunk={shrunk} />
      </div>
      {props.over}
      <div className="pointer-events-none absolute inset-x-0 top-0 z-10 flex flex-wrap items-start justify-between gap-2 p-3 pt-[max(0.75rem,env(safe-area-inset-top))] pr-[max(0.75rem,env(safe-area-inset-right))] pl-[max(0.75rem,env(safe-area-inset-left))] *:pointer-events-auto sm:p-4">
        <div className="flex flex-wrap gap-2">{props.badge}</div>
        <LinePill
          good={props.lineGood}
          since={props.since}
          className={cn(shrunk ? "hidden lg:inline-flex" : calm && "hidden sm:inline-flex")}
        />
      </div>
      {props.corner}
    </main>
  );
}

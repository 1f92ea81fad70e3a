/** One large picture, or all alike. */
export type Layout = "speaker" | "grid";

interface Arrangement {
  /** The frame all pictures stand in. */
  frame: string;
  /** The large one, where there is one. */
  large: string;
  small: string;
  /** Oneself: beside the others, or in a corner above them; on a phone and on a wide screen. */
  own: "cell" | "corner" | "corner-then-cell";
}

const pad = "grid gap-2 p-2 lg:gap-3 lg:p-3";
const alone = { frame: "", large: "absolute inset-0", small: "absolute inset-0", own: "corner" } as const;
const tile = "relative min-h-0 min-w-0 overflow-hidden rounded-xl bg-stage-control";

/**
 * Where everyone stands. `others` is how many besides oneself, 1 to 3. With a panel open on a phone (`shrunk`) all stand
 * in one row there; a wide screen has the panel at its side and stays as it is.
 */
export function arrange(others: number, layout: Layout, shrunk: boolean): Arrangement {
  if (others <= 1) {
    if (layout === "speaker" || shrunk) return alone;
    return { frame: `${pad} pt-16 lg:grid-cols-2 lg:pt-16`, large: tile, small: tile, own: "cell" };
  }
  const three = others > 2;
  if (layout === "speaker") {
    const wide = "lg:grid-cols-[minmax(0,1fr)_15rem] lg:grid-rows-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,0.62fr)]";
    const phone = three
      ? "max-lg:grid-cols-2 max-lg:grid-rows-[minmax(0,1.5fr)_minmax(0,1fr)]"
      : "max-lg:grid-rows-[minmax(0,1.5fr)_minmax(0,1fr)]";
    return {
      frame: `${pad} ${shrunk ? row(three) : phone} ${wide}`,
      large: `${tile} order-first lg:row-span-3 ${three && !shrunk ? "max-lg:col-span-2" : ""}`,
      small: `${tile} ${three ? "" : "lg:row-span-2"}`,
      own: "corner-then-cell",
    };
  }
  const phone = three ? "max-lg:grid-cols-2 max-lg:grid-rows-2" : "max-lg:grid-rows-2";
  return {
    frame: `${pad} ${shrunk ? row(three) : phone} ${three ? "lg:grid-cols-3" : "lg:grid-cols-2"}`,
    large: `${tile} ${three && !shrunk ? "max-lg:col-span-2" : ""}`,
    small: tile,
    own: "corner",
  };
}

const row = (three: boolean) => (three ? "max-lg:grid-cols-3" : "max-lg:grid-cols-2");

"use client";

import { type ComponentType, useEffect, useState } from "react";
import { bring } from "./bring.ts";
import { toast } from "./toaster.tsx";

/** A part of a screen whose code comes apart. */
type Fetched<P> = ComponentType<P> & {
  /** Brings the code before it is needed. */
  fetch(): Promise<unknown>;
};

/**
 * Once the code is here the part is drawn in the same breath. React's own `lazy` shows its stand-in even then, and holds what
 * it stood in for back for 300 ms: too long where two people wait to see each other. `Coming` stands in while it is fetched, for as long as the line takes.
 */
export function fetched<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Coming: ComponentType = Nothing,
): Fetched<P> {
  let Part: ComponentType<P> | undefined;
  let asked: Promise<unknown> | undefined;
  const fetch = () => {
    asked ??= load().then(
      (found) => {
        Part = found;
      },
      (fault) => {
        asked = undefined; // the next who wants it asks again
        throw fault;
      },
    );
    return asked;
  };
  function Here(props: P) {
    const [state, setState] = useState<{ fault?: unknown }>({});
    const missing = !Part;
    useEffect(() => {
      if (!missing) return;
      const life = new AbortController();
      const late = () => Coming === Nothing && toast("This part isn’t here yet. It opens once the line is back.");
      bring(fetch, life.signal, late).then(
        () => life.signal.aborted || setState({}),
        (fault: unknown) => life.signal.aborted || setState({ fault }),
      );
      return () => life.abort();
    }, [missing]);
    if ("fault" in state) throw state.fault;
    return Part ? <Part {...props} /> : <Coming />;
  }
  return Object.assign(Here, { fetch });
}

const Nothing = () => null;

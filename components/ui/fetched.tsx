"use client";

import { type ComponentType, useEffect, useState } from "react";

/** A part of a screen whose code comes apart. */
type Fetched<P> = ComponentType<P> & {
  /** Brings the code before it is needed. */
  fetch(): Promise<unknown>;
};

/**
 * Once the code is here the part is drawn in the same breath. React's own `lazy` shows its stand-in even then, and holds what
 * it stood in for back for 300 ms: too long where two people wait to see each other. `Coming` stands in while it is fetched.
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
      let gone = false;
      fetch().then(
        () => gone || setState({}),
        (fault: unknown) => gone || setState({ fault }),
      );
      return () => {
        gone = true;
      };
    }, [missing]);
    if ("fault" in state) throw state.fault;
    return Part ? <Part {...props} /> : <Coming />;
  }
  return Object.assign(Here, { fetch });
}

const Nothing = () => null;

"use client";

import { useEffect, useState } from "react";
import { useObjectUrl } from "@/components/ui/use-object-url.ts";
import { type NotShown, shownPicture } from "@/lib/records/shown.browser.ts";

/** An address under which a file can be drawn as a picture, or why it can't. */
export function useShown(file: Blob | undefined): { url: string | undefined; why: NotShown | undefined } {
  const [found, setFound] = useState<{ picture?: Blob; why?: NotShown }>({});
  useEffect(() => {
    let gone = false;
    setFound({});
    if (file)
      shownPicture(file).then(
        (shown) => gone || setFound(shown),
        () => gone || setFound({ why: "no-picture" }),
      );
    return () => {
      gone = true;
    };
  }, [file]);
  return { url: useObjectUrl(found.picture), why: found.why };
}

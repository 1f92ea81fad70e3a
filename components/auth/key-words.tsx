"use client";

import { useQuery } from "@tanstack/react-query";
import { Alert } from "@/components/ui/alert.tsx";
import { FourWords } from "@/components/ui/four-words.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import type { KeyCard } from "@/lib/auth/person.ts";

/** The four words of a key. Its owner's browser makes them of the key itself, an admin's of what the server says it is. */
export function KeyWords({ card }: { card: KeyCard }) {
  const words = useQuery({
    queryKey: ["key-words", card.signer, card.recipient],
    queryFn: async () => (await import("@/lib/auth/key-words.ts")).keyWords(card),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always",
  });
  if (words.data) return <FourWords words={words.data} />;
  if (words.isError)
    return <Alert tone="warning" className="mt-3" title="The words can’t be shown. Please reload the page." />;
  return <Loading label="Making the words" className="mt-3" />;
}

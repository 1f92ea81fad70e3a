import { cn } from "./cn.ts";

/** What two people read to each other, to know that they mean the same. */
export function FourWords({ words, calm = false }: { words: readonly string[]; calm?: boolean }) {
  return (
    <div className="@container mt-3">
      <ol aria-label="The four words" className="grid grid-cols-1 gap-2 @min-[16rem]:grid-cols-2">
        {words.map((word, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same word may come twice, and its place is what it is known by
          <li key={at} className="rounded-lg bg-secondary px-4 py-3 text-secondary-foreground">
            <span aria-hidden="true" className="block text-small">
              {at + 1}
            </span>
            <span lang="en" className={cn("leading-tight font-bold", calm ? "text-[1.625rem]" : "text-lead")}>
              {word}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Not beside what draws the page, and not before a picture that is coming. Answers how to take it back. */
export function whenIdle(work: () => void): () => void {
  let taken = false;
  const once = () => taken || work();
  const timer = setTimeout(
    () => ("requestIdleCallback" in window ? requestIdleCallback(once, { timeout: 2_000 }) : once()),
    300,
  );
  return () => {
    taken = true;
    clearTimeout(timer);
  };
}

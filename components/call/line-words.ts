import type { OtherView } from "@/lib/call/call-view.browser.ts";

/** What to say of the line to someone, beside the picture or in its place; undefined while there is nothing to say. `called` is how a sentence calls them. */
export function lineWords({ state, them, sends }: OtherView, called: string): string | undefined {
  if (state.is === "reconnecting" && state.peer && them.hears) return `${called} can still hear you.`;
  if (state.is !== "live") return undefined;
  if (them.hears === false) return `${called} can’t hear you at the moment. The connection is being made again.`;
  if (sends === "sound-only") {
    return "Your line is weak, so only your sound is sent. Your picture comes back by itself.";
  }
  if (them.pictureHeld) return `${called}’s line is weak, so only sound comes. The picture comes back by itself.`;
  return undefined;
}

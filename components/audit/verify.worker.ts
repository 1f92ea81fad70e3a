import { type News, run, type Task } from "./run.ts";

/** Checks a log beside the page; whoever started it ends it. */
addEventListener("message", (event: MessageEvent<Task>) => {
  void run(event.data, (news) => postMessage(news), new AbortController().signal);
});
postMessage({ is: "ready" } satisfies News);

import { beginFollowing, endFollowing, followLines, listEvents, readLast } from "../../lib/audit/events.ts";
import { searchLog } from "../../lib/audit/search.ts";
import { listViews, removeView, renameView, saveView } from "../../lib/audit/views.ts";
import type { Door } from "../http.ts";
import type { Storage } from "../storage/storage.ts";
import { openEvents } from "./events.ts";
import { openFollowing } from "./live.ts";
import { openSearch } from "./search.ts";
import { openViews } from "./views.ts";

/** What the console asks beside sessions: every line, new ones as they come, what a word means, and an admin's own views. */
export function answerConsole(door: Door, rooms: { storage: Storage; now(): Date }): { close(): Promise<void> } {
  const events = openEvents(rooms);
  const search = openSearch(rooms);
  const following = openFollowing(rooms);
  const views = openViews(rooms);
  door.on(listEvents, "admin", (asked, staff) => events.list(staff, asked));
  door.on(readLast, "admin", () => events.last());
  door.on(searchLog, "admin", (asked, staff) => search(staff, asked.text));
  door.on(beginFollowing, "admin", (_, staff) => following.begin(staff));
  door.on(followLines, "admin", (asked, staff) => following.lines(staff, asked));
  door.on(endFollowing, "admin", ({ id }, staff) => following.end(staff, id));
  door.on(listViews, "admin", (_, staff) => views.list(staff));
  door.on(saveView, "admin", (asked, staff) => views.save(staff, asked));
  door.on(renameView, "admin", ({ id, name }, staff) => views.rename(staff, id, name));
  door.on(removeView, "admin", ({ id }, staff) => views.remove(staff, id));
  return following;
}

import { inStoreOf } from "../database.browser.ts";
import { merged, type Shelf } from "./keep.ts";
import type { Kept } from "./promise.ts";

const inStore = inStoreOf("assent-receipts", (database) => {
  database.createObjectStore("kept", { keyPath: "id" }).createIndex("visit", "visitId");
});
const listeners = new Set<() => void>();
/** For a browser that keeps nothing: it lasts as long as the page. */
const remembered = new Map<string, Kept>();

/** Seen on the ledger for good by this page. */
const settled = new Set<string>();

/** The shelf in IndexedDB, one for all visits of this browser. A browser without it is no reason to hold anything up. */
export const shelf: Shelf = {
  async keep(kept) {
    if (settled.has(kept.id)) return;
    remembered.set(kept.id, merged(remembered.get(kept.id), kept));
    await inStore("readwrite", (store) => {
      const before = store.get(kept.id);
      before.onsuccess = () => store.put(merged(before.result as Kept | undefined, kept));
      return before;
    }).catch(() => undefined);
    told();
  },
  async of(visitId) {
    const here = [...remembered.values()].filter((kept) => kept.visitId === visitId);
    return inStore<Kept[]>("readonly", (store) => store.index("visit").getAll(visitId)).catch(() => here);
  },
  async forget(id) {
    remembered.delete(id);
    await inStore("readwrite", (store) => store.delete(id)).catch(() => undefined);
    told();
  },
  async settle(id) {
    settled.add(id);
    await shelf.forget(id);
  },
  onChange(listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

function told(): void {
  for (const listener of [...listeners]) listener();
}

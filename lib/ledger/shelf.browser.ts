import { merged, type Shelf } from "./keep.ts";
import type { Kept } from "./promise.ts";

const NAME = "assent-receipts";
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
    const kept = await inStore<Kept[]>("readonly", (store) => store.index("visit").getAll(visitId)).catch(() => here);
    return kept;
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

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const db = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = db.transaction("kept", mode, { durability: "strict" });
      const request = work(transaction.objectStore("kept"));
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept", { keyPath: "id" }).createIndex("visit", "visitId");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("Another page holds an older version."));
  });
}

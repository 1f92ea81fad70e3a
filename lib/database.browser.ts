/**
 * A database of this browser with one store, `kept`. `shape` makes the store where there is none yet. What is resolved is
 * on the disk, as far as a browser promises that.
 */
export function inStoreOf(name: string, shape: (database: IDBDatabase) => void) {
  return async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<T> => {
    const database = await open(name, shape);
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = database.transaction("kept", mode, { durability: "strict" });
        const request = work(transaction.objectStore("kept"));
        transaction.oncomplete = () => resolve(request.result as T);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  };
}

function open(name: string, shape: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => shape(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("Another page holds an older version."));
  });
}

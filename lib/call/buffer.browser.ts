class Bytes extends Uint8Array<ArrayBuffer> {
  override toString(): string {
    return [...this].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

/** What simple-peer wants of Node's bytes: to take in what came, and to write down a random name. Stands in as `Duplex` does. */
export const Buffer = Object.assign(Bytes, { from: (came: ArrayBuffer) => new Uint8Array(came) });

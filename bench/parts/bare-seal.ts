import { Encrypter, generateIdentity, identityToRecipient } from "age-encryption";

/** A worker that does nothing but age: the bytes to three recipients, and away with them. */
addEventListener("message", async ({ data }: MessageEvent<Blob>) => {
  const encrypter = new Encrypter();
  for (let i = 0; i < 3; i += 1) encrypter.addRecipient(await identityToRecipient(await generateIdentity()));
  const reader = (await encrypter.encrypt(data.stream() as ReadableStream<Uint8Array>)).getReader();
  while (!(await reader.read()).done);
  postMessage("done");
});

import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { hashOfKey, isKey, NotThere, type Store, StoreFull } from "./store.ts";
import type { StoreSettings } from "./store-settings.ts";

const WEEK = 7 * 86_400_000;
const MARK = "assent-store";

/**
 * A bucket. Each request says the SHA-256 of its body under its signature, so that an engine which heard other bytes
 * refuses them. Objects are never written over, deleted one at a time, and asked for nothing that only some engines know.
 */
export function openS3Store(settings: Extract<StoreSettings, { is: "s3" }>): Store {
  const { name, bucket } = settings;
  const client = new S3Client({
    endpoint: settings.endpoint,
    region: settings.region,
    credentials: { accessKeyId: settings.key, secretAccessKey: settings.secret },
    forcePathStyle: true,
    logger: silent,
    maxAttempts: 1, // who asks has other stores, and a row that says what is owed
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const at = (key: string) => ({ Bucket: bucket, Key: key });

  async function put(
    key: string,
    body: Readable | Buffer,
    size: number,
    hash: string | null,
    abortSignal: AbortSignal,
  ) {
    const command = new PutObjectCommand({
      ...at(key),
      Body: body,
      ContentLength: size,
      ContentType: "application/octet-stream",
    });
    if (hash)
      command.middlewareStack.add(
        (next) => (args) => {
          (args.request as { headers: Record<string, string> }).headers["x-amz-content-sha256"] = hash;
          return next(args);
        },
        { step: "build", name: "nameTheHash" },
      );
    await client.send(command, { abortSignal });
  }

  return {
    name,
    lookEvery: WEEK, // each read is paid for
    put: (key, size, bytes, signal) =>
      answered(() => put(key, Readable.from(bytes, { objectMode: false }), size, hashOfKey(key), signal)),
    open: (key, from, _, abortSignal) =>
      answered(async () => {
        const range = from > 0 ? { Range: `bytes=${from}-` } : {};
        const { Body, ContentRange } = await client.send(new GetObjectCommand({ ...at(key), ...range }), {
          abortSignal,
        });
        const body = Body as Readable;
        // An engine that knows no ranges sends all of it, from the beginning.
        if (from > 0 && !ContentRange?.startsWith(`bytes ${from}-`)) {
          body.destroy();
          throw new StoreFault("NoRange");
        }
        return body;
      }),
    drop: (key, abortSignal) =>
      answered(() => client.send(new DeleteObjectCommand(at(key)), { abortSignal })).then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof NotThere)) throw error;
        },
      ),
    list: (after, most, abortSignal) =>
      answered(async () => {
        const command = new ListObjectsV2Command({ Bucket: bucket, StartAfter: after, MaxKeys: most });
        const { Contents = [], IsTruncated } = await client.send(command, { abortSignal });
        const names = Contents.map(({ Key = "" }) => Key);
        return { keys: names.filter(isKey), next: IsTruncated ? (names.at(-1) ?? null) : null };
      }),
    mark: (abortSignal) =>
      answered(async () => {
        const { Body } = await client.send(new GetObjectCommand(at(MARK)), { abortSignal });
        return (await Body?.transformToString()) ?? "";
      }).catch((error: unknown) => {
        if (error instanceof NotThere) return null;
        throw error;
      }),
    leaveMark: (mark, signal) => {
      const body = Buffer.from(mark);
      return answered(() => put(MARK, body, body.length, null, signal));
    },
  };
}

/** What goes wrong is thrown, and told by whoever catches it. */
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
function nothing() {}

/** An engine's refusal by its name alone: its words may hold what was asked, and with it who asked. */
class StoreFault extends Error {
  constructor(code: string) {
    super(`The store answered ${code}.`);
    this.name = "StoreFault";
  }
}

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (name === "NoSuchKey" || (status === 404 && name !== "NoSuchBucket")) throw new NotThere();
    if (status === 507 || /quota|storagefull/i.test(name ?? "")) throw new StoreFull();
    throw error instanceof StoreFault ? error : new StoreFault(name ?? "nothing");
  }
}

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { StoreSettings } from "./store-settings.ts";

/** Whether OpenStack Swift can be run here: its packages are there, and we may become its user. */
export const hasSwift =
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  ["proxy", "account", "container", "object"].every((kind) => existsSync(`/usr/bin/swift-${kind}-server`));

/** An engine that speaks S3 and keeps three replicas on three devices, on loopback. */
export interface Swift {
  readonly settings: Extract<StoreSettings, { is: "s3" }>;
  /** Where a replica's files are. */
  readonly devices: readonly string[];
  /** Ends the proxy without a word, and brings it back. */
  kill(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

const KINDS = ["object", "container", "account"] as const;

export async function openSwift(): Promise<Swift> {
  const folder = await mkdtemp(join(tmpdir(), "assent-swift-"));
  await chmod(folder, 0o755);
  const devices = [1, 2, 3].map((n) => join(folder, `devs/d${n}`));
  for (const at of ["etc", "cache", "run", ...devices.map((_, i) => `devs/d${i + 1}`)])
    await mkdir(join(folder, at), { recursive: true });
  const [object = 0, container = 0, account = 0, proxy = 0] = await Promise.all(Array.from({ length: 4 }, freePort));
  const ports = { object, container, account };
  await writeFile(
    join(folder, "etc/swift.conf"),
    "[swift-hash]\nswift_hash_path_prefix=a\nswift_hash_path_suffix=b\n[storage-policy:0]\nname=Policy-0\ndefault=yes\n",
  );
  const common = (port: number) =>
    `[DEFAULT]\nbind_ip=127.0.0.1\nbind_port=${port}\nworkers=0\nuser=swift\nswift_dir=${folder}/etc\nlog_level=ERROR\n`;
  for (const kind of KINDS)
    await writeFile(
      join(folder, `etc/${kind}-server.conf`),
      `${common(ports[kind])}devices=${folder}/devs\nmount_check=false\nfallocate_reserve=0\nrecon_cache_path=${folder}/cache
[pipeline:main]\npipeline=${kind}-server\n[app:${kind}-server]\nuse=egg:swift#${kind}\n`,
    );
  await writeFile(
    join(folder, "etc/proxy-server.conf"),
    `${common(proxy)}[pipeline:main]
pipeline=catch_errors healthcheck cache listing_formats s3api tempauth slo proxy-server
[app:proxy-server]\nuse=egg:swift#proxy\naccount_autocreate=true\nconn_timeout=5\nnode_timeout=30
error_suppression_limit=1000\nerror_suppression_interval=1
[filter:catch_errors]\nuse=egg:swift#catch_errors
[filter:healthcheck]\nuse=egg:swift#healthcheck
[filter:cache]\nuse=egg:swift#memcache
[filter:listing_formats]\nuse=egg:swift#listing_formats
[filter:s3api]\nuse=egg:swift#s3api\nlocation=us-east-1
[filter:tempauth]\nuse=egg:swift#tempauth\nuser_test_tester=testing .admin
[filter:slo]\nuse=egg:swift#slo\n`,
  );
  const rings = KINDS.map((kind) => `("${kind}", ${ports[kind]})`).join(", ");
  execFileSync("/usr/bin/python3", [
    "-c",
    `from swift.common.ring import RingBuilder
for kind, port in (${rings}):
    b = RingBuilder(6, 3, 0)
    for n in (1, 2, 3):
        b.add_dev({"id": n - 1, "region": 1, "zone": n, "ip": "127.0.0.1", "port": port, "device": "d%d" % n, "weight": 1, "replication_ip": "127.0.0.1", "replication_port": port})
    b.rebalance()
    b.get_ring().save("${folder}/etc/%s.ring.gz" % kind)`,
  ]);
  execFileSync("chown", ["-R", "swift:swift", folder]);

  let output = "";
  const start = (kind: string): ChildProcess => {
    // It ends with us, also when we are killed.
    const as = ["--reuid=swift", "--regid=swift", "--clear-groups", "--pdeathsig", "INT"];
    const child = spawn("setpriv", [...as, `/usr/bin/swift-${kind}-server`, join(folder, `etc/${kind}-server.conf`)], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: folder,
      env: { ...process.env, HOME: folder },
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece) => (output += String(piece)));
    return child;
  };
  const end = async (child: ChildProcess) => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;
    child.kill("SIGKILL");
    await ended;
  };
  const endpoint = `http://127.0.0.1:${proxy}`;
  async function listens(child: ChildProcess, at = `${endpoint}/healthcheck`): Promise<ChildProcess> {
    // Whatever those behind the proxy say: it has one for each kind, and answers 503 until they are there.
    const answers = () =>
      fetch(at).then(
        ({ ok }) => ok || !at.startsWith(endpoint),
        () => false,
      );
    while (!(await answers())) {
      if (child.exitCode !== null) throw new Error(`Swift ended with ${child.exitCode}.\n${output}`);
      await pause(50);
    }
    return child;
  }
  const servers = await Promise.all(KINDS.map((kind) => listens(start(kind), `http://127.0.0.1:${ports[kind]}/`)));
  let front = await listens(start("proxy"));

  const settings = {
    is: "s3",
    endpoint,
    bucket: "blobs",
    region: "us-east-1",
    key: "test:tester",
    secret: "testing",
  } as const;
  const client = new S3Client({
    endpoint,
    region: settings.region,
    forcePathStyle: true,
    credentials: { accessKeyId: settings.key, secretAccessKey: settings.secret },
  });
  // The proxy listens before those behind it do.
  for (let tries = 0; ; tries++) {
    const made = await client.send(new CreateBucketCommand({ Bucket: settings.bucket })).catch((error: Error) => error);
    if (!(made instanceof Error) || made.name === "BucketAlreadyOwnedByYou") break;
    if (tries === 100) throw made;
    await pause(200);
  }
  client.destroy();
  return {
    settings: { ...settings, name: `s3:${endpoint}/blobs` },
    devices,
    kill: () => end(front),
    back: async () => {
      front = await listens(start("proxy"));
    },
    close: async () => {
      await Promise.all([...servers, front].map(end));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  return typeof address === "object" && address ? address.port : 0;
}

"use client";

import { useQuery } from "@tanstack/react-query";
import { Alert } from "@/components/ui/alert.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { deviceDigest } from "@/lib/auth/device.ts";
import { enrolKey, readOwnKeys, removeKey, type StaffKey } from "@/lib/auth/people-api.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { useHere } from "../staff.tsx";
import { EVERY_MS } from "../staff-keys.ts";
import { StaffShell } from "../staff-shell.tsx";
import { AnotherDevice } from "./another-device.tsx";
import { KeyList } from "./key-list.tsx";
import { OwnKit } from "./own-kit.tsx";
import { useChange } from "./use-change.ts";

/** A doctor's own devices: what signs for them, the next one, and a lost one. */
export function DevicesScreen() {
  return (
    <StaffShell current={null}>
      <Devices />
    </StaffShell>
  );
}

function Devices() {
  const here = useHere().data;
  const keys = here?.is === "ready" ? here.keys : null;
  const { change, dialog } = useChange(["own-keys"], ["me"]);
  const found = useQuery({
    queryKey: ["own-keys"],
    queryFn: () => ask(readOwnKeys, {}),
    refetchInterval: EVERY_MS,
  });
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-title font-bold">Your devices</h1>
          <p className="text-muted-foreground">Each signs with a key of its own, made there.</p>
        </div>
        <AnotherDevice />
      </div>
      {found.isError ? <Alert tone="warning" className="mt-4" title={wordsFor(found.error)} /> : null}
      {found.data ? (
        <section aria-labelledby="keys" className="mt-4 overflow-hidden rounded-xl border bg-card shadow-card">
          <h2 id="keys" className="sr-only">
            Keys
          </h2>
          {found.data.keys.length === 0 ? <p className="p-5 text-muted-foreground">There is none yet.</p> : null}
          <KeyList
            keys={found.data.keys}
            here={here?.is === "waits" ? here.card.signer : keys?.signer}
            ask="The new device shows four words."
            onEnrol={
              keys && (async (key) => change(enrolKey, { signer: key.card.signer, by: await vouching(key, keys) }))
            }
            onRemove={({ card }, why) => change(removeKey, { signer: card.signer, why })}
          />
          {here?.is === "ready" ? <OwnKit /> : null}
        </section>
      ) : found.isError ? null : (
        <Loading label="Loading your devices" className="mt-4 rounded-xl border bg-card p-5" />
      )}
      {dialog}
    </>
  );
}

const vouching = async (key: StaffKey, { signer, sign }: Keys) => ({
  signer,
  voucher: await sign(deviceDigest(signer, key.card, key.device)),
});

"use client";

import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { usePathname, useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Loading } from "@/components/ui/skeleton";
import { Toaster } from "@/components/ui/toaster";
import { readMe } from "@/lib/auth/api.ts";
import type { Staff } from "@/lib/auth/person.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { KeyMissing } from "./key-missing.tsx";
import { hintSession } from "./session.ts";
import { type Doctor, keysOf } from "./staff-keys.ts";

const MeContext = createContext<Staff | null>(null);
const KeysContext = createContext<Doctor | null>(null);

/** The signed-in person. Only inside `StaffGate`. */
export function useMe(): Staff {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe stands outside StaffGate");
  return me;
}

function useDoctor(): Doctor {
  const doctor = useContext(KeysContext);
  if (!doctor) throw new Error("this stands outside KeyGate");
  return doctor;
}

/** What signs in this browser, for the practice and its patients. Only inside `KeyGate`. */
export const useKeys = (): Keys => useDoctor().keys;

/** What is nobody's but the person's, the same in each of their browsers. Only inside `KeyGate`. */
export const usePersonKeys = (): Keys => useDoctor().person;

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Reading leaves a line on the trail: we ask when something happened, not when a window is looked at.
        refetchOnWindowFocus: false,
        refetchOnReconnect: true,
        staleTime: 5_000,
        retry: (failures, fault) => fault instanceof Refusal && fault.code === "server.unreachable" && failures < 3,
      },
    },
  });
}

/** Who is signed in, for everything inside; leads to `/sign-in` where nobody is. */
export function StaffGate({ children }: { children: ReactNode }) {
  const [client] = useState(newClient);
  return (
    <QueryClientProvider client={client}>
      <Gate>{children}</Gate>
      <Toaster />
    </QueryClientProvider>
  );
}

function Gate({ children }: { children: ReactNode }) {
  const router = useRouter();
  const path = usePathname();
  const me = useQuery({ queryKey: ["me"], queryFn: () => ask(readMe, {}), staleTime: Number.POSITIVE_INFINITY });
  const stranger = me.error instanceof Refusal && me.error.code === "auth.needed";

  useEffect(() => {
    if (!stranger) return;
    hintSession(false);
    router.replace(`/sign-in?next=${encodeURIComponent(path)}`);
  }, [stranger, router, path]);

  if (me.data) return <MeContext value={me.data}>{children}</MeContext>;
  return (
    <main id="main" className="mx-auto max-w-[40rem] px-4 py-10">
      {me.error && !stranger ? (
        <Alert tone="warning" title={wordsFor(me.error)}>
          <Button variant="outline" className="mt-3" onClick={() => me.refetch()} busy={me.isFetching}>
            Try again
          </Button>
        </Alert>
      ) : (
        <Loading label="Opening your clinic" slow="Still waiting for the practice’s server. We keep trying." />
      )}
    </main>
  );
}

/** What this browser has of the person. Only inside `StaffGate`. */
export function useHere() {
  const me = useMe();
  return useQuery({
    queryKey: ["keys", me.id, me.keys.map(({ signer }) => signer).join()],
    queryFn: () => keysOf(me),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always",
  });
}

/** The person's keys, for everything inside; says what is missing where this browser has none that counts. Stands inside `StaffGate`. */
export function KeyGate({ children }: { children: ReactNode }) {
  const here = useHere();
  if (here.data?.is === "ready") return <KeysContext value={here.data}>{children}</KeysContext>;
  if (here.data) return <KeyMissing here={here.data} onChanged={() => here.refetch()} />;
  if (here.isPending) return <Loading label="Opening your keys" />;
  if (here.error instanceof Refusal) {
    return (
      <Alert tone="warning" title={wordsFor(here.error)}>
        <Button variant="outline" className="mt-3" onClick={() => here.refetch()} busy={here.isFetching}>
          Try again
        </Button>
      </Alert>
    );
  }
  return (
    <Alert tone="warning" title="This browser didn’t open its key store">
      A private window or a full disk can be the reason. Nothing is lost: your recovery kit opens what is yours in any
      browser.
    </Alert>
  );
}

"use client";

import { fetched } from "@/components/ui/fetched.tsx";
import "@/lib/visits/link-secret.browser.ts";
import { useSyncExternalStore } from "react";
import { isGuestLink } from "@/lib/visits/link-secret.browser.ts";
import { JoinPage } from "./join-page.tsx";
import { WelcomeComing } from "./welcome.tsx";

const GuestPage = fetched(
  () => import("./guest-page.tsx").then((file) => file.GuestPage),
  () => <WelcomeComing />,
);

const never = () => () => {};

/** Patients and guests come to the same address; the part of the link that no server sees tells them apart. */
export function LinkPage({ id }: { id: string }) {
  const guest = useSyncExternalStore(
    never,
    () => isGuestLink(id),
    () => null,
  );
  if (guest === null) return <WelcomeComing />;
  return guest ? <GuestPage guestId={id} /> : <JoinPage visitId={id} />;
}

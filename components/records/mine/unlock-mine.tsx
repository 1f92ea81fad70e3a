"use client";

import { useState } from "react";
import { Unlock } from "@/components/keyring/unlock.tsx";
import { PATIENT } from "@/lib/keyring/owners.ts";
import { OpenHere } from "./open-here.tsx";

/** A patient's keyring that does not open by itself here: as it was locked, or with what opens it on any device. */
export function UnlockMine({ onOpened }: { onOpened: () => void }) {
  const [otherWay, setOtherWay] = useState(false);
  if (otherWay) return <OpenHere onOpened={onOpened} onBack={() => setOtherWay(false)} />;
  return <Unlock owner={PATIENT} onOpened={onOpened} onOtherWay={() => setOtherWay(true)} />;
}

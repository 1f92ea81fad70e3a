"use client";

import type { ReactNode } from "react";
import { Field } from "@/components/ui/field.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";

const words = { camera: "Camera", microphone: "Microphone", speaker: "Speaker" } as const;
export type DeviceKind = keyof typeof words;
export const deviceKinds = Object.keys(words) as readonly DeviceKind[];

/** Which of this device's cameras, microphones or speakers. Nothing where there is none to choose and nothing to say. */
export function DeviceChoice({
  media,
  own,
  kind,
  calm = false,
  className,
  children,
}: {
  media: Media;
  own: MediaView;
  kind: DeviceKind;
  calm?: boolean;
  className?: string;
  /** What stands between the word and the list: why it doesn't work. */
  children?: ReactNode;
}) {
  const found = own.devices.filter((device) => device.kind === kind);
  if (found.length === 0 && !children) return null;
  const source = kind === "speaker" ? undefined : own[kind];
  const chosen = kind === "speaker" ? own.speaker : source?.is === "on" ? source.device : "";
  return (
    <Field calm={calm} label={words[kind]}>
      {children}
      <Select value={chosen} className={className} onChange={(event) => void media.use(kind, event.target.value)}>
        {found.some((device) => device.id === chosen) ? null : <option value={chosen}>The usual one</option>}
        {found.map((device) => (
          <option key={device.id} value={device.id}>
            {device.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}

export interface Device {
  readonly kind: "camera" | "microphone" | "speaker";
  readonly id: string;
  readonly label: string;
}

const kinds = { videoinput: "camera", audioinput: "microphone", audiooutput: "speaker" } as const;

/** What this browser can see, hear and play with, as far as it tells: without a permission it names none of them. */
export async function knownDevices(): Promise<Device[]> {
  const found = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const named = found.filter(({ deviceId, label }) => deviceId !== "" || label !== "");
  return named.map(({ kind, deviceId, label }, i) => ({
    kind: kinds[kind],
    id: deviceId,
    label: label || `${kinds[kind]} ${i + 1}`,
  }));
}

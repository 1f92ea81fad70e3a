/** Small things this tab remembers over a reload, so that nobody types or decides twice. Gone with the tab. */
function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function write(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // it holds until the page is left
  }
}

/** How the patient calls themselves in this visit. */
export const nameOf = (visitId: string): string => read(`assent-name:${visitId}`) ?? "";
export const keepName = (visitId: string, name: string): void => write(`assent-name:${visitId}`, name);

interface DevicesOn {
  camera: boolean;
  microphone: boolean;
  muted: boolean;
}

/** What was switched on, so that a reload switches nothing on that was off. */
export function devicesOn(): DevicesOn {
  const [camera, microphone, muted] = [..."cmq"].map((one) => (read("assent-devices") ?? "").includes(one));
  return { camera: camera ?? false, microphone: microphone ?? false, muted: muted ?? false };
}

export function keepDevicesOn({ camera, microphone, muted }: DevicesOn): void {
  write("assent-devices", `${camera ? "c" : ""}${microphone ? "m" : ""}${muted ? "q" : ""}`);
}

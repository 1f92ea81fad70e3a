const makes = [
  ["Edge", /(?:Edg|EdgA|EdgiOS)\/(\d+)/],
  ["Opera", /(?:OPR|OPT)\/(\d+)/],
  ["Samsung Internet", /SamsungBrowser\/(\d+)/],
  ["Firefox", /(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /(?:Chrome|CriOS|Chromium|HeadlessChrome)\/(\d+)/],
  ["Safari", /Version\/(\d+).*Safari\//],
] as const;

const systems = [
  ["iPhone", /iPhone|iPod/],
  ["iPad", /iPad/],
  ["Android", /Android/],
  ["Windows", /Windows/],
  ["ChromeOS", /CrOS/],
  ["Mac", /Macintosh/],
  ["Linux", /Linux/],
] as const;

/** `Chrome 148 on Android`; `This browser` where it says nothing known. */
export function browserName(agent: string): string {
  const system = systems.find(([, pattern]) => pattern.test(agent))?.[0];
  for (const [name, pattern] of makes) {
    const version = pattern.exec(agent)?.[1];
    if (version) return `${name} ${version}${system ? ` on ${system}` : ""}`;
  }
  return system ? `This browser on ${system}` : "This browser";
}

/** The same without its version, which soon is another: what a key's browser is called. */
export const deviceName = (agent: string): string => browserName(agent).replace(/ \d+/, "");

/** `Dr. Osei` of `Dr. Esi Osei`; a name without a title stays whole. */
export function shortName(name: string): string {
  const words = name.trim().split(/\s+/);
  const [title, ...rest] = words;
  const family = rest.at(-1);
  return title && family && /^(Dr|Prof|Mr|Mrs|Ms|Mx)\.?$/i.test(title) ? `${title} ${family}` : words.join(" ");
}

/** `Ana` of `Ana Duarte`. */
export const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? "";

/** How someone in a call is called; guests with what they are: "interpreter". */
export interface Who {
  name: string;
  role?: string | undefined;
}

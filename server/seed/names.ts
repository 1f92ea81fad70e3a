import type { Chance } from "../chance.ts";

/** Names that are put together by chance. Nobody is meant. */
const given = ["Amara", "Bela", "Chidi", "Dilan", "Elin", "Farid", "Greta", "Hana", "Ilja", "Jonna", "Kwame", "Lale"];
const family = ["Abara", "Brandt", "Castel", "Dorje", "Ekberg", "Falk", "Gallo", "Halloran", "Imre", "Jansa", "Kovac"];
const practices = ["Lindenhof Practice", "Harbour Street Practice", "Two Rivers Practice", "Mill Lane Practice"];
const browsers = ["Firefox on Linux", "Chrome on Windows", "Safari on a Mac", "Edge on Windows"];

/** So many doctors or others, each with a name of their own. */
export function namesFrom(chance: Chance, many: number): string[] {
  const names = new Set<string>();
  while (names.size < many) names.add(`${chance.oneOf(given)} ${chance.oneOf(family)}`);
  return [...names];
}

export const practiceFrom = (chance: Chance): string => chance.oneOf(practices);
export const browserFrom = (chance: Chance): string => chance.oneOf(browsers);

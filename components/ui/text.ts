const figures = new Intl.NumberFormat("en-GB");

/** `1,204`. */
export const figure = (n: number): string => figures.format(n);
/** `1 line`, `1,204 lines`. */
export const counted = (n: number, one: string, many: string): string => `${figure(n)} ${n === 1 ? one : many}`;

/** `once`, `twice`, `3 times`. */
export const often = (n: number): string => ({ 1: "once", 2: "twice" })[n] ?? `${figure(n)} times`;

/** The start of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** Inside of one. */
export const uncapital = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

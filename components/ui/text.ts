const figures = new Intl.NumberFormat("en-GB");

/** `1,204`. */
export const figure = (n: number): string => figures.format(n);
/** `1 line`, `1,204 lines`. */
export const counted = (n: number, one: string, many: string): string => `${figure(n)} ${n === 1 ? one : many}`;

/** The start of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

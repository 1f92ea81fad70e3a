/** Being let in is known by the news alone: what else is asked for waits, in milliseconds, until the picture has had its turn. */
export const AFTER_ADMIT_MS = 1_500;

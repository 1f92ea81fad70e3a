import type { Purpose } from "./keyring.ts";

/** The patient's ring: all their keys in a browser come from it. */
export const PATIENT = "patient";

/** The ring that is this browser's alone: it has no recovery kit, and no other browser ever has its keys. */
export const deviceOf = (owner: string): string => `device:${owner}`;
export const isDevice = (owner: string): boolean => owner.startsWith("device:");

/** What a patient's keys of one visit are for. */
export const visitPurpose = (visitId: string): Purpose => `visit/${visitId}`;

/** The patient's ring: all their keys in a browser come from it. */
export const PATIENT = "patient";

/** The ring that is this browser's alone: it has no recovery kit, and no other browser ever has its keys. */
export const deviceOf = (owner: string): string => `device:${owner}`;
export const isDevice = (owner: string): boolean => owner.startsWith("device:");

/** What keys are for. One pair a visit, so that two visits of a patient share no address; a guest's link counts as one. */
export type Purpose = "clinician" | "folder" | `visit/${string}`;

/** What a patient's keys of one visit are for. */
export const visitPurpose = (visitId: string): Purpose => `visit/${visitId}`;

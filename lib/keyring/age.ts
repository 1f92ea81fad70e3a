/** With all it can do age weighs more than a page: it is fetched where something is sealed or opened, and not to sign. */
export const loadAge = () => import("age-encryption");

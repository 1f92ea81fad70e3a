/** What to say of an address that cannot be one. */
export function emailFault(email: string): string {
  if (email === "") return "Enter your email address";
  if (!email.includes("@")) return "This address is missing its @";
  if (!/\.[^@.]+$/.test(email)) return "This address is missing its ending, such as .org";
  return "This doesn’t look like an email address";
}

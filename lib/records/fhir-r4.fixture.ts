import { Fhir } from "fhir";

/** HL7's own definitions of R4 with the value sets it requires; reading them takes a second. */
const fhir = new Fhir();

/** What is wrong with a resource by the standard, and a bundle's resources with it: nothing where it is R4. */
export function faultsIn(resource: unknown): string[] {
  const { messages } = fhir.validate(JSON.parse(JSON.stringify(resource)), { errorOnUnexpected: true });
  return messages.flatMap(({ severity, location, message }) =>
    severity === "error" || severity === "fatal" ? `${location}: ${message}` : [],
  );
}

/**
 * Controlled substances by name (INN and common brand names): a ledger signature is not a certified e-prescription, so the
 * form refuses them. From the INCB yellow and green lists, those in clinical use, and what several countries schedule beside
 * them. It stops a slip, not an intention: the prescriber answers for the rest.
 */
const controlled =
  "alfentanil alprazolam amfetamine amphetamine barbital bromazepam brotizolam buprenorphine butorphanol cannabis " +
  "chlordiazepoxide clobazam clonazepam clorazepate codeine dexamfetamine dexmethylphenidate dextroamphetamine diamorphine " +
  "diazepam dihydrocodeine dronabinol ephedrine estazolam esketamine etizolam fentanyl flunitrazepam flurazepam hydrocodone " +
  "hydromorphone ketamine lisdexamfetamine lisdexamphetamine loprazolam lorazepam lormetazepam meperidine meprobamate methadone " +
  "methamphetamine methylphenidate midazolam morphine nabilone nabiximols nalbuphine nitrazepam opium oxazepam oxycodone " +
  "oxymorphone pentazocine pethidine phenobarbital phentermine piritramide prazepam pregabalin remifentanil sufentanil " +
  "tapentadol temazepam tilidine tramadol triazolam zaleplon zolpidem zopiclone " +
  "adderall ativan concerta dilaudid oxycontin percocet ritalin rivotril rohypnol subutex suboxone valium vicodin vyvanse xanax";

const names = new Set(controlled.split(" "));

/** The controlled substance named in a medication, or null. */
export function controlledIn(medication: string): string | null {
  const words = medication.toLowerCase().split(/[^a-zà-ÿ-]+/);
  return words.find((word) => names.has(word)) ?? null;
}

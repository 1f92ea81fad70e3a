import { Alert } from "@/components/ui/alert";
import type { LogStanding } from "@/lib/audit/api.ts";
import { haltWords, nameOf, witnessWords } from "./log-words.ts";

/** The log is not sealed any more, or a witness knows another one: before anything else on the page. */
export function LogTrouble({ log }: { log: LogStanding | undefined }) {
  if (!log) return null;
  const halted = log.halt ? haltWords(log.halt) : null;
  const worries = log.witnesses.filter(({ trouble }) => trouble === "knows-more" || trouble === "knows-another");
  return (
    <>
      {halted ? (
        <Alert tone="danger" role="alert" className="mt-4" title={halted.title}>
          {halted.text}
        </Alert>
      ) : null}
      {worries.map((witness) => (
        <Alert
          key={witness.id}
          tone="danger"
          role="alert"
          className="mt-4"
          title="A witness has seen another log than this"
        >
          {`${nameOf(witness)}: ${witnessWords(witness, new Date()).text}. It is somebody else’s word against this server’s: keep a copy of the data folder, and ask them.`}
        </Alert>
      ))}
    </>
  );
}

"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { whenIdle } from "@/components/ui/when-idle.ts";
import type { NoteKey } from "@/lib/audit/note.ts";
import type { Checked } from "@/lib/audit/verify-file.ts";
import { askNode, chooseNode, chosenNode } from "@/lib/ledger/node.browser.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";

/** A file that was chosen, and what came of checking it. */
export interface Chosen {
  readonly name: string;
  readonly checked: Checked;
  /** Seconds. */
  readonly took: number;
  /** The node that was asked; null for the practice's own window. */
  readonly node: string | null;
}

export type Choosing =
  | { is: "nothing" }
  | { is: "checking" }
  | { is: "unreadable" }
  | { is: "checked"; chosen: Chosen };

/** What the person asks of others than the file. */
export interface Questions {
  lookThrough: (node: string | null) => void;
  /** Of this file, about a witness that they know, by its key, and no more about the one before; false for what is no such key. */
  askAbout: (key: string) => Promise<boolean>;
}

const loadVerifier = () => import("@/lib/audit/verify-file.ts");

/**
 * Checks a file on this device. What checks it is fetched once the page stands, so that it works without a line afterwards;
 * the file goes nowhere.
 */
export function useEvidence(): {
  choosing: Choosing;
  choose: (file: File) => void;
  /** Puts the file away. */
  leave: () => void;
} & Questions {
  const [choosing, setChoosing] = useState<Choosing>({ is: "nothing" });
  const [file, setFile] = useState<File>();
  /** Asked about for the file that was chosen: the next may be of another practice, with other witnesses. */
  const known = useRef<readonly NoteKey[]>([]);
  /** Which check is the last that was asked for: one that waited for its node does not take its place. */
  const turn = useRef(0);
  useEffect(() => whenIdle(() => void loadVerifier().catch(() => {})), []);

  const check = useCallback(async (chosen: File) => {
    turn.current += 1;
    const mine = turn.current;
    const show = (found: Choosing) => mine === turn.current && setChoosing(found);
    setFile(chosen);
    setChoosing({ is: "checking" });
    try {
      const [{ verifyFile }, text] = await Promise.all([loadVerifier(), chosen.text()]);
      const from = performance.now();
      let node: string | null = null;
      const nodeFor = (ledger: LedgerOfFile) => {
        node = chosenNode(ledger);
        return askNode(node);
      };
      const checked = await verifyFile(text, nodeFor, known.current);
      const took = (performance.now() - from) / 1_000;
      show({ is: "checked", chosen: { name: chosen.name, checked, took, node } });
    } catch {
      show({ is: "unreadable" });
    }
  }, []);

  const ledger = choosing.is === "checked" ? choosing.chosen.checked.about?.ledger : undefined;
  return {
    choosing,
    choose: (chosen) => {
      known.current = [];
      void check(chosen);
    },
    leave: () => {
      turn.current += 1;
      known.current = [];
      setChoosing({ is: "nothing" });
    },
    lookThrough: (node) => {
      if (!ledger || !file) return;
      chooseNode(ledger, node);
      void check(file);
    },
    askAbout: async (text) => {
      const { readWitnessKey } = await loadVerifier();
      const key = readWitnessKey(text);
      if (!key) return false;
      known.current = [key];
      if (file) void check(file);
      return true;
    },
  };
}

"use client";

import { Ban, Eye, OctagonAlert, RefreshCw } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/cn.ts";
import { capital, counted } from "@/components/ui/text.ts";
import { clock, day as dayInWords, daysUntil, longDay } from "@/components/ui/times.ts";
import type { Look } from "@/lib/records/looks.ts";
import { CheckCard } from "./check-card.tsx";
import { type LookInWords, lookInWords, wrongInWords } from "./looks-words.ts";
import { type Checking, useCheck } from "./use-check.ts";
import type { MyVisit } from "./use-mine.ts";

/** `wrong` says what of it is not what the log has. */
type Shown = LookInWords & { id: string; at: Date; wrong: string | null };

/** Every look at something of the patient's, of all visits, the newest first and by day. */
export function WhoLooked({ visits, missing }: { visits: readonly MyVisit[]; missing: number }) {
  const [all, setAll] = useState(false);
  const { checking, check } = useCheck(visits);
  const looks = visits
    .flatMap((visit) => looksOf(visit, checking))
    .sort((one, other) => other.at.getTime() - one.at.getTime());
  const quiet = looks.filter(({ automatic, who, wrong }) => (automatic || who === "You") && wrong === null);
  const shown = all ? looks : looks.filter((one) => !quiet.includes(one));
  return (
    <Card calm aria-labelledby="who-looked">
      <h2 id="who-looked" className="text-lead font-semibold">
        Who looked
      </h2>
      <p className="text-calm-small text-muted-foreground">
        Every time someone opened, or tried to open, something of yours.
      </p>
      {shown.length === 0 ? (
        <p className="mt-4 rounded-lg bg-secondary p-4 text-calm-small text-secondary-foreground">
          Nobody but you has opened anything of yours.
        </p>
      ) : (
        byDay(shown).map(([day, ofDay]) => (
          <section key={day} aria-label={day} className="mt-4">
            <h3 className="text-calm-small font-semibold text-muted-foreground">{day}</h3>
            <ul>
              {ofDay.map((look) => (
                <LookRow key={look.id} {...look} />
              ))}
            </ul>
          </section>
        ))
      )}
      {quiet.length > 0 ? (
        <Button variant="ghost" size="calm" className="mt-3 w-full text-calm-small" onClick={() => setAll(!all)}>
          {all
            ? "Hide your own and automatic looks"
            : `Show ${counted(quiet.length, "more look", "more looks")}: your own, and automatic ones`}
        </Button>
      ) : null}
      <CheckCard checking={checking} missing={missing} onCheck={() => void check()} />
    </Card>
  );
}

function LookRow({ who, did, why, refused, automatic, at, wrong }: Shown) {
  const Icon = wrong !== null ? OctagonAlert : refused ? Ban : automatic ? RefreshCw : Eye;
  return (
    <li
      className={cn(
        "grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3 border-t py-3 first:border-0",
        wrong !== null && "bg-destructive-soft px-3 shadow-[inset_4px_0_0_var(--destructive)]",
      )}
    >
      <Icon
        aria-hidden="true"
        className={cn("mt-0.5 size-6", refused || wrong !== null ? "text-destructive" : "text-muted-foreground")}
      />
      <div className="min-w-0">
        <p>
          <strong className="font-semibold">{who}</strong> {did}
        </p>
        <p className="text-calm-small text-muted-foreground">{why}</p>
        {wrong !== null ? <p className="text-calm-small font-semibold">{wrong}</p> : null}
      </div>
      <time dateTime={at.toISOString()} className="figures text-calm-small text-muted-foreground">
        {clock(at)}
      </time>
    </li>
  );
}

/** What is no look by its words is shown only where the log says otherwise. */
const otherLine: LookInWords = { who: "A line", did: "about your visit.", why: "", refused: false, automatic: false };

/** As they were checked last, or as they were read with the page. */
function looksOf({ join, looks }: MyVisit, checking: Checking): Shown[] {
  const found = checking.is === "done" ? checking.visits.get(join.id) : undefined;
  const checked = found && "looks" in found ? found : null;
  const called = { clinic: join.clinic, clinician: join.clinician.name };
  return (checked?.looks ?? looks).flatMap((look: Look) => {
    const parts = checked?.wrong.get(look.number);
    const words = lookInWords(look, called) ?? (parts ? otherLine : null);
    if (!words) return [];
    const wrong = parts ? wrongInWords(parts) : null;
    return [{ ...words, id: `${join.id} ${look.number}`, at: new Date(look.at), wrong }];
  });
}

function byDay(looks: readonly Shown[]): [string, Shown[]][] {
  const days = new Map<string, Shown[]>();
  for (const look of looks) {
    const far = Math.abs(daysUntil(look.at, new Date())) > 1;
    const day = far ? longDay(look.at) : capital(dayInWords(look.at));
    days.set(day, [...(days.get(day) ?? []), look]);
  }
  return [...days];
}

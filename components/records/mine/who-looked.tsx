"use client";

import { Ban, Eye, RefreshCw } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/cn.ts";
import { capital, counted } from "@/components/ui/text.ts";
import { clock, day as dayInWords, daysUntil, longDay } from "@/components/ui/times.ts";
import { type LookInWords, lookInWords } from "./looks-words.ts";
import type { MyVisit } from "./use-mine.ts";

type Shown = LookInWords & { id: string; at: Date };

/** Every look at something of the patient's, of all visits, the newest first and by day. */
export function WhoLooked({ visits }: { visits: readonly MyVisit[] }) {
  const [all, setAll] = useState(false);
  const looks = visits.flatMap(looksOf).sort((one, other) => other.at.getTime() - one.at.getTime());
  const quiet = looks.filter(({ automatic, who }) => automatic || who === "You");
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
    </Card>
  );
}

function LookRow({ who, did, why, refused, automatic, at }: Shown) {
  const Icon = refused ? Ban : automatic ? RefreshCw : Eye;
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3 border-t py-3 first:border-0">
      <Icon
        aria-hidden="true"
        className={cn("mt-0.5 size-6", refused ? "text-destructive" : "text-muted-foreground")}
      />
      <div className="min-w-0">
        <p>
          <strong className="font-semibold">{who}</strong> {did}
        </p>
        <p className="text-calm-small text-muted-foreground">{why}</p>
      </div>
      <time dateTime={at.toISOString()} className="figures text-calm-small text-muted-foreground">
        {clock(at)}
      </time>
    </li>
  );
}

const looksOf = ({ join, looks }: MyVisit): Shown[] =>
  looks.flatMap((look) => {
    const words = lookInWords(look, { clinic: join.clinic, clinician: join.clinician.name });
    return words ? [{ ...words, id: `${join.id} ${look.number}`, at: new Date(look.at) }] : [];
  });

function byDay(looks: readonly Shown[]): [string, Shown[]][] {
  const days = new Map<string, Shown[]>();
  for (const look of looks) {
    const far = Math.abs(daysUntil(look.at, new Date())) > 1;
    const day = far ? longDay(look.at) : capital(dayInWords(look.at));
    days.set(day, [...(days.get(day) ?? []), look]);
  }
  return [...days];
}

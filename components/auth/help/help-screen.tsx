"use client";

import {
  BookLock,
  Camera,
  ChevronDown,
  Hourglass,
  type LucideIcon,
  MessageCircle,
  Stethoscope,
  User,
} from "lucide-react";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { CallPractice } from "../call-practice.tsx";
import { useClinic } from "../use-clinic.ts";
import { groups } from "./answers.tsx";

const LIMITS = "What Assent cannot prove";

/** Short answers, and, never folded, the limits of what all this proves. */
export function HelpScreen() {
  const [now] = useClinic();
  const clinic = now.is === "known" ? now.clinic : null;
  const parts = [...groups, { id: "limits", title: LIMITS }];
  return (
    <PatientFrame title={clinic?.name ?? "Assent"} width="page">
      <h1 className="text-calm-title font-bold lg:text-[2.25rem]">Help</h1>
      <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[14rem_minmax(0,1fr)] lg:items-start">
        <nav aria-label="On this page" className="lg:sticky lg:top-6">
          <ul>
            {parts.map(({ id, title }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  className="inline-flex min-h-11 items-center text-calm-small underline underline-offset-4"
                >
                  {title}
                </a>
              </li>
            ))}
          </ul>
          <CallPractice phone={clinic?.phone} says="Someone to talk to:" className="mt-3 border-t pt-3" />
        </nav>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          {groups.map(({ id, title, answers }, at) => (
            <Card key={id} calm id={id} aria-labelledby={`${id}-title`} className="scroll-mt-4">
              <h2 id={`${id}-title`} className="text-lead font-semibold">
                {title}
              </h2>
              <div className="mt-1">
                {answers.map(({ question, answer }, which) => (
                  <details key={question} open={at === 0 && which === 0} className="group border-t first:border-0">
                    <summary className="flex min-h-control-calm cursor-pointer list-none py-2 items-center justify-between gap-4 font-semibold [&::-webkit-details-marker]:hidden">
                      <span>{question}</span>
                      <ChevronDown
                        aria-hidden="true"
                        className="size-5 shrink-0 text-muted-foreground group-open:rotate-180"
                      />
                    </summary>
                    <p className="max-w-[36rem] pb-4 text-calm-small text-muted-foreground">{answer}</p>
                  </details>
                ))}
              </div>
            </Card>
          ))}
          <Card calm id="limits" aria-labelledby="limits-title" className="scroll-mt-4 border-2 border-primary">
            <h2 id="limits-title" className="text-lead font-semibold">
              {LIMITS}
            </h2>
            <p>We would rather you hear it from us.</p>
            <ul className="mt-2">
              <Limit icon={User} title="That a person is who they say">
                It proves which key signed. Who held the phone, a face and a conversation have to tell.
              </Limit>
              <Limit icon={Stethoscope} title="That the medicine was right">
                It proves what was prescribed, by whom and when. Not that it was a good idea.
              </Limit>
              <Limit icon={MessageCircle} title="What was said">
                Nothing is filmed, so nothing spoken can be proved either.
              </Limit>
              <Limit icon={Camera} title="That nobody took a copy">
                A screen can be photographed. Who opened something is recorded; what they did with it is not.
              </Limit>
              <Limit icon={BookLock} title="That a single clinic told the whole truth">
                A <strong className="font-semibold text-foreground">Local ledger</strong> is run by the clinic. It can’t
                quietly change it while you hold a receipt, but it could start over. Keep your evidence file, or ask for
                a shared ledger. And the page itself comes from the clinic’s server: the command-line verifier does not.
              </Limit>
              <Limit icon={Hourglass} title="That it will hold for ever">
                Signatures of today may be broken one day. What you hold is signed with today’s best.
              </Limit>
            </ul>
            <p className="border-t pt-4 text-calm-small">
              And it is not for emergencies, controlled substances, or recordings.
            </p>
          </Card>
        </div>
      </div>
    </PatientFrame>
  );
}

function Limit({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-3.5 border-t py-4 first:border-0">
      <Icon aria-hidden="true" className="mt-0.5 size-6 shrink-0 text-muted-foreground" />
      <div className="min-w-0">
        <h3 className="font-semibold">{title}</h3>
        <p className="text-calm-small text-muted-foreground">{children}</p>
      </div>
    </li>
  );
}

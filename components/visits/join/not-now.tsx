"use client";

import { CircleCheck } from "lucide-react";
import { CallPractice } from "@/components/auth/call-practice.tsx";
import { shortName } from "@/components/consent/names.ts";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import type { JoinView } from "@/lib/visits/api.ts";
import { Emergencies } from "./welcome.tsx";

/** A no is an answer: nothing was sent, and the way back stays open. */
export function NotNow({ join, onBack }: { join: JoinView; onBack: () => void }) {
  return (
    <PatientFrame title={join.clinic}>
      <Card calm>
        <div role="status">
          <CircleCheck aria-hidden="true" className="size-9 text-primary" />
          <h1 className="mt-3 text-calm-title font-bold">Nothing was recorded</h1>
          <p className="mt-2">
            You chose not to authorize. Nobody saw or heard you, and your camera is off. You can close this page, or
            call the practice and talk to them first.
          </p>
        </div>
        <p className="mt-3 text-calm-small text-muted-foreground">
          If you change your mind, come back here in this browser: {shortName(join.clinician.name)} can still see you.
        </p>
        <CallPractice phone={join.phone} className="mt-3" />
        <Button size="calm" variant="outline" className="mt-5 w-full" onClick={onBack}>
          Back to my choices
        </Button>
      </Card>
      <Emergencies />
    </PatientFrame>
  );
}

"use client";

import { ArrowLeft, RefreshCw, SwitchCamera, Video } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { HelpLink } from "@/components/auth/help/help-link.tsx";
import { useClinic } from "@/components/auth/use-clinic.ts";
import { DeviceChoice, deviceKinds } from "@/components/call/device-choice.tsx";
import { useMediaView } from "@/components/call/views.ts";
import { browserName } from "@/components/ui/browser-name.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { Loading, Skeleton } from "@/components/ui/skeleton.tsx";
import { longWhen } from "@/components/ui/times.ts";
import { type Media, openMedia } from "@/lib/call/media.browser.ts";
import { isVisitId } from "@/lib/visits/link.ts";
import { appAround, unableHere } from "../join/browsers.ts";
import { HEARD, LevelMeter } from "../join/level-meter.tsx";
import { SelfView } from "../join/self-view.tsx";
import { HeardQuestion, PlayButton, useSpeakerTest } from "../join/speaker-test.tsx";
import { TroubleCard } from "../join/trouble-card.tsx";
import { TroubleScreen } from "../join/trouble-screen.tsx";
import { helpFor } from "../join/trouble-steps.ts";
import { useLineTest } from "../join/use-line-test.ts";
import { useRefusedBy } from "../join/use-refused-by.ts";
import { type Facts, linesOf, textOf, verdictOf } from "./report.ts";
import { ResultList } from "./result-list.tsx";
import { useKeeps } from "./use-keeps.ts";

/** The whole check the day before: needs no visit, tells nobody, keeps nothing. */
export function DeviceTest({ visitId }: { visitId?: string | undefined }) {
  const [clinic] = useClinic();
  const [unable, setUnable] = useState<ReturnType<typeof unableHere>>(null);
  const [media, setMedia] = useState<Media>();
  useEffect(() => {
    const cannot = unableHere(globalThis);
    setUnable(cannot);
    if (cannot) return;
    const life = new AbortController();
    setMedia(openMedia({ signal: life.signal }));
    return () => life.abort();
  }, []);
  if (unable) return <TroubleScreen why={unable} link={location.href} onAgain={() => location.reload()} />;
  const name = clinic.is === "known" ? clinic.clinic.name : null;
  return (
    <PatientFrame title={name ?? "Assent"} width="page" aside={<HelpLink />}>
      {isVisitId(visitId) ? (
        <a
          href={`/join/${visitId}`}
          className="mb-3 inline-flex min-h-control-calm items-center gap-2 text-calm-small text-primary underline underline-offset-4"
        >
          <ArrowLeft aria-hidden="true" className="size-6 shrink-0" />
          Back to your visit
        </a>
      ) : null}
      <h1 className="text-calm-title font-bold lg:text-[2.25rem]">Test your device</h1>
      <p className="mt-2 max-w-[40rem] text-muted-foreground">
        The day before is a good time. Nobody sees or hears you, and nothing is kept.
      </p>
      {media ? (
        <Test media={media} />
      ) : (
        <Loading label="Opening the test" className="mt-6">
          <Skeleton className="aspect-[4/3] max-w-md rounded-xl" />
        </Loading>
      )}
      <p className="mt-8 border-t pt-4 text-calm-small text-muted-foreground">
        It still doesn’t work? Copy the result and send it to the practice, or call them. A phone with its own browser
        is often the quickest way out.
      </p>
    </PatientFrame>
  );
}

function Test({ media }: { media: Media }) {
  const view = useMediaView(media);
  const sound = useSpeakerTest(view.speaker);
  const { test, again } = useLineTest(true);
  const heardUs = useHeardUs(media);
  const keeps = useKeeps();
  const busy = view.camera.is === "asking" || view.microphone.is === "asking";
  const start = () => void media.start();
  const agent = navigator.userAgent;
  const facts: Facts = {
    browser: { name: browserName(agent), app: appAround(agent), keeps },
    camera: view.camera,
    height: view.preview?.getVideoTracks()[0]?.getSettings().height,
    microphone: view.microphone,
    heardUs,
    speaker: sound.heard,
    line: test.is === "done" ? test.found : undefined,
  };
  const lines = linesOf(facts);
  return (
    <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[1fr_1.2fr] lg:items-start">
      <div>
        <Picture media={media} busy={busy} onStart={start} />
        <div className="mt-3 grid gap-3">
          <PlayButton test={sound} variant="outline" size="calm" className="text-calm-small" />
          <HeardQuestion test={sound} />
        </div>
        {view.camera.is === "on" || view.microphone.is === "on" ? (
          <div className="mt-3 grid gap-4 rounded-xl border bg-card p-4">
            {deviceKinds.map((kind) => (
              <DeviceChoice key={kind} calm media={media} own={view} kind={kind} />
            ))}
          </div>
        ) : null}
      </div>
      <section aria-labelledby="result" className="rounded-2xl border bg-card p-[min(1.25rem,4vw)] shadow-card sm:p-6">
        <div role="status">
          <h2 id="result" className="text-lead font-semibold">
            {verdictOf(lines)}
          </h2>
        </div>
        <ResultList lines={lines}>{view.microphone.is === "on" ? <LevelMeter bare media={media} /> : null}</ResultList>
        <div className="mt-5 flex flex-wrap gap-3 border-t pt-5">
          <Button
            size="calm"
            variant={view.camera.is === "off" ? "outline" : "default"}
            className="max-sm:w-full"
            busy={busy || test.is === "trying"}
            onClick={() => {
              again();
              start();
            }}
          >
            {busy || test.is === "trying" ? null : <RefreshCw aria-hidden="true" />}
            Test again
          </Button>
          <CopyButton
            text={textOf(lines, longWhen(new Date()))}
            label="Copy the result"
            done="Result copied"
            variant="outline"
            size="calm"
            className="max-sm:w-full"
          />
        </div>
      </section>
    </div>
  );
}

/** Their own picture, what keeps it from them, or the tap that asks for it. */
function Picture({ media, busy, onStart }: { media: Media; busy: boolean; onStart: () => void }) {
  const { camera, preview, devices } = useMediaView(media);
  const by = useRefusedBy(camera.is === "trouble" && camera.why === "refused", "camera");
  if (camera.is === "trouble") {
    return (
      <TroubleCard help={helpFor("camera", camera.why, navigator.userAgent, by)} busy={busy} onAgain={onStart}>
        <p>You can test the rest without it.</p>
      </TroubleCard>
    );
  }
  if (camera.is !== "on") {
    return (
      <div className="grid aspect-[4/3] place-items-center rounded-xl bg-secondary p-[min(1.5rem,5vw)] text-center text-secondary-foreground max-sm:aspect-auto max-sm:min-h-64">
        <div>
          <span className="mx-auto grid size-16 place-items-center rounded-full bg-card text-primary">
            <Video aria-hidden="true" className="size-8" />
          </span>
          <p className="mt-3 text-calm-small">Your browser will ask. Choose Allow.</p>
          <Button size="calm" className="mt-4" busy={busy} onClick={onStart}>
            Test camera and microphone
          </Button>
        </div>
      </div>
    );
  }
  return (
    <>
      <SelfView stream={preview}>
        <p className="absolute top-3 left-3 rounded-full bg-stage/85 px-3 py-1 text-calm-small font-semibold text-stage-foreground">
          Only you see this
        </p>
      </SelfView>
      {devices.filter((device) => device.kind === "camera").length > 1 ? (
        <Button variant="outline" size="calm" className="mt-3 w-full text-calm-small" onClick={() => void media.flip()}>
          <SwitchCamera aria-hidden="true" />
          Turn the camera
        </Button>
      ) : null}
    </>
  );
}

/** True from the first word on. */
function useHeardUs(media: Media): boolean {
  const level = useSyncExternalStore(media.level.subscribe, media.level.getSnapshot, () => 0);
  const [heard, setHeard] = useState(false);
  useEffect(() => {
    if (level > HEARD) setHeard(true);
  }, [level]);
  return heard;
}

"use client";

import { Aperture, Camera, FolderOpen, Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Preview } from "@/components/records/preview/preview.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import type { RecordStateName } from "@/components/ui/record-state.tsx";
import { clock } from "@/components/ui/times.ts";
import type { PhotoState, Transfer } from "@/lib/call/call-view.browser.ts";
import { canPreview } from "@/lib/call/files.ts";
import type { Choice } from "@/lib/consent/grant.ts";
import { FileCard } from "./file-card.tsx";

interface FilesPanelProps {
  files: readonly Transfer[];
  name: string;
  calm: boolean;
  choice: Choice;
  stateOf: (record: string) => RecordStateName | undefined;
  /** Notes that this record was looked at; resolves with what is said of that. */
  onLook: (record: string) => Promise<string | undefined>;
  /** What the doctor can do with a file they look at; `from` is said of it as well. */
  beside?: ((file: Transfer, from: string) => ReactNode) | undefined;
  onSend: (files: FileList) => void;
  onCancel: (id: string) => void;
  onRetry: (id: string) => void;
  photo: PhotoState;
  /** The doctor asks for a photograph by the patient's camera; undefined where nobody can be asked. */
  onAskPhoto?: (() => boolean) | undefined;
}

/** Choose, photograph or drop; what is on its way; what has arrived. */
export function FilesPanel(props: FilesPanelProps) {
  const { files, name, calm, choice, onSend } = props;
  const [opened, setOpened] = useState<string>();
  const [left, setLeft] = useState<string>();
  const newestFirst = [...files].reverse();
  const seen = newestFirst.filter((one) => one.direction === "in" && one.file && canPreview(one.type));
  const at = seen.findIndex((one) => one.id === opened);
  const shown = seen[at];
  const recordOf = ({ recording }: Transfer) => (recording.is === "recorded" ? recording.record : undefined);
  const stateOf = (file: Transfer) => {
    const record = recordOf(file);
    return record ? props.stateOf(record) : undefined;
  };
  const looked = useLooked(shown && recordOf(shown), props.onLook);
  if (shown?.file) {
    const from = `From ${name}, ${clock(new Date(shown.at))}`;
    return (
      <Preview
        key={shown.id}
        file={{ name: shown.name, type: shown.type, blob: shown.file }}
        from={from}
        state={stateOf(shown)}
        looked={looked}
        place={{ at: at + 1, of: seen.length, onStep: (by) => seen[at + by] && setOpened(seen[at + by]?.id) }}
        beside={props.beside?.(shown, from)}
        back="Back to files"
        onBack={() => {
          setOpened(undefined);
          setLeft(shown.id);
        }}
        calm={calm}
      />
    );
  }
  const card = (file: Transfer) => (
    <FileCard
      key={file.id}
      file={file}
      name={name}
      calm={calm}
      recordState={stateOf(file)}
      left={file.id === left}
      onCancel={() => props.onCancel(file.id)}
      onRetry={() => props.onRetry(file.id)}
      onOpen={() => setOpened(file.id)}
    />
  );
  const here = newestFirst.filter((one) => one.state === "arrived");
  const under = newestFirst.filter((one) => one.state !== "arrived");
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Files in this visit"
      className={cn(
        "min-h-0 grow overflow-auto",
        calm ? "p-[min(1.25rem,5vw)] text-calm" : "grid content-start gap-4 p-4",
      )}
    >
      {choice === "deny" ? (
        <p className="rounded-lg bg-muted p-4">
          {calm
            ? "You chose not to allow files in this visit."
            : `${name} has not allowed files in this visit, so none can be shared.`}
        </p>
      ) : (
        <Choose name={name} calm={calm} choice={choice} onSend={onSend} />
      )}
      {choice !== "deny" && props.onAskPhoto ? (
        <AskPhoto name={name} photo={props.photo} onAsk={props.onAskPhoto} />
      ) : null}
      {calm ? (
        <>
          <ul className="mt-4 grid gap-3">{[...under, ...here].map(card)}</ul>
          <p className="mt-4 text-calm-small text-muted-foreground">
            Only you and {name} can open these. Each look is noted.
          </p>
        </>
      ) : (
        <>
          {under.length > 0 ? (
            <section aria-labelledby="files-under">
              <h2 id="files-under" className="text-small font-semibold text-muted-foreground">
                On the way
              </h2>
              <ul className="mt-2 grid gap-2">{under.map(card)}</ul>
            </section>
          ) : null}
          {here.length > 0 ? (
            <section aria-labelledby="files-here">
              <h2 id="files-here" className="text-small font-semibold text-muted-foreground">
                In this visit
              </h2>
              <ul className="mt-2 grid gap-2">{here.map(card)}</ul>
              <p className="mt-2 text-small text-muted-foreground">{name} sees what is shared here.</p>
            </section>
          ) : null}
        </>
      )}
    </section>
  );
}

/** What is said of a look at this record, once it is noted. A file is looked at only when it is opened here. */
function useLooked(record: string | undefined, onLook: FilesPanelProps["onLook"]): string | undefined {
  const [looked, setLooked] = useState<{ record: string; words: string | undefined }>();
  const note = useRef(onLook);
  note.current = onLook;
  useEffect(() => {
    if (!record) return;
    note.current(record).then(
      (words) => setLooked({ record, words }),
      () => {}, // not noted: nothing is said of it
    );
  }, [record]);
  return looked?.record === record ? looked?.words : undefined;
}

/** A still by the patient's own camera, sharper than the video. Nothing is taken before the patient's tap. */
function AskPhoto({ name, photo, onAsk }: { name: string; photo: PhotoState; onAsk: () => boolean }) {
  const words = {
    none: "Sharper than the video. The camera takes it after a yes.",
    asked: "",
    waiting: `${name} is asked now.`,
    coming: `${name} took the photo. It comes as a file.`,
    refused: `${name} did not want a photo taken.`,
  };
  return (
    <div className="grid gap-1">
      <Button
        variant="outline"
        className="min-h-11 justify-self-start px-3"
        busy={photo === "waiting"}
        onClick={() => onAsk()}
      >
        <Aperture aria-hidden="true" />
        Ask {name} for a photo
      </Button>
      <p role="status" className="text-small text-muted-foreground">
        {words[photo]}
      </p>
    </div>
  );
}

function Choose({ name, calm, choice, onSend }: Pick<FilesPanelProps, "name" | "calm" | "choice" | "onSend">) {
  const any = useRef<HTMLInputElement>(null);
  const photo = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const taken = (input: HTMLInputElement) => {
    if (input.files?.length) onSend(input.files);
    input.value = "";
  };
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer.files.length > 0) onSend(event.dataTransfer.files);
    },
  };
  const inputs = (
    <>
      <input ref={any} type="file" multiple hidden tabIndex={-1} onChange={(event) => taken(event.target)} />
      <input
        ref={photo}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        tabIndex={-1}
        onChange={(event) => taken(event.target)}
      />
    </>
  );
  const shape = calm
    ? ({ variant: "outline", size: "calm", className: "gap-2 px-2 text-calm-small" } as const)
    : ({ variant: "outline", className: "min-h-11 px-3" } as const);
  const chooseFile = (
    <Button {...shape} onClick={() => any.current?.click()}>
      <FolderOpen aria-hidden="true" />
      Choose a file
    </Button>
  );
  const takePhoto = (
    <Button {...shape} onClick={() => photo.current?.click()}>
      <Camera aria-hidden="true" />
      Take a photo
    </Button>
  );
  if (calm) {
    return (
      <div className={cn("@container rounded-lg", over && "outline-2 outline-primary outline-dashed")} {...drop}>
        {inputs}
        <div className="grid gap-3 @min-[19rem]:grid-cols-2">
          {takePhoto}
          {chooseFile}
        </div>
      </div>
    );
  }
  return (
    <div
      className={cn(
        "grid justify-items-center gap-2 rounded-xl border-2 border-dashed bg-muted p-3 text-center",
        over ? "border-primary" : "border-input",
      )}
      {...drop}
    >
      {inputs}
      <Upload aria-hidden="true" className="size-7 text-muted-foreground" />
      <p className="text-table text-muted-foreground">
        Drop a file here, up to 1 GB. Only {name} can open it.
        {choice === "ask" ? ` ${name} is asked first.` : ""}
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        {chooseFile}
        {takePhoto}
      </div>
    </div>
  );
}

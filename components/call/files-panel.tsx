"use client";

import { Aperture, ArrowLeft, Camera, Download, FolderOpen, Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import type { RecordStateName } from "@/components/ui/record-state.tsx";
import { useObjectUrl } from "@/components/ui/use-object-url.ts";
import type { PhotoState, Transfer } from "@/lib/call/call.browser.ts";
import type { Choice } from "@/lib/consent/grant.ts";
import { FileCard } from "./file-card.tsx";
import { saveCopy } from "./save-copy.ts";

interface FilesPanelProps {
  files: readonly Transfer[];
  name: string;
  calm: boolean;
  choice: Choice;
  stateOf: (record: string) => RecordStateName | undefined;
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
  const shown = files.find((one) => one.id === opened);
  if (shown?.file) return <Picture file={shown} onBack={() => setOpened(undefined)} />;
  const card = (file: Transfer) => (
    <FileCard
      key={file.id}
      file={file}
      name={name}
      calm={calm}
      recordState={file.recording.is === "recorded" ? props.stateOf(file.recording.record) : undefined}
      onCancel={() => props.onCancel(file.id)}
      onRetry={() => props.onRetry(file.id)}
      onOpen={() => setOpened(file.id)}
    />
  );
  const newestFirst = [...files].reverse();
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

function Picture({ file, onBack }: { file: Transfer; onBack: () => void }) {
  const url = useObjectUrl(file.file);
  return (
    <div className="flex min-h-0 grow flex-col">
      <div className="flex items-center gap-2 border-b px-3 py-2">
        <Button variant="ghost" size="sm" className="min-h-11" onClick={onBack}>
          <ArrowLeft aria-hidden="true" />
          Back to files
        </Button>
      </div>
      <figure className="flex min-h-0 grow flex-col">
        <div className="relative min-h-[12rem] grow bg-stage">
          {/* biome-ignore lint/performance/noImgElement: a blob of this page, nothing to optimize */}
          {url ? <img src={url} alt={file.name} className="absolute inset-0 size-full object-contain" /> : null}
        </div>
        <figcaption className="flex flex-wrap items-center justify-between gap-2 p-4">
          <span className="font-semibold break-words">{file.name}</span>
          <Button variant="outline" className="min-h-11" onClick={() => saveCopy(file)}>
            <Download aria-hidden="true" />
            Save a copy
          </Button>
        </figcaption>
      </figure>
    </div>
  );
}

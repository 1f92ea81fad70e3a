"use client";

import { type LucideIcon, ShieldCheck } from "lucide-react";
import { type ComponentProps, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Who } from "@/components/consent/names.ts";
import type { RecordStateName } from "@/components/ui/record-state.tsx";
import { Toaster, toast } from "@/components/ui/toaster.tsx";
import type { OtherView, Why } from "@/lib/call/call-view.browser.ts";
import type { Choice } from "@/lib/consent/grant.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { CaptionStrip, useCaptions } from "./captions.tsx";
import { Controls, CornerControls } from "./controls.tsx";
import type { Layout } from "./layout.ts";
import { lineWords } from "./line-words.ts";
import { type PanelName, useAnnouncement, useUnread } from "./panels.ts";
import { type Asked, RoomDialogs } from "./room-dialogs.tsx";
import {
  ChatPanel,
  FilesPanel,
  fetchLater,
  logStore,
  MoreComing,
  MoreMenu,
  RoomPanel,
  SafetyPanel,
} from "./room-later.tsx";
import { shortcutsOf } from "./room-shortcuts.ts";
import { useShortcuts } from "./shortcuts.ts";
import { Stage } from "./stage.tsx";
import { LineNote, PrivatePill } from "./stage-parts.tsx";
import { Over, Reconnecting } from "./states.tsx";
import { useAwake, useKeyboardHeight } from "./use-awake.ts";
import { type Here, useCallView, useSettled } from "./use-call.ts";
import { usePanel } from "./use-panel.ts";
import { useSafety } from "./use-safety.ts";
import { useShowing } from "./use-showing.ts";
import { useConnected, useMediaView } from "./views.ts";

interface ExtraPanel {
  title: string;
  body: (close: () => void, show: (panel: PanelName) => void) => ReactNode;
  /** Brings its own sheet. */
  frameless?: boolean;
  /** Opened from More. */
  more?: { word: string; icon: LucideIcon };
}

interface RoomProps extends Here {
  doctor: boolean;
  /** The whole name of the other of the two whose visit it is, and how a sentence calls them. */
  name: string;
  called: string;
  /** This page is a third person's: no files, no screen, no panel of people. */
  guest?: boolean;
  /** Who of the others is not the one of `name`, by name and role. */
  guestOf?: (other: OtherView) => Who | undefined;
  startedAt: string | null;
  files: Choice;
  stateOf: (record: string) => RecordStateName | undefined;
  /** Notes that this record was looked at; resolves with what is said of that. */
  onLook: (record: string) => Promise<string | undefined>;
  besideFile?: ComponentProps<typeof FilesPanel>["beside"];
  /** What was recorded last, as a sentence for who doesn't see it. */
  recorded?: string | undefined;
  badge: (open: (panel: PanelName) => void, panel: PanelName | null) => ReactNode;
  /** Panels besides Chat and Files. */
  extra: { [panel in PanelName]?: ExtraPanel };
  /** A panel that opens by itself when it changes to something: a question to the patient. */
  wanted?: PanelName | null;
  aside?: ReactNode;
  onEnd: () => Promise<void>;
  onOver: (why: Why) => void;
}

/** The room of a call: the stage, a panel beside or below it, and the row of controls. */
export function Room(props: RoomProps) {
  const { call, line, media, doctor, name, called, guest = false, guestOf, recorded } = props;
  const view = useCallView(call);
  const own = useMediaView(media);
  const connected = useConnected(line);
  const { panel, show, close, toggle, setPanel } = usePanel(props.wanted ?? null);
  const [ending, setEnding] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [chosen, setLayout] = useState<Layout>();
  const [volumes, setVolumes] = useState<{ [member: string]: number }>({});
  const captions = useCaptions();
  const root = useRef<HTMLDivElement>(null);
  const { share, fullScreen, smallWindow } = useShowing(root, media, own);
  const { state, others } = view;
  const several = others.length > 1;
  const whoIs = useCallback(
    (other: OtherView): Who =>
      guestOf?.(other) ?? (other.side === "guest" ? { name: "A guest", role: "guest" } : { name }),
    [guestOf, name],
  );
  const nameOf = useCallback((other: OtherView) => whoIs(other).name, [whoIs]);
  const unread = useUnread(view, panel);
  const settled = useSettled(call);
  useEffect(() => {
    if (!settled) return;
    fetchLater();
    const life = new AbortController();
    void logStore()
      .then((log) => log.onCheckpoint(call.tellCheckpoint, life.signal))
      .catch(() => {});
    return () => life.abort();
  }, [settled, call]);
  const said = useAnnouncement(useMemo(() => ({ view, nameOf, panel, recorded }), [view, nameOf, panel, recorded]));
  useSafety(call, view, panel, setPanel);
  useAwake(state.is === "live");
  useKeyboardHeight(
    useCallback((height) => {
      root.current?.style.setProperty("height", height ? `${height}px` : "");
    }, []),
  );

  const why = state.is === "over" ? state.why : undefined;
  const newest = useRef(props);
  newest.current = props;
  const shut = useRef(close);
  shut.current = close;
  useEffect(() => {
    if (!why) return;
    shut.current();
    newest.current.onOver(why);
  }, [why]);

  const end = async () => {
    if (ending) return;
    setEnding(true);
    try {
      await props.onEnd();
    } catch (fault) {
      setEnding(false);
      // A patient who wants out is out, whatever the server says; a doctor hears that the visit still runs.
      if (!doctor) return call.leave();
      toast(`The visit has not ended yet. ${wordsFor(fault)}`);
    }
  };
  const send = (files: FileList) => {
    for (const file of files) call.sendFile(file);
    show("files");
  };
  // Of two pictures one is large; of more, the patient sees all alike and the doctor sees the patient large.
  const layout = chosen ?? (several && !doctor ? "grid" : "speaker");
  const turnLayout = () => setLayout(layout === "grid" ? "speaker" : "grid");

  const shortcuts = shortcutsOf({
    ...{ media, own, guest, layout, toggle, turnLayout, extra: props.extra },
    share: () => void share(),
    help: () => setAsked("shortcuts"),
  });
  useShortcuts(why ? [] : shortcuts);

  const extra: RoomProps["extra"] = {
    ...props.extra,
    ...(guest
      ? {}
      : {
          safety: {
            title: "Safety check",
            body: () => (
              <SafetyPanel view={view.safety} name={called} doctor={doctor} onCompared={call.safety.compared} />
            ),
            more: { word: "Safety check", icon: ShieldCheck },
          },
        }),
  };
  const body = (of: PanelName) => {
    if (of === "chat") {
      const onFiles = props.files === "deny" ? undefined : send;
      return (
        <ChatPanel
          messages={view.chat}
          name={called}
          fromOf={(member) => (several ? others.find((other) => other.member === member) : undefined)}
          nameOf={nameOf}
          several={several}
          calm={!doctor}
          onSay={call.say}
          onFiles={onFiles}
        />
      );
    }
    if (of === "files") {
      return (
        <FilesPanel
          files={view.files}
          name={called}
          calm={!doctor}
          choice={props.files}
          photo={view.photo}
          stateOf={props.stateOf}
          onLook={props.onLook}
          beside={props.besideFile}
          onSend={send}
          onCancel={call.cancelFile}
          onRetry={call.retryFile}
          onAskPhoto={doctor && view.open ? call.askPhoto : undefined}
        />
      );
    }
    return extra[of]?.body(close, show);
  };
  const titles = { chat: several ? "Chat with everyone" : `Chat with ${called}`, files: "Files" };
  const titleOf = (of: PanelName) => (of === "chat" || of === "files" ? titles[of] : (extra[of]?.title ?? ""));
  const more = (Object.entries(extra) as [PanelName, ExtraPanel][]).flatMap(([of, { more: item }]) =>
    item ? { ...item, run: () => show(of) } : [],
  );

  const reconnecting = state.is === "reconnecting";
  const everyone = others.map(nameOf).join(" and ");
  const lineNote = view.others[0] && lineWords(view.others[0], called);

  return (
    <div ref={root} className="fixed inset-x-0 top-0 flex h-dvh flex-col overflow-hidden bg-stage text-foreground">
      <p role="status" className="sr-only">
        {said}
      </p>
      <div className="flex min-h-0 grow flex-col lg:flex-row short:flex-row">
        <div className="flex min-h-0 min-w-0 grow flex-col">
          <Stage
            heading={reconnecting ? `Reconnecting to ${name}` : `Visit with ${everyone || name}`}
            view={view}
            own={own}
            whoIs={whoIs}
            volumeOf={(other) => volumes[other.member] ?? 1}
            lineGood={connected && state.is === "live"}
            since={props.startedAt ? Date.parse(props.startedAt) : undefined}
            shrunk={panel !== null}
            layout={layout}
            calm={!doctor}
            badge={
              why ? null : (
                <>
                  {props.badge(show, panel)}
                  {state.is === "live" ? <PrivatePill /> : null}
                  <LineNote>{reconnecting ? undefined : lineNote}</LineNote>
                </>
              )
            }
            instead={
              reconnecting ? (
                <Reconnecting
                  tries={state.tries}
                  name={called}
                  present={state.present}
                  note={lineNote}
                  cameraOn={own.camera.is === "on"}
                  onSoundOnly={() => void media.camera(false)}
                />
              ) : undefined
            }
            over={why ? <Over why={why} name={called} doctor={doctor} guest={guest} /> : undefined}
            corner={panel ? <CornerControls own={own} media={media} doctor={doctor} onEnd={end} /> : null}
          />
          {why ? null : <CaptionStrip others={others} nameOf={nameOf} captions={captions} />}
        </div>
        {panel && extra[panel]?.frameless ? (
          <div className="contents lg:grid lg:w-[27rem] lg:shrink-0">{body(panel)}</div>
        ) : panel ? (
          <RoomPanel
            panel={panel}
            title={titleOf(panel)}
            doctor={doctor}
            unread={unread}
            files={view.files.length}
            onPanel={show}
            onClose={close}
          >
            {body(panel)}
          </RoomPanel>
        ) : null}
      </div>
      {why ? null : (
        <Controls
          media={media}
          own={own}
          doctor={doctor}
          guest={guest}
          panel={panel}
          unread={unread}
          onPanel={toggle}
          onEnd={end}
          onShare={share}
          aside={props.aside}
          more={
            settled ? (
              <MoreMenu
                media={media}
                own={own}
                doctor={doctor}
                guest={guest}
                unread={unread}
                layout={layout}
                captions={captions}
                panels={more}
                onLayout={turnLayout}
                onPanel={show}
                onDialog={setAsked}
                onShare={share}
                onSmallWindow={smallWindow}
                onFullScreen={fullScreen}
              />
            ) : (
              <MoreComing />
            )
          }
          ending={ending}
        />
      )}
      <RoomDialogs
        call={call}
        media={media}
        own={own}
        others={others}
        nameOf={nameOf}
        volumes={volumes}
        onVolume={(member, volume) => setVolumes((before) => ({ ...before, [member]: volume }))}
        shortcuts={shortcuts}
        asked={asked}
        onAsked={setAsked}
      />
      {/* The doctor's page has one already. */}
      {doctor ? null : <Toaster />}
    </div>
  );
}

"use client";

import { X } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import type { RecordStateName } from "@/components/ui/record-state.tsx";
import { SidePanel } from "@/components/ui/side-panel.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { Tab, TabCount, TabList, TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import { Toaster, toast } from "@/components/ui/toaster.tsx";
import type { Why } from "@/lib/call/call.browser.ts";
import type { Shared } from "@/lib/call/media.browser.ts";
import type { Choice } from "@/lib/consent/grant.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ChatPanel } from "./chat-panel.tsx";
import { Controls, CornerControls } from "./controls.tsx";
import { DevicesDialog } from "./devices-dialog.tsx";
import { FilesPanel } from "./files-panel.tsx";
import { MoreMenu } from "./more-menu.tsx";
import { type PanelName, useAnnouncement, useUnread } from "./panels.ts";
import { Stage } from "./stage.tsx";
import { PrivatePill } from "./stage-parts.tsx";
import { Over, Reconnecting } from "./states.tsx";
import { type Here, useCallView } from "./use-call.ts";
import { useSafety } from "./use-safety.ts";
import { useConnected, useMediaView } from "./views.ts";

const SafetyPanel = dynamic(() => import("./safety-panel.tsx").then((m) => m.SafetyPanel), {
  ssr: false,
  loading: () => <Loading label="Opening the safety check" />,
});

interface RoomProps extends Here {
  doctor: boolean;
  /** The other's whole name, and how a sentence calls them. */
  name: string;
  called: string;
  startedAt: string | null;
  files: Choice;
  stateOf: (record: string) => RecordStateName | undefined;
  badge: (open: (panel: PanelName) => void, panel: PanelName | null) => ReactNode;
  /** Panels besides Chat and Files; a frameless one brings its own sheet. */
  extra: { [panel in PanelName]?: { title: string; body: (close: () => void) => ReactNode; frameless?: boolean } };
  /** A panel that opens by itself when it changes to something: a question to the patient. */
  wanted?: PanelName | null;
  aside?: ReactNode;
  onEnd: () => Promise<void>;
  onOver: (why: Why) => void;
}

const heights = {
  chat: "h-[64dvh]",
  files: "h-[70dvh]",
  prescribe: "h-[74dvh]",
  notes: "h-[64dvh]",
  ask: "h-[74dvh]",
  revoke: "h-[60dvh]",
  safety: "h-[74dvh]",
};

/** The room both are in: the stage, a panel beside or below it, and the row of controls. */
export function Room(props: RoomProps) {
  const { call, line, media, doctor, name, called, extra, wanted = null } = props;
  const view = useCallView(call);
  const own = useMediaView(media);
  const connected = useConnected(line);
  const [panel, setPanel] = useState<PanelName | null>(wanted);
  const [ending, setEnding] = useState(false);
  const [devices, setDevices] = useState(false);
  const [sideBySide, setSideBySide] = useState(false);
  const unread = useUnread(view, panel);
  const said = useAnnouncement(view, name, panel);
  const root = useRef<HTMLDivElement>(null);
  const { state } = view;
  useEffect(() => setPanel((before) => wanted ?? (before === "ask" ? null : before)), [wanted]);
  useAwake(state.is === "live");
  useSafety(call, view, panel, setPanel);

  const why = state.is === "over" ? state.why : undefined;
  // On a phone the row of controls is hidden while a panel is open, so the panel cannot give the focus back by itself.
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    if (panel) return;
    const back = opener.current;
    opener.current = null;
    if (back instanceof HTMLElement && document.activeElement === document.body) back.focus();
  }, [panel]);

  // Escape closes the panel also after the control that had the focus went away.
  useEffect(() => {
    if (!panel) return;
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (!document.querySelector("[role=menu], [role=dialog], [role=alertdialog]")) setPanel(null);
    };
    window.addEventListener("keydown", onEscape);
    return () => window.removeEventListener("keydown", onEscape);
  }, [panel]);

  const newest = useRef(props);
  newest.current = props;
  useEffect(() => {
    if (!why) return;
    setPanel(null);
    newest.current.onOver(why);
  }, [why]);

  const close = () => setPanel(null);
  const show = (next: PanelName) => {
    opener.current ??= document.activeElement;
    setPanel(next);
  };
  const toggle = (next: PanelName) => (panel === next ? close() : show(next));
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
  const share = async () => {
    if (own.sharing) return media.stopSharing();
    const outcome = await media.share();
    if (outcome !== "shared" && root.current) toast(notShared[outcome]);
  };
  const fullScreen = () =>
    void (document.fullscreenElement ? document.exitFullscreen() : root.current?.requestFullscreen?.())?.catch(
      () => {},
    );
  const send = (files: FileList) => {
    for (const file of files) call.sendFile(file);
    show("files");
  };

  const body = (of: PanelName) => {
    if (of === "chat") {
      const onFiles = props.files === "deny" ? undefined : send;
      return <ChatPanel messages={view.chat} name={called} calm={!doctor} onSay={call.say} onFiles={onFiles} />;
    }
    if (of === "files") {
      return (
        <FilesPanel
          files={view.files}
          name={called}
          calm={!doctor}
          choice={props.files}
          stateOf={props.stateOf}
          onSend={send}
          onCancel={call.cancelFile}
          onRetry={call.retryFile}
        />
      );
    }
    if (of === "safety") {
      return <SafetyPanel view={view.safety} name={called} doctor={doctor} onCompared={call.safety.compared} />;
    }
    return extra[of]?.body(close);
  };
  const titles: Partial<Record<PanelName, string>> = {
    chat: `Chat with ${called}`,
    files: "Files",
    safety: "Safety check",
  };
  const titleOf = (of: PanelName) => titles[of] ?? extra[of]?.title ?? "";
  const tabbed = doctor && panel !== "safety";

  const reconnecting = state.is === "reconnecting";
  const instead = why ? (
    <Over why={why} name={called} doctor={doctor} />
  ) : reconnecting ? (
    <Reconnecting
      tries={state.tries}
      name={called}
      present={state.present}
      cameraOn={own.camera.is === "on"}
      onSoundOnly={() => void media.camera(false)}
    />
  ) : undefined;
  const since = props.startedAt ? Date.parse(props.startedAt) : undefined;

  return (
    <div ref={root} className="flex h-dvh flex-col overflow-hidden bg-stage text-foreground">
      <p role="status" className="sr-only">
        {said}
      </p>
      <div className="flex min-h-0 grow flex-col lg:flex-row">
        <Stage
          name={name}
          heading={reconnecting ? `Reconnecting to ${name}` : `Visit with ${name}`}
          view={view}
          own={own}
          lineGood={connected && state.is === "live"}
          since={since}
          shrunk={panel !== null}
          sideBySide={sideBySide}
          calm={!doctor}
          badge={
            why ? null : (
              <>
                {props.badge(show, panel)}
                {state.is === "live" ? <PrivatePill /> : null}
              </>
            )
          }
          instead={instead}
          corner={panel ? <CornerControls own={own} media={media} doctor={doctor} onEnd={end} /> : null}
        />
        {panel && extra[panel]?.frameless ? (
          <div className="contents lg:grid lg:w-[27rem] lg:shrink-0">{body(panel)}</div>
        ) : panel ? (
          <SidePanel
            title={titleOf(panel)}
            onClose={close}
            className={cn("relative z-10 -mt-5 shrink-0 lg:mt-0 lg:h-auto", heights[panel], !doctor && "lg:w-[27rem]")}
            {...(tabbed ? { head: <></> } : {})}
          >
            {tabbed ? (
              <Tabs
                value={panel}
                onValueChange={(next) => setPanel(next as PanelName)}
                className="flex min-h-0 grow flex-col"
              >
                <div className="flex items-center justify-between border-b pr-1 pl-4 lg:hidden">
                  <p className="font-semibold">{titleOf(panel)}</p>
                  <Button
                    variant="ghost"
                    size="icon"
                    className="size-12 text-lead"
                    aria-label="Close"
                    title="Close"
                    onClick={close}
                  >
                    <X aria-hidden="true" />
                  </Button>
                </div>
                <TabList aria-label="Side panel" className="max-lg:hidden">
                  <Tab value="chat" {...described(unread.chat, "new")}>
                    Chat
                    {unread.chat > 0 ? <TabCount attention>{unread.chat}</TabCount> : null}
                  </Tab>
                  <Tab value="files" {...described(view.files.length, "here")}>
                    Files
                    {view.files.length > 0 ? <TabCount>{view.files.length}</TabCount> : null}
                  </Tab>
                  <Tab value="prescribe">Prescribe</Tab>
                  <Tab value="notes">Notes</Tab>
                </TabList>
                <TabPanel value={panel} className="flex flex-col overflow-hidden" tabIndex={-1}>
                  {body(panel)}
                </TabPanel>
              </Tabs>
            ) : (
              body(panel)
            )}
          </SidePanel>
        ) : null}
      </div>
      {why ? null : (
        <Controls
          media={media}
          own={own}
          doctor={doctor}
          panel={panel}
          unread={unread}
          onPanel={toggle}
          onEnd={end}
          onShare={share}
          aside={props.aside}
          more={
            <MoreMenu
              media={media}
              own={own}
              doctor={doctor}
              unread={unread}
              sideBySide={sideBySide}
              onSideBySide={() => setSideBySide(!sideBySide)}
              onPanel={show}
              onDevices={() => setDevices(true)}
              onShare={share}
              onFullScreen={fullScreen}
            />
          }
          ending={ending}
        />
      )}
      <DevicesDialog media={media} own={own} open={devices} onOpen={setDevices} />
      {/* The doctor's page has one already. */}
      {doctor ? null : <Toaster />}
    </div>
  );
}

const notShared = {
  declined: "Your screen is not shared: no window was chosen, or this device doesn’t allow it.",
  unsupported: "This browser can’t share a screen.",
  failed: "Sharing your screen didn’t start. Please try again.",
} as const satisfies Partial<Record<Shared, string>>;

/** What a count beside a name says, without becoming part of the name. */
const described = (n: number, what: string) => (n > 0 ? { "aria-description": `${n} ${what}` } : {});

/** A phone on the table does not go dark while two people talk. */
function useAwake(live: boolean): void {
  useEffect(() => {
    if (!live || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let gone = false;
    const take = () => {
      if (document.visibilityState !== "visible") return;
      navigator.wakeLock.request("screen").then(
        (taken) => {
          lock = taken;
          if (gone) void taken.release();
        },
        () => {},
      );
    };
    take();
    document.addEventListener("visibilitychange", take);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", take);
      void lock?.release().catch(() => {});
    };
  }, [live]);
}

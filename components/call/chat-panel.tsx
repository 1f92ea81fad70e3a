"use client";

import { Paperclip, Send } from "lucide-react";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { clock } from "@/components/ui/times.ts";
import type { ChatMessage, OtherView } from "@/lib/call/call-view.browser.ts";
import { LONGEST_MESSAGE } from "@/lib/call/chat.ts";
import type { MemberId } from "@/lib/call/member.ts";

interface ChatPanelProps {
  messages: readonly ChatMessage[];
  name: string;
  /** More than two are in the call: each message says whose it is. */
  several: boolean;
  fromOf: (member: MemberId | undefined) => OtherView | undefined;
  nameOf: (other: OtherView) => string;
  calm: boolean;
  onSay: (text: string) => boolean;
  /** Undefined where no files may be shared. */
  onFiles?: ((files: FileList) => void) | undefined;
}

/** Written words beside the picture. Text only: nothing in a message is ever markup. */
export function ChatPanel({ messages, name, several, fromOf, nameOf, calm, onSay, onFiles }: ChatPanelProps) {
  const [text, setText] = useState("");
  const [long, setLong] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const id = useId();
  const count = messages.length;
  const writer = (message: ChatMessage) => {
    const from = fromOf(message.from);
    return from ? nameOf(from) : several ? "Someone who left" : name;
  };
  useEffect(() => {
    void count;
    end.current?.scrollIntoView({ block: "end" });
  }, [count]);

  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    const sent = onSay(text);
    setLong(!sent);
    if (sent) setText("");
  };

  return (
    <>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Messages so far"
        className={cn("min-h-0 grow overflow-auto", calm && "text-calm-small")}
      >
        {count === 0 ? (
          <p className="p-4 text-muted-foreground">
            Messages go straight to {several ? "everyone in this call" : name} and are not kept: they are gone when the
            visit ends.
          </p>
        ) : null}
        <div role="log" aria-label="Messages">
          <ul className="grid gap-3 p-4">
            {messages.map((one) => (
              <li key={one.id} className={cn("grid gap-0.5", one.mine ? "justify-items-end" : "justify-items-start")}>
                <p
                  className={cn(
                    "max-w-[88%] rounded-2xl px-3.5 py-2 break-words whitespace-pre-wrap",
                    one.mine
                      ? "rounded-br-md bg-primary text-primary-foreground"
                      : "rounded-bl-md bg-muted text-foreground",
                  )}
                >
                  {several && !one.mine ? (
                    <span className="block text-small font-semibold">{writer(one)}</span>
                  ) : (
                    <span className="sr-only">{one.mine ? "You: " : `${writer(one)}: `}</span>
                  )}
                  {one.text}
                </p>
                <p className="text-small text-muted-foreground">
                  <time>{clock(new Date(one.at))}</time>
                  {one.sent ? "" : ", waits for the connection"}
                </p>
              </li>
            ))}
          </ul>
        </div>
        <div ref={end} />
      </section>
      {long ? (
        <p role="alert" className="px-4 pb-2 text-table text-destructive">
          This message is too long. Please send it in parts.
        </p>
      ) : null}
      <form className="flex items-end gap-2 border-t p-3" onSubmit={send}>
        <label className="sr-only" htmlFor={id}>
          Message
        </label>
        {onFiles ? (
          <>
            <input
              ref={file}
              type="file"
              multiple
              hidden
              tabIndex={-1}
              onChange={(event) => {
                if (event.target.files) onFiles(event.target.files);
                event.target.value = "";
              }}
            />
            <Button
              variant="ghost"
              size="icon"
              className="size-12 shrink-0 text-lead"
              aria-label="Add a file"
              title="Add a file"
              onClick={() => file.current?.click()}
            >
              <Paperclip aria-hidden="true" />
            </Button>
          </>
        ) : null}
        <input
          id={id}
          value={text}
          maxLength={LONGEST_MESSAGE}
          autoComplete="off"
          enterKeyHint="send"
          placeholder="Write a message"
          className={cn(
            "min-h-12 min-w-0 grow rounded-lg border border-input bg-card px-3.5 placeholder:text-muted-foreground",
            calm ? "text-calm" : "text-body",
          )}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" size="icon" className="size-12 shrink-0 text-lead" aria-label="Send" title="Send">
          <Send aria-hidden="true" />
        </Button>
      </form>
    </>
  );
}

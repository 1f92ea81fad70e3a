"use client";

import {
  Building2,
  CalendarDays,
  LifeBuoy,
  LogOut,
  type LucideIcon,
  Menu as MenuIcon,
  MonitorSmartphone,
  ScrollText,
  Users,
} from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Dialog, DialogClose, DialogTrigger, SheetContent } from "@/components/ui/dialog";
import { Logo } from "@/components/ui/logo";
import { SkipLink } from "@/components/ui/skip-link";
import { useTheme } from "@/components/ui/theme";
import type { Staff } from "@/lib/auth/person.ts";
import { LedgerCard } from "./ledger-card.tsx";
import { roleWords } from "./people/words.ts";
import { PersonMenu, themes } from "./person-menu.tsx";
import { RecoveryKitDialog } from "./recovery-kit.tsx";
import { SignOutDialog } from "./sign-out.tsx";
import { StaffGate, useMe } from "./staff.tsx";

type StaffPage = "visits" | "audit" | "people" | "clinic";

interface StaffShellProps {
  /** Null for what stands behind the person’s name. */
  current: StaffPage | null;
  /** The content's width: 68 rem, or all there is. */
  wide?: boolean;
  children: ReactNode;
}

/** Who is signed in, the way around, and the page itself. Leads to `/sign-in` where nobody is. */
export function StaffShell(props: StaffShellProps) {
  return (
    <StaffGate>
      <StaffFrame {...props} />
    </StaffGate>
  );
}

const pages: { page: StaffPage; href: string; label: string; icon: LucideIcon; may: (me: Staff) => boolean }[] = [
  { page: "visits", href: "/visits", label: "Visits", icon: CalendarDays, may: () => true },
  {
    page: "audit",
    href: "/admin/audit",
    label: "Audit log",
    icon: ScrollText,
    may: (me) => me.roles.includes("admin"),
  },
  {
    page: "people",
    href: "/admin/people",
    label: "People",
    icon: Users,
    may: (me) => me.roles.includes("admin"),
  },
  { page: "clinic", href: "/admin", label: "Clinic", icon: Building2, may: (me) => me.roles.includes("admin") },
];

/** The frame alone, for a page that already stands inside `StaffGate`. */
export function StaffFrame({ current, wide, children }: StaffShellProps) {
  const me = useMe();
  const [kit, showKit] = useState(false);
  const [leaving, leave] = useState(false);
  return (
    <>
      <SkipLink />
      <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <aside
          aria-label="Clinic"
          className="hidden border-r border-sidebar-border bg-sidebar text-sidebar-foreground lg:block"
        >
          <div className="sticky top-0 flex h-dvh flex-col p-4">
            <div className="px-2 pt-1 pb-6">
              <Logo />
            </div>
            <Pages current={current} />
            <div className="mt-auto grid gap-4">
              <LedgerCard />
              <PersonMenu onKit={() => showKit(true)} onLeave={() => leave(true)} />
            </div>
          </div>
        </aside>
        <div className="min-w-0">
          <header className="sticky top-0 z-20 flex flex-wrap items-center justify-between gap-3 border-b bg-card px-4 py-2.5 lg:hidden">
            <Logo />
            <div className="flex items-center gap-1">
              <Avatar name={me.name} className="size-[36px] text-[14px]" />
              <NarrowMenu current={current} onKit={() => showKit(true)} onLeave={() => leave(true)} />
            </div>
          </header>
          <main
            id="main"
            className={cn("px-[min(1rem,4vw)] py-5 sm:px-6 lg:px-8 lg:py-7", wide ? "" : "max-w-[68rem]")}
          >
            {children}
          </main>
        </div>
      </div>
      <RecoveryKitDialog open={kit} onOpenChange={showKit} />
      {leaving ? <SignOutDialog onClose={() => leave(false)} /> : null}
    </>
  );
}

function Pages({ current, onGo }: { current: StaffPage | null; onGo?: () => void }) {
  const me = useMe();
  return (
    <nav aria-label="Main">
      <ul className="grid gap-1">
        {pages
          .filter((page) => page.may(me))
          .map(({ page, href, label, icon: Icon }) => (
            <li key={page}>
              <Link
                href={href}
                onClick={onGo}
                aria-current={page === current ? "page" : undefined}
                className={cn(
                  "flex min-h-control items-center gap-3 rounded-md px-3 text-body max-lg:min-h-11",
                  page === current
                    ? "bg-sidebar-accent font-semibold text-sidebar-accent-foreground"
                    : "hover:bg-sidebar-accent",
                )}
              >
                <Icon aria-hidden="true" className="size-5 shrink-0" />
                {label}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

function NarrowMenu({
  current,
  onKit,
  onLeave,
}: {
  current: StaffPage | null;
  onKit: () => void;
  onLeave: () => void;
}) {
  const me = useMe();
  const { theme = "system", setTheme } = useTheme();
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Menu" title="Menu" className="size-11 text-[22px]">
          <MenuIcon aria-hidden="true" />
        </Button>
      </DialogTrigger>
      <SheetContent title={me.name}>
        <p className="px-3 pb-4 text-small text-muted-foreground">{roleWords(me.roles)}</p>
        <Pages current={current} onGo={() => setOpen(false)} />
        <fieldset className="mt-5 grid gap-1">
          <legend className="px-3 pb-1 text-small text-muted-foreground">Appearance</legend>
          {themes.map(({ value, label, icon: Icon }) => (
            <label
              key={value}
              className="flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-3 hover:bg-sidebar-accent has-checked:bg-sidebar-accent has-checked:font-semibold has-focus-visible:outline-3 has-focus-visible:outline-ring"
            >
              <input
                type="radio"
                name="appearance"
                checked={theme === value}
                onChange={() => setTheme(value)}
                className="sr-only"
              />
              <Icon aria-hidden="true" className="size-5" />
              {label}
            </label>
          ))}
        </fieldset>
        <div className="mt-5 grid justify-items-start gap-1">
          {me.roles.includes("clinician") ? (
            <Button asChild variant="ghost" className="w-full justify-start gap-3 px-3 font-normal [&>svg]:size-5">
              <Link href="/devices" onClick={() => setOpen(false)}>
                <MonitorSmartphone aria-hidden="true" />
                Your devices
              </Link>
            </Button>
          ) : null}
          <DialogClose asChild>
            <Button
              variant="ghost"
              className="w-full justify-start gap-3 px-3 font-normal [&>svg]:size-5"
              onClick={onKit}
            >
              <LifeBuoy aria-hidden="true" />
              Save recovery kit
            </Button>
          </DialogClose>
          <DialogClose asChild>
            <Button
              variant="ghost"
              className="w-full justify-start gap-3 px-3 font-normal [&>svg]:size-5"
              onClick={onLeave}
            >
              <LogOut aria-hidden="true" />
              Sign out
            </Button>
          </DialogClose>
        </div>
        <div className="mt-auto pt-6">
          <LedgerCard />
        </div>
      </SheetContent>
    </Dialog>
  );
}

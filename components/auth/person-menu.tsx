"use client";

import { ChevronsUpDown, CircleHelp, LifeBuoy, LogOut, Monitor, MonitorSmartphone, Moon, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { Avatar } from "@/components/ui/avatar";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "@/components/ui/menu";
import { useTheme } from "@/components/ui/theme";
import { roleWords } from "./people/words.ts";
import { useMe } from "./staff.tsx";

export const themes = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "system", label: "As this device", icon: Monitor },
] as const;

/** Behind the person’s name: appearance, the recovery kit, the way out. */
export function PersonMenu({ onKit, onLeave }: { onKit: () => void; onLeave: () => void }) {
  const me = useMe();
  const router = useRouter();
  const { theme = "system", setTheme } = useTheme();
  return (
    <Menu>
      <MenuTrigger className="flex w-full cursor-pointer items-center gap-3 rounded-md px-1 py-1 text-left hover:bg-sidebar-accent">
        <Avatar name={me.name} />
        <span className="min-w-0 grow text-small">
          <span className="block truncate font-semibold">{me.name}</span>
          <span className="block truncate text-muted-foreground">{roleWords(me.roles)}</span>
        </span>
        <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
      </MenuTrigger>
      <MenuContent side="top" align="start">
        <MenuLabel>Appearance</MenuLabel>
        <MenuRadioGroup value={theme} onValueChange={setTheme}>
          {themes.map(({ value, label, icon: Icon }) => (
            <MenuRadioItem key={value} value={value}>
              <Icon aria-hidden="true" />
              {label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
        <MenuSeparator />
        {me.roles.includes("clinician") ? (
          <MenuItem onSelect={() => router.push("/devices")}>
            <MonitorSmartphone aria-hidden="true" />
            Your devices
          </MenuItem>
        ) : null}
        <MenuItem onSelect={() => router.push("/help")}>
          <CircleHelp aria-hidden="true" />
          Help
        </MenuItem>
        <MenuItem onSelect={onKit}>
          <LifeBuoy aria-hidden="true" />
          Save recovery kit
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={onLeave}>
          <LogOut aria-hidden="true" />
          Sign out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

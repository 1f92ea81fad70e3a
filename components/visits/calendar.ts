interface CalendarEntry {
  uid: string;
  start: Date;
  minutes: number;
  made: Date;
  title: string;
  text: string;
  url: string;
}

/** An iCalendar file (RFC 5545) with one event. The link stands in the description, where every program shows it. */
export function icsOf(entry: CalendarEntry): string {
  const end = new Date(entry.start.getTime() + entry.minutes * 60_000);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Assent//Visits//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    `UID:${entry.uid}`,
    `DTSTAMP:${utc(entry.made)}`,
    `DTSTART:${utc(entry.start)}`,
    `DTEND:${utc(end)}`,
    `SUMMARY:${escaped(entry.title)}`,
    `DESCRIPTION:${escaped(`${entry.text}\n${entry.url}`)}`,
    `URL:${entry.url}`,
    "CLASS:PRIVATE",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:-PT10M",
    `DESCRIPTION:${escaped(entry.title)}`,
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** RFC 5545, 3.3.5: `20261124T140000Z`. */
function utc(at: Date): string {
  return at.toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "");
}

/** RFC 5545, 3.3.11. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

/** RFC 5545, 3.1: no line over 75 octets, continuation lines begin with a space; never inside a character. */
function folded(line: string): string {
  const bytes = new TextEncoder();
  const out: string[] = [];
  let part = "";
  let size = 0;
  for (const character of line) {
    const width = bytes.encode(character).length;
    if (size + width > 75) {
      out.push(part);
      part = " ";
      size = 1;
    }
    part += character;
    size += width;
  }
  return [...out, part].join("\r\n");
}

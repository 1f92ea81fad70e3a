/** Where a month begins and ends, by the clock of a time zone. */
export function spanOf(month: string, timeZone: string): [Date, Date] {
  const [year, number] = month.split("-").map(Number) as [number, number];
  const offset = offsetIn(timeZone);
  return [midnight(year, number - 1, offset), midnight(year, number, offset)];
}

/** What this clock is ahead of UTC at an instant, in milliseconds. */
function offsetIn(timeZone: string): (at: number) => number {
  const fields = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  return (at) => {
    const said = Object.fromEntries(fields.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = said;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
  };
}

/** The first of a month at 00:00. Asked twice, since the clock may be changed between the two. */
function midnight(year: number, month: number, offset: (at: number) => number): Date {
  const local = Date.UTC(year, month, 1);
  return new Date(local - offset(local - offset(local)));
}

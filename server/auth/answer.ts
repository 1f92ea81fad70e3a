import { getCookie, setCookie } from "hono/cookie";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { changePhone, createClinic, readClinic, readMe, signIn, signOut } from "../../lib/auth/api.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door, Http } from "../http.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Storage } from "../storage/storage.ts";
import type { Auth } from "./auth.ts";
import { clinicOf, setPhone } from "./clinic.ts";

/** A browser in which this account was signed in before. */
const KNOWN = "assent-known";

export function answerAuth(
  door: Door,
  rooms: { auth: Auth; storage: Storage; ledger: Ledger; secure: boolean; dismiss(staff: Staff): void },
): void {
  const { auth, storage, ledger } = rooms;
  const perTry = new RateLimiterMemory({ points: 5, duration: 15 * 60 });
  const perAddress = new RateLimiterMemory({ points: 20, duration: 3600 });
  const perAccount = new RateLimiterMemory({ points: 60, duration: 3600 });

  const withCookies = (http: Http, cookies: string[]) => {
    for (const cookie of cookies) http.header("set-cookie", cookie, { append: true });
  };

  door.on(readClinic, "anyone", async () => {
    const { name, phone } = (await clinicOf(storage.read)) ?? { name: null, phone: null };
    return { name, phone, ledger: ledger.about };
  });

  door.on(changePhone, "admin", (asked, staff) => setPhone(storage, staff, asked.phone));

  door.on(createClinic, "anyone", async (asked, _, http) => {
    await auth.createClinic(asked);
    const { staff, cookies } = await auth.signIn(asked.email, asked.password, http.req.raw.headers);
    withCookies(http, cookies);
    return staff;
  });

  door.on(
    signIn,
    "anyone",
    async (asked, _, http) => {
      const account = asked.email.toLowerCase();
      const address = http.req.header("x-real-ip") ?? "";
      const here = `${address} ${account}`;
      // Strangers can't keep the doctor out: tries count by address, and for the account only in browsers that never were in it.
      const isKnown = getCookie(http, KNOWN) === auth.knownBrowser(account);
      const counts = [
        perTry.consume(here),
        perAddress.consume(address),
        ...(isKnown ? [] : [perAccount.consume(account)]),
      ];
      await Promise.all(counts).catch(() => {
        throw new Refusal("request.too-many");
      });
      const { staff, cookies } = await auth.signIn(account, asked.password, http.req.raw.headers);
      await Promise.all([perTry.delete(here), perAddress.reward(address), perAccount.delete(account)]);
      setCookie(http, KNOWN, auth.knownBrowser(account), {
        httpOnly: true,
        sameSite: "Strict",
        secure: rooms.secure,
        path: "/api/sign-in",
        maxAge: 365 * 86_400,
      });
      withCookies(http, cookies);
      return staff;
    },
    { refused: "staff.sign-in-refused" },
  );

  door.on(signOut, "staff", async ({ forget }, staff, http) => {
    withCookies(http, await auth.signOut(staff, http.req.raw.headers));
    if (forget) http.header("clear-site-data", '"cache", "storage"');
    rooms.dismiss(staff);
    return {};
  });

  door.on(readMe, "staff", async (_, staff) => staff);
}

import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { secure } from "./security.ts";

const connects = (anyNode: boolean) => {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  secure(request, response, { dev: false, https: true, anyNode });
  return /connect-src ([^;]*)/.exec(String(response.getHeader("content-security-policy")))?.[1];
};

test("a page connects to its own server only, unless its ledger is one that others run too", () => {
  expect(connects(false)).toBe("'self'");
  expect(connects(true)).toBe("'self' https: http://localhost:* http://127.0.0.1:*");
});

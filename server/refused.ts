import * as z from "zod/mini";
import { Refusal } from "../lib/refusal.ts";

/** What was asked in a form that it must not have is refused; every other fault stays what it is. */
export const refusedBy = (error: unknown): unknown =>
  error instanceof z.core.$ZodError ? new Refusal("request.malformed") : error;

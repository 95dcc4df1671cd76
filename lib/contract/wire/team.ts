import { z } from "zod";
import { operation, roles } from "./common.ts";

export const meView = z.object({
  name: z.string(),
  role: z.enum(roles),
  /** This server's instance; part of the cookie's name. */
  instance: z.string(),
  version: z.string(),
});
export type MeView = z.infer<typeof meView>;

export const teamReads = {
  me: operation("viewer", z.object({}), meView),
} as const;

import { existsSync } from "node:fs";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import { createProcTable } from "./process-table.ts";
import { createPsTable } from "./ps-table.ts";

/** What tells this process from every later one with the same pid. */
export function ownIdentity(): ProcessIdentity {
  const table = existsSync("/proc/self/stat") ? createProcTable() : createPsTable();
  const startTicks = table.read(process.pid)?.startTicks ?? "0";
  return { pid: process.pid, startTicks, bootId: table.bootId() };
}

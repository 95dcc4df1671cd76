import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { WorkSourceError, type SourceHealth } from "#server/ports.ts";
import type { Bd, BdOptions } from "./bd.ts";
import { isObject } from "./bd-output.ts";

const oldest = [0, 47, 0] as const;
/** Withdrawn by their makers: they migrate a workspace so that no other version opens it. */
const retracted = new Set(["1.1.1", "1.2.0", "1.2.1"]);
/** From here on a claim is one step in the tracker; before, two claimers at once could both win. */
const firstAtomicClaim = [0, 49, 4] as const;

export async function readVersion(bd: Bd): Promise<string | null> {
  const printed = await bd.read("version");
  const version = isObject(printed) ? printed["version"] : null;
  return typeof version === "string" && /^v?\d+\.\d+\.\d+/.test(version) ? version.replace(/^v/, "") : null;
}

export function claimsAtomically(version: string | null): boolean {
  return version !== null && !isOlder(version, firstAtomicClaim);
}

export async function checkHealth(bd: Bd, options: BdOptions): Promise<SourceHealth> {
  const facts = { kind: "beads" as const, path: locate(options) };
  try {
    const version = await readVersion(bd);
    const problem = await problemOf(bd, version, options.repository);
    return { ...facts, ok: problem === null, version, problem };
  } catch (error) {
    if (!(error instanceof WorkSourceError)) throw error;
    return { ...facts, ok: false, version: null, problem: advise(error) };
  }
}

async function problemOf(bd: Bd, version: string | null, repository: string): Promise<string | null> {
  if (version === null) return "The program bd does not say its version: is it Beads?";
  if (isOlder(version, oldest)) return `Beads ${version} is too old: install ${oldest.join(".")} or newer.`;
  if (retracted.has(version)) return `Beads ${version} was withdrawn by its makers: install another version.`;
  if (!existsSync(join(repository, ".beads")))
    return "This repository has no Beads workspace: run `bd init`.";
  await bd.read("where");
  return null;
}

function advise(error: WorkSourceError): string {
  switch (error.kind) {
    case "not-installed":
      return "The program bd was not found: install Beads, or use the built-in backlog.";
    case "no-workspace":
      return "This repository has no Beads workspace: run `bd init`.";
    case "schema-skew":
      return `Another version of Beads has written this workspace: ${error.message}`;
    default:
      return error.message;
  }
}

function isOlder(version: string, than: readonly [number, number, number]): boolean {
  const parts = version.split(/[.\-+]/, 3).map(Number);
  const at = than.findIndex((each, n) => (parts[n] ?? 0) !== each);
  return at >= 0 && (parts[at] ?? 0) < (than[at] ?? 0);
}

function locate({ bin = "bd", env }: BdOptions): string | null {
  const candidates = isAbsolute(bin)
    ? [bin]
    : (env["PATH"] ?? "")
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, bin));
  return candidates.find(isRunnable) ?? null;
}

function isRunnable(path: string) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

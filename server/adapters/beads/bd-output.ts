import { WorkSourceError } from "#server/ports.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The payload of what `bd … --json` printed, without the envelopes that some versions put around it.
 * A printed `error` is a failure whatever the exit code says, and so is silence.
 */
export function readOutput(stdout: string): unknown {
  const printed = parse(stdout);
  if (!isObject(printed)) return printed;
  if (typeof printed["error"] === "string") throw new WorkSourceError("unknown", printed["error"], stdout);
  if ("schema_version" in printed && "data" in printed) return printed["data"];
  return printed;
}

/** The objects of a list, a single object counting as a list of one. */
export function readObjects(payload: unknown): JsonObject[] {
  if (Array.isArray(payload)) return payload.filter(isObject);
  if (!isObject(payload)) return [];
  const inner = payload["items"] ?? payload["issues"] ?? payload["closed"];
  return Array.isArray(inner) ? inner.filter(isObject) : [payload];
}

/** Notices may come before the document; nothing comes after it. */
function parse(stdout: string): unknown {
  for (const text of [stdout, stdout.slice(Math.max(0, stdout.search(/^[[{]/m)))]) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      continue;
    }
  }
  throw new WorkSourceError("bad-output", "Beads printed no result.", stdout.slice(0, 2_000));
}

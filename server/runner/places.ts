import { join } from "node:path";
import type { Spec } from "#lib/contract/files.ts";

export function stepFolder(directory: string, step: number): string {
  return join(directory, "steps", String(step).padStart(3, "0"));
}

export function stepMarker(spec: Spec, step: number): string {
  return `${spec.session}/${step}`;
}

/** The marker of setups and validations, so that what they leave behind is found. */
export function commandMarker(spec: Spec): string {
  return `${spec.session}/commands`;
}

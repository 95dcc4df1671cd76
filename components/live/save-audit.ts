import { accepted, problemOf } from "#lib/client/refused.ts";
import type { Answer, Problem } from "#lib/contract/wire.ts";
import { headerToken } from "./header-token.ts";

/**
 * Saves the audit log as a file, or answers why not. A plain link could not bring the header token, without which nothing
 * is read.
 */
export async function saveAudit(query: URLSearchParams): Promise<Problem | null> {
  try {
    const response = await fetch(`/api/audit.jsonl?${query.toString()}`, {
      headers: { "x-amplify-token": headerToken() ?? "" },
    });
    if (!response.ok) accepted((await response.json()) as Answer<unknown>);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = "amplify-audit.jsonl";
    link.click();
    URL.revokeObjectURL(link.href);
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

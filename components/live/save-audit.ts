import { valueOf } from "#lib/client/http.ts";
import { headerToken } from "./header-token.ts";

/** Saves the audit log as a file. A plain link could not bring the header token, without which nothing is read. */
export async function saveAudit(query: URLSearchParams): Promise<void> {
  const response = await fetch(`/api/audit.jsonl?${query.toString()}`, {
    headers: { "x-amplify-token": headerToken() ?? "" },
  });
  if (!response.ok) {
    await valueOf(response);
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = "amplify-audit.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
}

import type { ServerResponse } from "node:http";
import { reads } from "#lib/contract/wire.ts";
import type { TeamReads } from "#server/team/team-reads.ts";
import { parsed } from "./dispatcher.ts";
import { createOutlet } from "./outlet.ts";

const query = reads.audit.input.pick({ actor: true, action: true, outcome: true, since: true });

/** `GET /api/audit.jsonl`: the audit log as a file, one entry a line, oldest first. */
export async function sendAudit(
  call: { response: ServerResponse; query: URLSearchParams },
  wholeAudit: TeamReads["wholeAudit"],
): Promise<void> {
  const { response } = call;
  const wanted = parsed(query, Object.fromEntries(call.query));
  const outlet = createOutlet(response);
  response.writeHead(200, {
    "content-type": "application/x-ndjson; charset=utf-8",
    "content-disposition": 'attachment; filename="amplify-audit.jsonl"',
    "cache-control": "no-store",
  });
  for await (const entries of wholeAudit(wanted)) {
    response.write(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    await outlet.drained();
    if (!outlet.isOpen()) return;
  }
  response.end();
}

import { mkdir } from "node:fs/promises";
import { writeTool } from "../e2e/fixtures/house.ts";

/**
 * A program in the agent's place, as small as can be: writes the nanosecond of its first instruction into
 * `<stamps>/<item>.stamp`, and then lives on without a word. Resolves to its path.
 */
export async function writeStampingAgent(stamps: string): Promise<string> {
  await mkdir(stamps, { recursive: true });
  return writeTool(
    stamps,
    "claude",
    `#!/bin/sh
now=$(date +%s%N)
[ "$1" = --version ] && { echo "2.1.330 (Claude Code)"; exit 0; }
stamp="${stamps}/$(basename "$PWD").stamp"
echo "$now" > "$stamp.new"
mv "$stamp.new" "$stamp"
exec sleep 120
`,
  );
}

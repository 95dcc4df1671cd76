import { readFileSync } from "node:fs";
import type { HookInput } from "./decide.ts";
import { decide } from "./decide.ts";

/**
 * The program behind all hooks of a step: `node hook.js <stepDir>`, the CLI's JSON on standard input.
 * It must fail closed: exit 2 blocks the call, every other failure would let it pass. Only the end of
 * a subagent must not be blocked by a failure of ours, for it would be tried again without end.
 */
let input: HookInput = {};
try {
  const stepDir = process.argv[2];
  if (!stepDir) throw new Error("the step's folder is missing");
  input = JSON.parse(readFileSync(0, "utf8")) as HookInput;
  const output = decide(stepDir, input);
  if (output) process.stdout.write(JSON.stringify(output));
} catch (error) {
  process.stderr.write(`Amplify could not decide this call: ${String(error)}\n`);
  process.exitCode = input.hook_event_name === "SubagentStop" ? 1 : 2;
}

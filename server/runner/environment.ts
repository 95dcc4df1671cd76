import { join } from "node:path";
import type { Spec } from "#lib/contract/files.ts";
import { actorFor } from "#lib/domain/ids.ts";

const allowed = new Set([
  "PATH",
  "HOME",
  "LANG",
  "TERM",
  "TMPDIR",
  "USER",
  "LOGNAME",
  "SHELL",
  "SSH_AUTH_SOCK",
  "CLAUDE_CONFIG_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
]);
const allowedPrefixes = ["LC_", "ANTHROPIC_"];

/** What an agent, a setup or a validation may see of our environment: an allow-list, then the session's own variables. */
export function environmentFor(
  spec: Spec,
  directory: string,
  ours: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const passed = new Set(spec.passEnv);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(ours)) {
    if (value === undefined) continue;
    if (allowed.has(name) || passed.has(name) || allowedPrefixes.some((prefix) => name.startsWith(prefix))) {
      environment[name] = value;
    }
  }
  const actor = actorFor(spec.session);
  return {
    ...environment,
    ...spec.env,
    BEADS_DIR: join(spec.repository.root, ".beads"),
    BEADS_ACTOR: actor,
    BD_ACTOR: actor,
    AMPLIFY_SESSION_DIR: directory,
  };
}

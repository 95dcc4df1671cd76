import { join } from "node:path";
import type { Spec } from "#lib/contract/files.ts";
import { actorFor } from "#lib/domain/ids.ts";
import { passedEnvironment } from "#lib/domain/passed-environment.ts";

/** What an agent, a setup or a validation of this session gets: what passes, then the session's own variables. */
export function environmentFor(
  spec: Spec,
  directory: string,
  ours: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const actor = actorFor(spec.session);
  return {
    ...passedEnvironment(spec, ours),
    BEADS_DIR: join(spec.repository.root, ".beads"),
    BEADS_ACTOR: actor,
    BD_ACTOR: actor,
    AMPLIFY_SESSION_DIR: directory,
  };
}

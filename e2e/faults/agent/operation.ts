import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { specSchema } from "#lib/contract/files.ts";
import type { CommandInput, CommandName } from "#lib/contract/wire.ts";
import { createRehearsal } from "#server/adapters/agents/rehearsal/rehearsal.ts";
import { actorNamed } from "#e2e/fixtures/actor.ts";
import { openInside } from "#server/inside.ts";
import { openLogbook } from "#server/logbook.ts";
import { openRecord } from "#server/runner/record.ts";
import type { RunningApplication } from "#server/sessions/create-application.ts";

/**
 * One operation in a process of its own, to be killed at one of its system calls: a command of the server,
 * or an event of the runner. Prints `done` when everything that follows from it is so.
 */
export interface Operation {
  readonly home: string;
  readonly root: string;
  /** Null opens the server and lets it finish what was decided. */
  readonly command: { readonly name: CommandName; readonly input: CommandInput<CommandName> } | null;
  /** Where the operation is the runner's: the session's directory. */
  readonly directory: string | null;
}

const key = "operation-under-fire";
export const actor = actorNamed("Ada", "owner");
const clock = {
  now: () => new Date(),
  after(ms: number, call: () => void) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

export async function openOperation({ home, root }: Pick<Operation, "home" | "root">) {
  const logbook = openLogbook(join(home, "logs"), { echo: false });
  return openInside({ home, root, clock, instance: "operation", ownerName: "Ada", logbook });
}

/** As the server does it for a person. */
export async function carryOut(inside: Awaited<ReturnType<typeof openOperation>>, operation: Operation) {
  const application = inside.application as RunningApplication;
  if (operation.command) {
    await application.command(operation.command.name, operation.command.input, { actor, key });
  }
  await application.settled();
  // A landing goes on in its lane.
  for (;;) {
    const { sessions } = await application.read("status", { repository: null }, { actor });
    const details = await Promise.all(
      sessions.map(({ id }) => application.read("session", { session: id }, { actor })),
    );
    const landings = details.flatMap((each) => each.landings);
    if (landings.every(({ endedAt }) => endedAt !== null)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await application.settled();
}

/** The runner's: a few events, each followed by the files that show it. */
export async function writeState(directory: string) {
  const spec = specSchema.parse(JSON.parse(await readFile(join(directory, "spec.json"), "utf8")));
  const agent = createRehearsal({ command: "rehearsal", toolsDir: "/" });
  const record = await openRecord({ directory, spec, agent, clock, appended: () => undefined });
  for (let number = 1; number <= 3; number++) await record.append({ kind: "warned", text: `Word ${number}` });
  await record.settle();
  await record.close();
}

if (process.argv[2]) {
  const operation = JSON.parse(process.argv[2]) as Operation;
  if (operation.directory !== null) await writeState(operation.directory);
  else await carryOut(await openOperation(operation), operation);
  process.stdout.write("done\n");
  process.exit(0);
}

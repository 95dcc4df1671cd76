import type { z } from "zod";
import type { CommandName, ReadName } from "#lib/contract/wire.ts";
import { commandEnvelope, commands, reads } from "#lib/contract/wire.ts";
import type { Actor, Application } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import { requireMay, targetOf } from "#server/sessions/commander.ts";
import { signature } from "#server/team/signature.ts";
import type { Team } from "#server/team/team.ts";

/** Where socket and HTTP meet: parse by the contract, check the role, do it, and answer in the contract's form. */
export interface Dispatcher {
  command(envelope: unknown, actor: Actor): Promise<unknown>;
  read(name: string, input: unknown, actor: Actor): Promise<unknown>;
}

export function createDispatcher(application: Application, audit: Team["audit"]): Dispatcher {
  return {
    async command(body, actor) {
      const { name, key, input } = parsed(commandEnvelope, body);
      try {
        requireMay(actor, name);
        return await application.command<CommandName>(name, parsed(commands[name].input, input), {
          actor,
          key,
        });
      } catch (error) {
        const [outcome, detail] = outcomeOf(error);
        await audit({ ...signature(actor), action: name, target: targetOf(input), outcome, detail });
        throw error;
      }
    },
    async read(name, input, actor) {
      if (!isRead(name)) throw new ProblemError("not-found", "There is no such read.");
      try {
        requireMay(actor, name);
      } catch (error) {
        const [outcome, detail] = outcomeOf(error);
        await audit({ ...signature(actor), action: `read:${name}`, target: "", outcome, detail });
        throw error;
      }
      return application.read<ReadName>(name, parsed(reads[name].input, input), { actor });
    },
  };
}

export function isRead(name: string): name is ReadName {
  return Object.hasOwn(reads, name);
}

/** How a command that had no effect is written down. */
function outcomeOf(error: unknown): ["refused" | "failed", string] {
  if (!(error instanceof ProblemError)) return ["failed", "internal"];
  const { code, message } = error.problem;
  return [code === "forbidden" ? "refused" : "failed", `${code}: ${message}`.slice(0, 500)];
}

/** The value as the schema has it, or an `invalid` that names the first places that are wrong. */
export function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.length > 0 ? path.map(String).join(".") : "input"}: ${message}`);
  throw new ProblemError("invalid", issues.join("; ").slice(0, 2000));
}

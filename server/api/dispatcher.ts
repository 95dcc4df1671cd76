import type { z } from "zod";
import type { CommandName, ReadName } from "#lib/contract/wire.ts";
import { commandEnvelope, commands, reads } from "#lib/contract/wire.ts";
import type { Actor, Application } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import { can } from "#server/team/can.ts";

/** Where socket and HTTP meet: parse by the contract, check the role, do it, and answer in the contract's form. */
export interface Dispatcher {
  command(envelope: unknown, actor: Actor): Promise<unknown>;
  read(name: string, input: unknown, actor: Actor): Promise<unknown>;
}

export function createDispatcher(application: Application): Dispatcher {
  return {
    async command(body, actor) {
      const { name, key, input } = parsed(commandEnvelope, body);
      requireRole(actor, commands[name].role, name);
      return application.command<CommandName>(name, parsed(commands[name].input, input), { actor, key });
    },
    async read(name, input, actor) {
      if (!isRead(name)) throw new ProblemError("not-found", "There is no such read.");
      requireRole(actor, reads[name].role, name);
      return application.read<ReadName>(name, parsed(reads[name].input, input), { actor });
    },
  };
}

export function isRead(name: string): name is ReadName {
  return Object.hasOwn(reads, name);
}

function requireRole(actor: Actor, least: Actor["role"], what: string): void {
  if (can(actor.role, least)) return;
  throw new ProblemError(
    "forbidden",
    `As ${actor.role} you may not do ${what}.`,
    `This needs the role ${least}: ask the owner.`,
  );
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

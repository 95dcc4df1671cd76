import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  commands,
  type RoleName,
  roles,
} from "#lib/contract/wire.ts";
import { type Actor, ProblemError } from "../application.ts";
import { crashPoint } from "../crash-point.ts";
import type { CommandContext, Handler, Handlers, Parsed } from "./command.ts";
import type { Ledger } from "./ledger.ts";
import type { SessionStore } from "./ports.ts";

export type CarryOut = <Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
  context: { actor: Actor; key: string },
) => Promise<CommandOutput<Name>>;

/** Carries each command out once: who repeats its key gets the first answer. */
export function createCommander(deps: { store: SessionStore; ledger: Ledger; handlers: Handlers }): CarryOut {
  const { store, ledger, handlers } = deps;
  const underWay = new Map<string, { name: CommandName; actor: string; answer: Promise<unknown> }>();

  return (name, input, { actor, key }) => {
    requireRole(actor, commands[name].role, name);
    const same = underWay.get(key);
    if (same) {
      if (same.name !== name || same.actor !== actor.name) throw keyIsTaken(key);
      return same.answer as Promise<CommandOutput<typeof name>>;
    }
    const answer = carryOut(name, input, { actor, key }).finally(() => underWay.delete(key));
    underWay.set(key, { name, actor: actor.name, answer });
    return answer;
  };

  async function carryOut<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    { actor, key }: { actor: Actor; key: string },
  ): Promise<CommandOutput<Name>> {
    const receipt = await store.receipt(key);
    if (receipt) {
      if (receipt.name !== name || receipt.actor !== actor.name) throw keyIsTaken(key);
      return receipt.answer as CommandOutput<Name>;
    }
    const settle: CommandContext<Name>["settle"] = async (decide) => {
      const settled = await ledger.write(async (at) => {
        const { change, answer } = await decide(at);
        crashPoint("command:decided");
        return { change: { ...change, receipt: { key, name, actor: actor.name, answer } }, result: answer };
      });
      crashPoint("command:committed");
      return settled;
    };
    // Defaults that a caller inside of the server left out are filled in here too.
    const parsed = commands[name].input.parse(input) as Parsed<Name>;
    return (handlers[name] as Handler<Name>)(parsed, { actor, settle });
  }
}

export function requireRole(actor: Actor, least: RoleName, what: string) {
  if (roles.indexOf(actor.role) >= roles.indexOf(least)) return;
  throw new ProblemError(
    "forbidden",
    `${what} needs the role ${least}; ${actor.name} is ${actor.role}.`,
    "Ask an owner.",
  );
}

function keyIsTaken(key: string): ProblemError {
  return new ProblemError(
    "conflict",
    `The key ${key} belongs to another command.`,
    "Send it with a key of its own.",
  );
}

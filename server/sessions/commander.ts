import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  commands,
  type ReadName,
  reads,
} from "#lib/contract/wire.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";
import { type Actor, ProblemError } from "../application.ts";
import { crashPoint } from "../crash-point.ts";
import { whyNot } from "../team/can.ts";
import { signature } from "../team/signature.ts";
import type { AuditedAct, CommandContext, Handler, Handlers, Parsed } from "./command.ts";
import type { Ledger } from "./ledger.ts";
import type { SessionStore } from "./ports.ts";

export type CarryOut = <Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
  context: { actor: Actor; key: string },
) => Promise<CommandOutput<Name>>;

/** Carries each command out once: who repeats its key gets the first answer. */
export function createCommander(deps: {
  store: SessionStore;
  ledger: Ledger;
  handlers: Handlers;
  /** Why nothing can be carried out now; null where all is well. */
  refusal(): ProblemError | null;
}): CarryOut {
  const { store, ledger, handlers } = deps;
  const underWay = new Map<string, { name: CommandName; actor: string; answer: Promise<unknown> }>();

  return (name, input, { actor, key }) => {
    requireMay(actor, name);
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
      if (receipt.answer === null) throw wasToldOnce(name);
      return receipt.answer as CommandOutput<Name>;
    }
    const refusal = deps.refusal();
    if (refusal) throw refusal;
    const settle: CommandContext<Name>["settle"] = async (decide) => {
      const settled = await ledger.write(async (at) => {
        const { change, answer, isSecret = false } = await decide(at);
        crashPoint("command:decided");
        const acts = change.audit?.length ? change.audit : [plainAct(name, input)];
        const audit = acts.map((act) => ({ ...act, ...signature(actor) }));
        const receipt = { key, name, actor: actor.name, answer: isSecret ? null : answer };
        return { change: { ...change, audit, receipt }, result: answer };
      });
      crashPoint("command:committed");
      return settled;
    };
    // Defaults that a caller inside of the server left out are filled in here too.
    const parsed = commands[name].input.parse(input) as Parsed<Name>;
    return (handlers[name] as Handler<Name>)(parsed, { actor, key, settle });
  }
}

/** Throws forbidden, with the reason. Where a right goes by repository, having it anywhere is enough here. */
export function requireMay(actor: Actor, name: CommandName | ReadName): void {
  const why = whyNot(actor, isCommand(name) ? commands[name] : reads[name]);
  if (why !== null) throw new ProblemError("forbidden", `${name}: ${why}`, whomToAsk(actor));
}

/** Throws forbidden where the actor may not land in this repository, here and now. */
export function requireLanding(actor: Actor, repository: RepositoryId): void {
  const why = whyNot(actor, { role: "operator", right: "land" }, repository);
  if (why !== null) throw new ProblemError("forbidden", why, whomToAsk(actor));
}

function whomToAsk({ inside }: Actor): string {
  return inside === undefined ? "Ask an owner." : 'Ask a person: `amplify ask "<question>"`.';
}

function isCommand(name: CommandName | ReadName): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** How a command is written down that has no more to say of itself. */
function plainAct(name: CommandName, input: unknown): AuditedAct {
  return { action: name, target: targetOf(input), outcome: "done", detail: "" };
}

/** What a command is about, as far as its input says so. */
export function targetOf(input: unknown): string {
  const fields = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  const named = ["session", "item", "person", "device", "token", "invitation", "loop", "repository", "path"];
  const target = named.map((field) => fields[field]).find((value) => typeof value === "string");
  return typeof target === "string" ? target.slice(0, 200) : "";
}

function wasToldOnce(name: CommandName): ProblemError {
  return new ProblemError(
    "conflict",
    `${name} was done under this key; its answer is told only once.`,
    "Send it again with a key of its own.",
  );
}

function keyIsTaken(key: string): ProblemError {
  return new ProblemError(
    "conflict",
    `The key ${key} belongs to another command.`,
    "Send it with a key of its own.",
  );
}

import type { CommandName, CommandOutput, commands } from "#lib/contract/wire.ts";
import type { z } from "zod";
import type { Actor } from "../application.ts";
import type { Change } from "./ports.ts";

/** A command's input with its defaults filled in. */
export type Parsed<Name extends CommandName> = z.output<(typeof commands)[Name]["input"]>;

export interface CommandContext<Name extends CommandName> {
  readonly actor: Actor;
  /**
   * Decides and commits, together with the answer's receipt: a command that was answered once is never
   * carried out again.
   */
  readonly settle: (
    decide: (at: string) => Promise<{ change: Change; answer: CommandOutput<Name> }>,
  ) => Promise<CommandOutput<Name>>;
}

export type Handler<Name extends CommandName> = (
  input: Parsed<Name>,
  context: CommandContext<Name>,
) => Promise<CommandOutput<Name>>;

export type Handlers = { readonly [Name in CommandName]: Handler<Name> };

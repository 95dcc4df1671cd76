import type { CommandName, CommandOutput, commands } from "#lib/contract/wire.ts";
import type { z } from "zod";
import type { Actor } from "../application.ts";
import type { AuditEntry, Change } from "./ports.ts";

/** A command's input with its defaults filled in. */
export type Parsed<Name extends CommandName> = z.output<(typeof commands)[Name]["input"]>;

export interface Settled<Name extends CommandName> {
  /** Who acts is put into the audit's entries; without any, one says that the command was carried out. */
  readonly change: Omit<Change, "audit"> & { readonly audit?: readonly AuditedAct[] };
  readonly answer: CommandOutput<Name>;
  /** The answer holds a secret: it is told once and kept nowhere. */
  readonly isSecret?: boolean;
}

export type AuditedAct = Omit<AuditEntry, "actor"> & Partial<Pick<AuditEntry, "actor">>;

export interface CommandContext<Name extends CommandName> {
  readonly actor: Actor;
  /** The command's own: who repeats it repeats the command. */
  readonly key: string;
  /**
   * Decides and commits, together with the answer's receipt and an entry of the audit: a command that was answered once is
   * never carried out again.
   */
  readonly settle: (decide: (at: string) => Promise<Settled<Name>>) => Promise<CommandOutput<Name>>;
}

export type Handler<Name extends CommandName> = (
  input: Parsed<Name>,
  context: CommandContext<Name>,
) => Promise<CommandOutput<Name>>;

export type Handlers = { readonly [Name in CommandName]: Handler<Name> };

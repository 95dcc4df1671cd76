import type {
  Alert,
  CommandInput,
  CommandName,
  CommandOutput,
  Fact,
  FollowAnswer,
  LogRef,
  Problem,
  Pulse,
  ReadInput,
  ReadName,
  ReadOutput,
  RoleName,
} from "#lib/contract/wire.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";

/** Who acts: a person, or a token that a person made. Found by the gate, never taken from a body. */
export interface Actor {
  /** The person's id. */
  readonly person: string;
  readonly name: string;
  readonly role: RoleName;
  /** Where an operator may land; an owner may everywhere. */
  readonly lands: readonly RepositoryId[];
  readonly via: Via;
  /** Signed in not long ago; always so without a login that could grow old. */
  readonly isFresh: boolean;
  /** Comes over a line that others can listen to. */
  readonly isConfined: boolean;
  /** The session in whose environment the command ran, by its own word; left out where it ran in none. */
  readonly inside?: string;
}

/** How somebody came in; `id` tells browsers, tokens and loops apart, and is null for commands on this machine. */
export interface Via {
  readonly kind: "machine" | "device" | "token" | "loop";
  readonly id: string | null;
}

/** What the doors (socket and API) know of the inside. Input is already parsed by the contract's schema. */
export interface Application {
  /** Checks the actor's role, makes repeats of one key harmless, and throws {@link ProblemError}. */
  command<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    context: { actor: Actor; key: string },
  ): Promise<CommandOutput<Name>>;
  read<Name extends ReadName>(
    name: Name,
    input: ReadInput<Name>,
    context: { actor: Actor },
  ): Promise<ReadOutput<Name>>;
  /** Everything after `since` in order, or a snapshot where that is null, unknown or too far back. */
  follow(since: number | null, context: { actor: Actor }): Promise<FollowAnswer>;
  /** Called with committed facts, in order and without a gap. */
  onFacts(listener: (facts: Fact[]) => void): () => void;
  onPulse(listener: (pulses: Pulse[]) => void): () => void;
  /** What holds work up now. */
  alerts(): readonly Alert[];
  onAlerts(listener: (alerts: readonly Alert[]) => void): () => void;
  /** Absolute path of a log file and its session's directory, whether it exists yet or not; throws not-found. */
  logFile(ref: LogRef): Promise<{ file: string; directory: string }>;
}

/** A refusal that a client is told as it is. Any other error is `internal` and told without particulars. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(code: Problem["code"], message: string, fix: string | null = null) {
    super(message);
    this.problem = { code, message, fix };
  }
}

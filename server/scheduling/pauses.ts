import { type Pause, pausesOf, type Waiting } from "#lib/domain/retry.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";
import type { SessionRow } from "../sessions/ports.ts";

/** Names of variables that make an account of a repository's own. */
const credentials = /^(?:ANTHROPIC_\w+|CLAUDE_CONFIG_DIR|CLAUDE_CODE_OAUTH_TOKEN)$/;

/** Whose limit and credit an agent uses: the CLI's login, or what the repository's configuration sets. */
export function accountOf(order: {
  readonly cli: string;
  readonly repository: RepositoryId;
  readonly env: Readonly<Record<string, string>>;
}): string {
  const isOwn = Object.keys(order.env).some((name) => credentials.test(name));
  return isOwn ? `${order.cli} (${order.repository})` : order.cli;
}

/** The failed sessions that go on by themselves or by `queue resume`, with what they wait for. */
export function waitingOf(rows: readonly SessionRow[]): (Waiting & { readonly row: SessionRow })[] {
  return rows.flatMap((row) => {
    const { state, view, spec } = row;
    if (state.status !== "failed" || !view.retry?.waits || !spec) return [];
    const account = accountOf({ cli: spec.agent.cli, repository: row.repository, env: spec.env });
    return [{ row, account, failure: state.failure, retry: view.retry }];
  });
}

/** The accounts that no session is begun for now. */
export function pausesNow(rows: readonly SessionRow[], now: Date): Pause[] {
  const isOver = ({ until }: Pause) => until !== null && until <= now.toISOString();
  return pausesOf(waitingOf(rows)).filter((pause) => !isOver(pause));
}

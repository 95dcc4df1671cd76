import type { Command } from "commander";
import type { Review } from "#lib/domain/review.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { createContext, type GlobalOptions } from "../../context.ts";
import { councilLines, overruleLine } from "../../council-lines.ts";
import { faint, heading } from "../../output.ts";

const remark = "Reviews run by themselves inside each session; this command only shows them.";

export function addReview(session: Command): void {
  session
    .command("review")
    .argument("[session]", "a session's id, a unique prefix of it, or an item's id")
    .description("show the review councils and their verdicts; it starts nothing, reviews run by themselves")
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const { output, client, repository } = createContext(command.optsWithGlobals<GlobalOptions>());
      const connected = await client();
      const about = id === undefined ? await repository() : null;
      const ids =
        id === undefined
          ? (await connected.read("status", { repository: about?.id ?? null })).sessions
              .filter(({ verdict, status }) => verdict !== null || status === "reviewing")
              .map((each) => each.id)
          : [id];
      const shown: { session: SessionView; reviews: readonly Review[] }[] = [];
      for (const each of ids) {
        const { session, reviews } = await connected.read("session", { session: each });
        shown.push({ session, reviews });
      }
      output.answer(shown, () => {
        output.line(faint(remark));
        if (shown.length === 0) output.line("No session has been reviewed yet.");
        for (const { session, reviews } of shown) {
          output.line(heading(`${session.id}  ${session.status}`));
          for (const line of [...reviews.flatMap(councilLines), ...overruleLine(session)]) output.line(line);
          if (session.status === "reviewing") output.line("  a council is sitting");
        }
      });
    });
}

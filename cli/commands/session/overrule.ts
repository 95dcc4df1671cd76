import { Argument, type Command } from "commander";
import { createContext, type GlobalOptions } from "../../context.ts";

export function addOverrule(session: Command): void {
  session
    .command("overrule")
    .argument("<session>", "a session's id, a unique prefix of it, or an item's id")
    .addArgument(
      new Argument("<verdict>", "what counts in place of the council's").choices(["approve", "reject"]),
    )
    .requiredOption("--reason <text>", "why; it is kept, and stands on the merge commit")
    .option("--head <commit>", "the change that you looked at; refused where the branch has moved on")
    .description("decide against the review council, for the branch as it stands")
    .action(
      async (
        id: string,
        verdict: "approve" | "reject",
        { reason, head = null }: { reason: string; head?: string | null },
        command: Command,
      ) => {
        const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
        const { session } = await (
          await client()
        ).command("session:overrule", { session: id, verdict, reason, head });
        output.answer({ session }, () => {
          output.line(
            `${session.id} is ${session.status} at ${session.head?.slice(0, 12) ?? ""}, by your decision.`,
          );
          if (verdict === "approve")
            output.line(`Land it with \`amplify session merge ${session.item.id}\`.`);
        });
      },
    );
}

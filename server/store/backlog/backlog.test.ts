import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workSourceContract } from "#server/work-source.contract.ts";
import { openDatabase } from "../database.ts";
import { createBacklogs } from "./backlog.ts";

const migrations = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));
const clock = { now: () => new Date(), after: () => () => undefined };

workSourceContract("of the built-in backlog", async () => {
  const folder = await mkdtemp(join(tmpdir(), "amplify-backlog-"));
  const database = await openDatabase({ file: join(folder, "amplify.db"), migrations, clock });
  const backlogs = createBacklogs({ prisma: database.prisma, clock, random: Math.random });
  const repository = { id: "0123456789abcdef", prefix: "t" };
  return {
    source: backlogs.of(repository),
    rival: backlogs.of(repository),
    dispose: async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

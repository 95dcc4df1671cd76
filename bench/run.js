import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** `npm run bench -- <name>` runs `bench/<name>.ts`; without a name it says which there are. */
const [name] = process.argv.slice(2);
const benches = ["dispatch", "footprint", "landing", "logs", "overlap"];
if (name === undefined || !benches.includes(name)) {
  console.error(`Which one? ${benches.join(", ")}`);
  process.exit(2);
}
const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
process.exit(spawnSync(process.execPath, ["--import", "tsx", file], { stdio: "inherit" }).status ?? 1);

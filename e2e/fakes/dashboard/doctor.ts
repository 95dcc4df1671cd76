import type { ReadOutput, RepositoryView } from "#lib/contract/wire.ts";

/** A machine that works, with an old git; and whatever is wrong with the repository. */
export function doctorOf({ name, root, source, problem }: RepositoryView): ReadOutput<"doctor"> {
  return [
    {
      name: "git",
      ok: true,
      level: "warning",
      text: "git version 2.39.5 works, but has known holes with hostile submodules.",
      fix: "Install git 2.43.7 or newer.",
    },
    { name: "agent claude", ok: true, level: "ok", text: "2.1.330 at /usr/local/bin/claude", fix: null },
    { name: "data folder", ok: true, level: "ok", text: "/home/mara/.amplify", fix: null },
    { name: "runner", ok: true, level: "ok", text: "It runs.", fix: null },
    problem === null
      ? { name, ok: true, level: "ok", text: root, fix: null }
      : { name, ok: false, level: "error", text: problem, fix: null },
    {
      name: `backlog of ${name}`,
      ok: true,
      level: "ok",
      text: source === "beads" ? "beads 0.50.3 /usr/local/bin/bd" : "backlog",
      fix: null,
    },
  ];
}

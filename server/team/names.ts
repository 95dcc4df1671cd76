import type { PersonRow } from "./ports.ts";

/** Who else signs facts and commits; nobody may pass for them. */
const reserved = new Set(["server", "nobody", "amplify", "runner", "agent", "policy", "system"]);

/** The name, or with a number behind it where somebody is or was called so: two people are never told as one. */
export function freeName(wanted: string, people: readonly PersonRow[]): string {
  const taken = new Set([...people.map(({ name }) => plain(name)), ...reserved]);
  let name = wanted;
  for (let number = 2; taken.has(plain(name)); number += 1) name = `${wanted} ${String(number)}`;
  return name;
}

/** What looks the same counts as the same. */
function plain(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

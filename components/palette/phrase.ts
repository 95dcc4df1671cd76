/** What a plain phrase asks for. */
export type Wish =
  | { readonly kind: "go"; readonly href: string }
  | { readonly kind: "merge-approved" }
  | { readonly kind: "dispatch"; readonly item: string }
  | { readonly kind: "dispatch-ready"; readonly project: string | null };

/** Reads the phrases that people use for the commands; null where it is none of them. */
export function wishOf(phrase: string): Wish | null {
  const text = phrase.trim().replace(/[?!.]+$/, "");
  if (/^(?:what(?:'s| is) the )?status$/i.test(text) || /^how (?:is|are) (?:it|things)\b/i.test(text))
    return { kind: "go", href: "/" };
  if (/\bquestions?\b/i.test(text)) return { kind: "go", href: "/questions" };
  if (/^(?:merge|land)\b.*\b(?:approved|all|everything)\b/i.test(text)) return { kind: "merge-approved" };
  const started = /^(?:start|begin)(?: working)? on (?:the project|project:\S+|everything)/i.exec(text);
  if (started || /^dispatch (?:all|everything|ready)/i.test(text)) {
    return { kind: "dispatch-ready", project: /project:(\S+)/i.exec(text)?.[1] ?? null };
  }
  const one = /^(?:dispatch|start|work on|start working on) (?:the )?(\S+?)(?: work item)?$/i.exec(text);
  return one?.[1] === undefined ? null : { kind: "dispatch", item: one[1] };
}

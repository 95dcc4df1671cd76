/** What a plain phrase asks for. */
export type Wish =
  | { readonly kind: "go"; readonly href: string }
  | { readonly kind: "merge-approved" }
  | { readonly kind: "dispatch"; readonly item: string }
  | { readonly kind: "dispatch-ready" }
  /** The whole loop over a project, or over everything. */
  | { readonly kind: "work-through"; readonly project: string | null };

/** Reads the phrases that people use for the commands; null where it is none of them. */
export function wishOf(phrase: string): Wish | null {
  const text = phrase.trim().replace(/[?!.]+$/, "");
  if (/^(?:what(?:'s| is) the )?status$/i.test(text) || /^how (?:is|are) (?:it|things)\b/i.test(text))
    return { kind: "go", href: "/" };
  if (/\b(?:questions?|inbox)\b/i.test(text)) return { kind: "go", href: "/questions" };
  if (/^(?:merge|land)\b.*\b(?:approved|all|everything)\b/i.test(text)) return { kind: "merge-approved" };
  if (/^dispatch (?:all|everything|ready)/i.test(text)) return { kind: "dispatch-ready" };
  if (
    /^(?:start|begin)(?: working)? on (?:the project|the backlog|project:\S+|everything)/i.test(text) ||
    /^work through (?:the |project:)/i.test(text)
  ) {
    return { kind: "work-through", project: /project:(\S+)/i.exec(text)?.[1] ?? null };
  }
  const one = /^(?:dispatch|start|work on|start working on) (?:the )?(\S+?)(?: work item)?$/i.exec(text);
  return one?.[1] === undefined ? null : { kind: "dispatch", item: one[1] };
}

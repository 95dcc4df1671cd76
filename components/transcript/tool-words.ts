/** How a tool call reads in one line. */
export interface ToolWords {
  readonly verb: string;
  /** A path, a command, a pattern. */
  readonly subject: string;
  /** In the call's own words, where it gave some. */
  readonly note: string;
}

function field(input: unknown, name: string): string {
  const value =
    typeof input === "object" && input !== null ? (input as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function toolWords(name: string, input: unknown): ToolWords {
  const words = (verb: string, subject: string, note = ""): ToolWords => ({
    verb,
    subject: subject.split("\n")[0] ?? "",
    note,
  });
  switch (name) {
    case "Bash":
      return words("Bash", field(input, "command"), field(input, "description"));
    case "Read":
      return words("Read", field(input, "file_path"));
    case "Write":
      return words("Write", field(input, "file_path"));
    case "Edit":
    case "MultiEdit":
    case "NotebookEdit":
      return words("Edit", field(input, "file_path") || field(input, "notebook_path"));
    case "Grep":
      return words("Search", field(input, "pattern"), field(input, "path"));
    case "Glob":
      return words("Find", field(input, "pattern"), field(input, "path"));
    case "Task":
    case "Agent":
      return words(field(input, "subagent_type") || "Subagent", field(input, "description"));
    case "TodoWrite":
      return words("Plan", todoCount(input));
    case "WebFetch":
      return words("Fetch", field(input, "url"));
    case "WebSearch":
      return words("Search the web", field(input, "query"));
    default:
      return words(
        name.startsWith("mcp__") ? name.split("__").slice(1).join(" · ") : name,
        firstString(input),
      );
  }
}

export interface Todo {
  readonly text: string;
  readonly status: string;
}

export function todosOf(input: unknown): Todo[] {
  const todos =
    typeof input === "object" && input !== null ? (input as Record<string, unknown>).todos : undefined;
  if (!Array.isArray(todos)) return [];
  return todos.map((todo: unknown) => ({ text: field(todo, "content"), status: field(todo, "status") }));
}

function todoCount(input: unknown): string {
  const todos = todosOf(input);
  return `${String(todos.filter(({ status }) => status === "completed").length)} of ${String(todos.length)} done`;
}

/** The replaced and the new text of an edit, or the whole of a written file. */
export function editOf(name: string, input: unknown): { before: string; after: string } | null {
  if (name === "Edit") return { before: field(input, "old_string"), after: field(input, "new_string") };
  return name === "Write" ? { before: "", after: field(input, "content") } : null;
}

function firstString(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  return Object.values(input).find((value): value is string => typeof value === "string") ?? "";
}

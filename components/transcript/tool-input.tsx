import { Check, Circle, CircleDot } from "lucide-react";
import { Markdown } from "#components/ui/markdown.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { editOf, todosOf } from "./tool-words.ts";

/** What a call was given, in the form that reads best. */
export function ToolInput({ name, input }: { name: string; input: unknown }) {
  const given = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  if (name === "Bash" && typeof given.command === "string") {
    return <pre className={block}>{`$ ${visibleText(given.command)}`}</pre>;
  }
  const edit = editOf(name, input);
  if (edit) return <EditLines {...edit} />;
  if (name === "TodoWrite") return <Todos input={input} />;
  if ((name === "Task" || name === "Agent") && typeof given.prompt === "string") {
    return <Markdown text={given.prompt} className="max-h-72 overflow-y-auto px-3 py-2 text-xs text-muted" />;
  }
  if (name === "Read" || Object.keys(given).length === 0) return null;
  return <pre className={block}>{visibleText(JSON.stringify(input, null, 2))}</pre>;
}

const block =
  "max-h-72 overflow-auto px-3 py-2 font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]";
const drawnLines = 400;

function EditLines({ before, after }: { before: string; after: string }) {
  const side = (text: string, sign: "−" | "+", colour: string) => {
    const lines = text === "" ? [] : visibleText(text).split("\n");
    return (
      <>
        {lines.slice(0, drawnLines).map((line, index) => (
          <div key={index} className={colour}>
            <span aria-hidden className="inline-block w-5 text-center text-faint select-none">
              {sign}
            </span>
            {line}
          </div>
        ))}
        {lines.length > drawnLines && (
          <div className="px-5 text-faint">… {lines.length - drawnLines} more lines</div>
        )}
      </>
    );
  };
  return (
    <div className="max-h-96 overflow-auto py-1.5 font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
      {side(before, "−", "bg-removed")}
      {side(after, "+", "bg-added")}
    </div>
  );
}

function Todos({ input }: { input: unknown }) {
  return (
    <ul className="px-3 py-2 text-xs">
      {todosOf(input).map(({ text, status }, index) => {
        const Icon = status === "completed" ? Check : status === "in_progress" ? CircleDot : Circle;
        return (
          <li key={index} className="flex items-start gap-2 py-0.5">
            <Icon
              className={`mt-0.5 size-3.5 shrink-0 ${status === "completed" ? "text-good" : status === "in_progress" ? "text-info" : "text-faint"}`}
              aria-label={status.replace("_", " ")}
            />
            <span className={status === "completed" ? "text-faint line-through" : ""}>
              {visibleText(text)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

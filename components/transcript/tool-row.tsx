import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import {
  Bot,
  FilePen,
  FilePlus2,
  FileText,
  Globe,
  ListChecks,
  MessageCircleQuestion,
  Search,
  Terminal,
  Wrench,
} from "lucide-react";
import { duration } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { Fold } from "./fold.tsx";
import { ToolInput } from "./tool-input.tsx";
import { ToolOutput } from "./tool-output.tsx";
import type { RowProps } from "./row-props.ts";
import { toolWords } from "./tool-words.ts";
import type { ToolEntry } from "./transcript.ts";

const icons: Readonly<Record<string, LucideIcon>> = {
  Bash: Terminal,
  Read: FileText,
  Write: FilePlus2,
  Edit: FilePen,
  MultiEdit: FilePen,
  Grep: Search,
  Glob: Search,
  Task: Bot,
  Agent: Bot,
  TodoWrite: ListChecks,
  WebFetch: Globe,
  WebSearch: Globe,
  AskUserQuestion: MessageCircleQuestion,
};

/** A call, its result, and what its subagent did, which is given as children. */
export function ToolRow({
  entry,
  opened,
  onToggle,
  isLive,
  hidden,
  children,
}: RowProps<ToolEntry> & { hidden: number; children: ReactNode }) {
  const { verb, subject, note } = toolWords(entry.name, entry.input);
  const isAgent = entry.name === "Task" || entry.name === "Agent";
  return (
    <Fold
      icon={icons[entry.name] ?? (/ask/i.test(entry.name) ? MessageCircleQuestion : Wrench)}
      title={visibleText(verb)}
      detail={visibleText(belowWorktree(subject))}
      note={visibleText(note)}
      mono={!isAgent}
      mark={<ToolMark entry={entry} isLive={isLive} />}
      isOpen={opened.has(entry.key)}
      onToggle={() => onToggle(entry.key)}
    >
      <ToolInput name={entry.name} input={entry.input} />
      {entry.inner.length > 0 && (
        <div className="border-t border-line px-4 py-2">
          {hidden > 0 && <p className="py-1 text-xs text-faint">{hidden} earlier ones are not drawn.</p>}
          {children}
        </div>
      )}
      {entry.result && <ToolOutput result={entry.result} prose={isAgent} />}
    </Fold>
  );
}

function ToolMark({ entry: { result, elapsedMs, inner }, isLive }: { entry: ToolEntry; isLive: boolean }) {
  if (result?.failed) return <span className="text-2xs font-medium text-bad">failed</span>;
  if (result) {
    const lines = result.text === "" ? 0 : result.text.split("\n").length;
    const calls = inner.filter(({ kind }) => kind === "tool").length;
    return (
      <span className="text-2xs text-faint">
        {calls > 0 ? `${String(calls)} calls` : lines > 1 ? `${String(lines)} lines` : ""}
      </span>
    );
  }
  if (!isLive) return <span className="text-2xs text-faint">no result</span>;
  return (
    <span className="flex items-center gap-1.5 text-2xs text-info">
      <span className="breathe size-1.5 rounded-full bg-current" aria-hidden />
      {elapsedMs === null ? "running" : duration(elapsedMs)}
    </span>
  );
}

/** Paths in a worktree read from its root on; the session says where that is. */
function belowWorktree(subject: string): string {
  return subject.replace(/^\/\S*?\/\.worktrees\/[^/\s]+\//, "");
}

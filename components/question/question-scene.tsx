import { visibleText } from "#components/ui/visible-text.ts";
import type { Scene } from "#lib/domain/question.ts";

/** What the agent was doing when it asked; folded away, since the question should speak for itself. */
export function QuestionScene({ scene }: { scene: Scene }) {
  const { said, tool, files, changes, uncommitted } = scene;
  const paths = [...new Set([...files, ...uncommitted])];
  return (
    <details className="group text-xs text-muted">
      <summary className="w-fit cursor-pointer rounded text-faint select-none hover:text-text">
        What was going on
        {changes.files > 0 && (
          <span className="ml-2 font-mono">
            {changes.files} {changes.files === 1 ? "file" : "files"}{" "}
            <span className="text-good">+{changes.added}</span>{" "}
            <span className="text-bad">−{changes.removed}</span>
          </span>
        )}
        {uncommitted.length > 0 && <span className="ml-2">{uncommitted.length} uncommitted</span>}
      </summary>
      <div className="mt-2 flex flex-col gap-2 border-l-2 border-line pl-3">
        {said !== "" && (
          <p className="line-clamp-6 whitespace-pre-wrap [overflow-wrap:anywhere]">{visibleText(said)}</p>
        )}
        {tool !== null && <p>In {visibleText(tool)}.</p>}
        {paths.length > 0 && (
          <ul className="flex flex-col font-mono [overflow-wrap:anywhere]">
            {paths.slice(0, 20).map((path) => (
              <li key={path}>
                {visibleText(path)}
                {uncommitted.includes(path) && <span className="text-faint"> · uncommitted</span>}
              </li>
            ))}
            {paths.length > 20 && <li className="text-faint">and {paths.length - 20} more</li>}
          </ul>
        )}
        {said === "" && paths.length === 0 && <p>Nothing was changed yet.</p>}
      </div>
    </details>
  );
}

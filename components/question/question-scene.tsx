import Link from "next/link";
import type { MouseEvent } from "react";
import { Markdown } from "#components/ui/markdown.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionId } from "#lib/domain/ids.ts";
import type { Scene } from "#lib/domain/question.ts";

/** Shows a path's place in the diff without leaving the page. */
export type ShowInDiff = (tab: "diff", path: string) => void;

/** What the agent was doing when it asked, folded away, since the question should speak for itself; the diff is a click away. */
export function QuestionScene({
  session,
  scene,
  onShow,
}: {
  session: SessionId;
  scene: Scene;
  /** Left out where the diff is on another page. */
  onShow?: ShowInDiff | undefined;
}) {
  const { said, tool, files, changes, uncommitted } = scene;
  const paths = [...new Set([...files, ...uncommitted])];
  const toDiff = (path: string) => ({
    href: `/sessions/${session}?tab=diff${path === "" ? "" : `&file=${encodeURIComponent(path)}`}`,
    onClick(event: MouseEvent) {
      if (!onShow || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      onShow("diff", path);
    },
  });
  return (
    <div className="relative text-xs text-muted">
      <details>
        <summary className="w-fit cursor-pointer rounded text-faint select-none hover:text-text">
          What was going on
        </summary>
        <div className="mt-2 flex flex-col gap-2 border-l-2 border-line pl-3">
          {said !== "" && <Markdown text={said} className="max-h-40 overflow-y-auto" />}
          {tool !== null && <p>In {visibleText(tool)}.</p>}
          {paths.length > 0 && (
            <ul className="flex flex-col font-mono [overflow-wrap:anywhere]">
              {paths.slice(0, 20).map((path) => (
                <li key={path}>
                  {files.includes(path) ? (
                    <Link {...toDiff(path)} className="hover:text-text hover:underline">
                      {visibleText(path)}
                    </Link>
                  ) : (
                    visibleText(path)
                  )}
                  {uncommitted.includes(path) && <span className="text-faint"> · uncommitted</span>}
                </li>
              ))}
              {paths.length > 20 && <li className="text-faint">and {paths.length - 20} more</li>}
            </ul>
          )}
          {said === "" && paths.length === 0 && <p>Nothing was changed yet.</p>}
        </div>
      </details>
      {paths.length > 0 && (
        <Link
          {...toDiff("")}
          className="absolute top-0 right-0 rounded underline decoration-line-strong underline-offset-2 hover:text-text"
        >
          {changes.files > 0 ? (
            <>
              {changes.files} {changes.files === 1 ? "file" : "files"}{" "}
              <span className="font-mono">
                <span className="text-good">+{changes.added}</span>{" "}
                <span className="text-bad">−{changes.removed}</span>
              </span>
              {uncommitted.length > 0 && `, ${String(uncommitted.length)} uncommitted`}
            </>
          ) : (
            `${String(uncommitted.length)} uncommitted`
          )}
        </Link>
      )}
    </div>
  );
}

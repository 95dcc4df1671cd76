import { lazy, memo, Suspense } from "react";
import { classNames } from "./class-names.ts";
import { visibleText } from "./visible-text.ts";

const Rendered = lazy(() => import("./markdown-rendered.tsx"));
const hasMarkup = /[*_`#[\]>|~]|^\s*(?:-|\d+\.)\s|https?:/m;

/** Markdown of an agent or a repository: never raw HTML. Plain text costs nothing, and stands in until the rest is loaded. */
export const Markdown = memo(function Markdown({ text, className }: { text: string; className?: string }) {
  const shown = visibleText(text);
  return (
    <div className={classNames("prose", className)}>
      {hasMarkup.test(shown) ? (
        <Suspense fallback={<Paragraphs text={shown} />}>
          <Rendered text={shown} />
        </Suspense>
      ) : (
        <Paragraphs text={shown} />
      )}
    </div>
  );
});

function Paragraphs({ text }: { text: string }) {
  return text.split(/\n{2,}/).map((part, index) => (
    <p key={index} className="whitespace-pre-wrap">
      {part}
    </p>
  ));
}

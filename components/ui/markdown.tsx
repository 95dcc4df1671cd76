import dynamic from "next/dynamic";
import { memo } from "react";
import { classNames } from "./class-names.ts";
import { visibleText } from "./visible-text.ts";

const Rendered = dynamic(() => import("./markdown-rendered.tsx"), { ssr: false });
const hasMarkup = /[*_`#[\]>|~]|^\s*(?:-|\d+\.)\s|https?:/m;

/** Markdown of an agent or a repository: never raw HTML. Plain text costs nothing. */
export const Markdown = memo(function Markdown({ text, className }: { text: string; className?: string }) {
  const shown = visibleText(text);
  return (
    <div className={classNames("prose", className)}>
      {hasMarkup.test(shown) ? (
        <Rendered text={shown} />
      ) : (
        shown.split(/\n{2,}/).map((part, index) => (
          <p key={index} className="whitespace-pre-wrap">
            {part}
          </p>
        ))
      )}
    </div>
  );
});

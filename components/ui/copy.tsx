"use client";

import { Check, Copy as CopyIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { classNames } from "./class-names.ts";

/** False without TLS, where there is no clipboard; the text can still be selected. */
async function copyText(text: string): Promise<boolean> {
  if (!window.isSecureContext) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

/** A value in mono that copies itself on click. */
export function Copy({
  value,
  label,
  shown = value,
  className,
}: {
  value: string;
  label: string;
  shown?: string;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : CopyIcon;
  return (
    <button
      type="button"
      aria-label={copied ? `${label} copied` : `Copy ${label}: ${value}`}
      title={value}
      onClick={() => {
        void copyText(value).then(setCopied);
      }}
      className={classNames(
        "group inline-flex min-w-0 items-center gap-1 rounded font-mono text-xs text-muted hover:text-text",
        className,
      )}
    >
      <span className="truncate select-text">{shown}</span>
      <Icon className="size-3 shrink-0 opacity-40 group-hover:opacity-100" aria-hidden />
    </button>
  );
}

"use client";

import { useState } from "react";
import { Field, TextArea } from "#components/ui/field.tsx";
import { Markdown } from "#components/ui/markdown.tsx";

/** Markdown, written or as it will be read. */
export function MarkdownField({
  label,
  placeholder,
  value,
  onChange,
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const [isPreview, setPreview] = useState(false);
  const canPreview = value.trim() !== "";
  return (
    <div className="relative">
      {canPreview && (
        <button
          type="button"
          aria-pressed={isPreview}
          onClick={() => setPreview(!isPreview)}
          className="absolute top-0 right-0 z-10 text-xs text-muted hover:text-text"
        >
          {isPreview ? "Write" : "Preview"}
        </button>
      )}
      <Field label={label}>
        {(described) =>
          isPreview && canPreview ? (
            <div
              {...described}
              className="max-h-[40vh] min-h-20 overflow-y-auto rounded-md border border-line px-3 py-2 text-sm"
            >
              <Markdown text={value} />
            </div>
          ) : (
            <TextArea
              {...described}
              rows={3}
              placeholder={placeholder}
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
          )
        }
      </Field>
    </div>
  );
}

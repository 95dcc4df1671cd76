"use client";

import { useId } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { KeyCap } from "#components/ui/key-cap.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { Radio } from "#components/ui/radio.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Choice, Prompt } from "#lib/domain/question.ts";

interface PromptFieldProps {
  prompt: Prompt;
  /** Its place among several; null where it is alone. */
  number: number | null;
  choice: Choice;
  disabled: boolean;
  /** The digits choose here. */
  takesDigits: boolean;
  onToggle: (label: string) => void;
  onText: (text: string) => void;
  onSend: () => void;
}

/** One thing asked: options to click, and always room for own words. */
export function PromptField({
  prompt,
  number,
  choice,
  disabled,
  takesDigits,
  onToggle,
  onText,
  onSend,
}: PromptFieldProps) {
  const name = useId();
  const Tick = prompt.multiple ? Checkbox : Radio;
  return (
    <fieldset disabled={disabled} aria-labelledby={`${name}-text`} className="min-w-0">
      <div id={`${name}-text`} className="mb-2 flex flex-wrap items-baseline gap-x-2 gap-y-1 text-base">
        {number !== null && <span className="text-faint">{number}.</span>}
        <Markdown
          text={prompt.text}
          className={classNames("min-w-0 font-medium", number !== null && "flex-1")}
        />
        {prompt.multiple && <Badge>choose any</Badge>}
      </div>
      <div className="flex flex-col gap-1.5">
        {prompt.options.map((option, index) => {
          const isChosen = choice.labels.includes(option.label);
          return (
            <label
              key={option.label}
              className={classNames(
                "group flex cursor-pointer items-start gap-3 rounded-lg border px-3 py-2 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent pointer-coarse:py-3 [&_input]:outline-none",
                isChosen
                  ? "border-accent bg-[color-mix(in_srgb,var(--accent)_9%,transparent)]"
                  : "border-line hover:border-line-strong hover:bg-hover",
              )}
            >
              <span className="mt-[3px] inline-flex">
                <Tick
                  name={name}
                  checked={isChosen}
                  onChange={() => onToggle(option.label)}
                  onKeyDown={(event) => {
                    if (event.key !== "Enter") return;
                    event.preventDefault();
                    onSend();
                  }}
                />
              </span>
              <span className="min-w-0 flex-1">
                <span className="block text-sm font-medium [overflow-wrap:anywhere]">
                  {visibleText(option.label)}
                </span>
                {option.description !== "" && (
                  <Markdown text={option.description} className="text-xs text-muted" />
                )}
              </span>
              {index < 9 && (
                <span aria-hidden className={classNames("max-sm:hidden", !takesDigits && "invisible")}>
                  <KeyCap>{index + 1}</KeyCap>
                </span>
              )}
            </label>
          );
        })}
        <textarea
          aria-label="Own words"
          aria-describedby={`${name}-text`}
          placeholder={prompt.options.length > 0 ? "Or in your own words" : "Your answer"}
          value={choice.text}
          rows={1}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            const isPhone = window.matchMedia("(pointer: coarse)").matches;
            if (event.key !== "Enter" || event.shiftKey || isPhone || event.nativeEvent.isComposing) return;
            event.preventDefault();
            onSend();
          }}
          className="[field-sizing:content] max-h-60 min-h-9 w-full resize-none rounded-lg border border-line bg-sunken px-3 py-[7px] text-sm placeholder:text-faint pointer-coarse:min-h-11 pointer-coarse:text-base"
        />
      </div>
    </fieldset>
  );
}

"use client";

import { useId, useMemo, useState } from "react";
import { useModel } from "#components/live/use-model.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Input } from "#components/ui/field.tsx";
import { Priority } from "#components/ui/priority.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemId } from "#lib/domain/ids.ts";
import { itemsNamed, typedId } from "./item-draft.ts";

const shownAtMost = 7;

interface ItemPickerProps {
  id?: string;
  "aria-describedby"?: string | undefined;
  label: string;
  repository: string;
  /** Ids that make no sense here. */
  except: ReadonlySet<string>;
  onPick: (id: ItemId) => void;
}

/** Finds an open item by id or title; the id of a closed one can be typed. */
export function ItemPicker({ id, label, repository, except, onPick, ...described }: ItemPickerProps) {
  const listId = useId();
  const items = useModel((model) => model.items);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(
    () =>
      itemsNamed(
        [...(items?.values() ?? [])].filter((item) => item.repository === repository),
        text,
        except,
        shownAtMost,
      ),
    [items, repository, text, except],
  );
  const isOpen = found.length > 0;
  const pick = (chosen: ItemId) => {
    setText("");
    setAt(0);
    onPick(chosen);
  };
  const marked = found[Math.min(at, found.length - 1)];
  return (
    <div className="relative">
      <Input
        {...described}
        id={id}
        {...(id === undefined ? { "aria-label": label } : {})}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={marked ? `${listId}-${marked.id}` : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder="Id or title"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (event.key === "Escape" && text !== "") setText("");
          else if (event.key === "Enter" && text.trim() !== "") {
            const chosen = marked?.id ?? typedId(text);
            if (chosen) pick(chosen);
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <ul
        id={listId}
        role="listbox"
        aria-label={label}
        className={classNames(
          "absolute inset-x-0 top-full z-20 mt-1 overflow-hidden rounded-md border border-line-strong bg-raised py-1 shadow-float",
          !isOpen && "hidden",
        )}
      >
        {found.map((item, index) => (
          <li
            key={item.id}
            id={`${listId}-${item.id}`}
            role="option"
            aria-selected={item === marked}
            onPointerDown={(event) => {
              event.preventDefault();
              pick(item.id);
            }}
            onPointerMove={() => setAt(index)}
            className={classNames(
              "flex h-8 cursor-pointer items-center gap-2 px-3 text-sm pointer-coarse:h-11",
              item === marked && "bg-hover",
            )}
          >
            <span className="shrink-0 font-mono text-2xs text-faint">{item.id}</span>
            <Priority level={item.priority} />
            <span className="min-w-0 truncate">{visibleText(item.title)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

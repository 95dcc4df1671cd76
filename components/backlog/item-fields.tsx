"use client";

import { Field, Input, Select } from "#components/ui/field.tsx";
import { ItemChips } from "./item-chips.tsx";
import type { ItemDraft } from "./item-draft.ts";
import { itemTypes, priorityWords } from "./item-draft.ts";
import { ItemPicker } from "./item-picker.tsx";
import { MarkdownField } from "./markdown-field.tsx";

/** The fields of an item, new or known. `self` is the known one's id. */
export function ItemFields({
  draft,
  repository,
  self,
  onChange,
}: {
  draft: ItemDraft;
  repository: string;
  self: string | null;
  onChange: (draft: ItemDraft) => void;
}) {
  const set = <Name extends keyof ItemDraft>(name: Name, value: ItemDraft[Name]) =>
    onChange({ ...draft, [name]: value });
  const types = itemTypes.some((each) => each === draft.type) ? itemTypes : [...itemTypes, draft.type];
  const except = new Set<string>([self, draft.parent, ...draft.dependsOn].filter((id) => id !== null));
  return (
    <>
      <Field label="Title">
        {(described) => (
          <Input
            {...described}
            required
            maxLength={1000}
            value={draft.title}
            placeholder="What is to be done, in one line"
            onChange={(event) => set("title", event.target.value)}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Type">
          {(described) => (
            <Select {...described} value={draft.type} onChange={(event) => set("type", event.target.value)}>
              {types.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Priority">
          {(described) => (
            <Select
              {...described}
              value={draft.priority}
              onChange={(event) => set("priority", Number(event.target.value))}
            >
              {priorityWords.map((word, priority) => (
                <option key={word} value={priority}>
                  {word}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <MarkdownField
        label="Description"
        placeholder="Why, and what the agent has to know. Markdown."
        value={draft.description}
        onChange={(value) => set("description", value)}
      />
      <MarkdownField
        label="Acceptance"
        placeholder="- How the council can tell that it is done"
        value={draft.acceptance}
        onChange={(value) => set("acceptance", value)}
      />
      <Field
        label="Labels"
        hint="Such as project:auth or agent:backend-engineer, which chooses the agent's type."
      >
        {(described) => (
          <Input
            {...described}
            autoCapitalize="off"
            spellCheck={false}
            value={draft.labels}
            onChange={(event) => set("labels", event.target.value)}
          />
        )}
      </Field>
      <Field label="Parent">
        {(described) => (
          <div className="flex flex-col gap-1.5">
            {draft.parent === null ? (
              <ItemPicker
                {...described}
                label="Parent"
                repository={repository}
                except={except}
                onPick={(id) => set("parent", id)}
              />
            ) : (
              <ItemChips ids={[draft.parent]} label="Parent" onRemove={() => set("parent", null)} />
            )}
          </div>
        )}
      </Field>
      {self === null && (
        <Field label="Blocked by">
          {(described) => (
            <div className="flex flex-col gap-1.5">
              <ItemChips
                ids={draft.dependsOn}
                label="Blocked by"
                onRemove={(id) =>
                  set(
                    "dependsOn",
                    draft.dependsOn.filter((each) => each !== id),
                  )
                }
              />
              <ItemPicker
                {...described}
                label="Blocked by"
                repository={repository}
                except={except}
                onPick={(id) => set("dependsOn", [...draft.dependsOn, id])}
              />
            </div>
          )}
        </Field>
      )}
    </>
  );
}

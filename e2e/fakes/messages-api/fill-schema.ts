export interface RoleVerdict {
  readonly role: string;
  readonly verdict: string;
}

type Schema = Readonly<Record<string, unknown>>;

/**
 * A value that fits a JSON schema, as the lead of a council would give it: lists of roles with
 * verdicts hold exactly `verdicts`, a single verdict is the last of them, the rest is plain filling.
 */
export function fillSchema(schema: Schema, verdicts: readonly RoleVerdict[]): unknown {
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) {
    const overall = verdicts.at(-1)?.verdict;
    return schema.enum.includes(overall) ? overall : (schema.enum[0] as unknown);
  }
  const choice = [schema.anyOf, schema.oneOf].find(Array.isArray)?.[0] as Schema | undefined;
  if (choice) return fillSchema(choice, verdicts);
  switch (Array.isArray(schema.type) ? (schema.type[0] as unknown) : schema.type) {
    case "object":
      return fillObject(schema, verdicts);
    case "array":
      return fillArray(schema, verdicts);
    case "number":
    case "integer":
      return typeof schema.minimum === "number" ? schema.minimum : 0;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return "as reported";
  }
}

function fillObject(schema: Schema, verdicts: readonly RoleVerdict[]): unknown {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const names = Array.isArray(schema.required) ? (schema.required as string[]) : Object.keys(properties);
  return Object.fromEntries(names.map((name) => [name, fillSchema(properties[name] ?? {}, verdicts)]));
}

function fillArray(schema: Schema, verdicts: readonly RoleVerdict[]): unknown {
  const items = (schema.items ?? {}) as Schema;
  const fields = (items.properties ?? {}) as Readonly<Record<string, Schema>>;
  if ("role" in fields && "verdict" in fields) {
    return verdicts.map((each) => ({ ...(fillSchema(items, [each]) as object), ...each }));
  }
  const least = typeof schema.minItems === "number" ? schema.minItems : 0;
  return Array.from({ length: least }, () => fillSchema(items, verdicts));
}

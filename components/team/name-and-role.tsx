import { Field, Input } from "#components/ui/field.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { RoleName } from "#lib/contract/wire.ts";

export interface NameAndRoleProps {
  name: string;
  onName: (name: string) => void;
  role: RoleName;
  onRole: (role: RoleName) => void;
  nameHint?: string;
  /** What the chosen role may do, in plain words. */
  roleHint?: string;
}

/** Whom or what something is made for, and what they may do. */
export function NameAndRole({ name, onName, role, onRole, nameHint, roleHint }: NameAndRoleProps) {
  return (
    <>
      <Field label="Name" {...(nameHint === undefined ? {} : { hint: nameHint })}>
        {(described) => (
          <Input
            {...described}
            required
            autoFocus
            maxLength={60}
            autoComplete="off"
            value={name}
            onChange={(event) => onName(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-muted">Role</span>
        <Segments
          label="Role"
          value={role}
          onChange={onRole}
          choices={[
            ["viewer", "Viewer"],
            ["operator", "Operator"],
            ["owner", "Owner"],
          ]}
        />
        {roleHint !== undefined && <p className="text-xs text-faint">{roleHint}</p>}
      </div>
    </>
  );
}

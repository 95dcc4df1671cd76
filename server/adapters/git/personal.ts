import { tmpdir } from "node:os";
import type { Identity } from "#server/ports.ts";
import { nulFields } from "./names.ts";
import { rememberConfiguration } from "./remember-configuration.ts";
import { readPersonalConfig } from "./run-git.ts";
import type { Setting } from "./settings.ts";

/**
 * What we keep of the person's own configuration: which folders of others they trust, and which files they
 * never want committed. Repositories' own files have no say in either.
 */
export async function readPersonalSettings(): Promise<Setting[]> {
  const settings: Setting[] = [];
  for (const scope of ["--system", "--global"]) {
    for (const [name, key] of [
      ["safe.directory", "safe.directory"],
      ["core.excludesfile", "core.excludesFile"],
    ] as const) {
      const type = name === "core.excludesfile" ? ["--type=path"] : [];
      // A scope without a file is an error to git, and nothing to us.
      const output = await readPersonalConfig(tmpdir(), [scope, ...type, "--get-all", name]).catch(() => "");
      for (const value of nulFields(Buffer.from(output))) settings.push([key, value]);
    }
  }
  return settings;
}

/** Name and e-mail as the person's own git would use them in `folder`; null where one of them is not set. */
export const readIdentity = rememberConfiguration(async (folder): Promise<Identity | null> => {
  const output = await readPersonalConfig(folder, ["--get-regexp", "^user\\.(name|email)$"]);
  const found = new Map<string, string>();
  for (const field of nulFields(Buffer.from(output))) {
    const [key, ...value] = field.split("\n");
    if (key !== undefined) found.set(key, value.join("\n").trim());
  }
  const name = found.get("user.name");
  const email = found.get("user.email");
  return name && email ? { name, email } : null;
});

/** An identity as the variables that `commit-tree`, `commit`, `merge` and reflogs read. */
export function identityEnvironment({ name, email }: Identity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

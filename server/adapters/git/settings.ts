/** One configuration value for one command. */
export type Setting = readonly [key: string, value: string];

/** Overrides that stand above every configuration file: nothing a repository's configuration names may run. */
export const fixedSettings: readonly Setting[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.editor", ":"],
  ["core.pager", "cat"],
  ["core.attributesFile", "/dev/null"],
  ["commit.gpgSign", "false"],
  ["tag.gpgSign", "false"],
  ["log.showSignature", "false"],
  ["merge.verifySignatures", "false"],
  ["merge.autoStash", "false"],
  ["rerere.enabled", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
  ["status.submoduleSummary", "false"],
  ["diff.ignoreSubmodules", "dirty"],
  ["protocol.allow", "never"],
  ["protocol.ext.allow", "never"],
  ["credential.helper", ""],
  ["i18n.commitEncoding", "UTF-8"],
  ["core.quotePath", "false"],
  // A landing that was reported survives a loss of power: git alone does not sync loose objects.
  ["core.fsync", "committed,loose-object,reference"],
  ["core.fsyncMethod", "batch"],
  // Two writers of one ref wait for each other a moment; the compare-and-swap then decides.
  ["core.filesRefLockTimeout", "3000"],
  ["core.packedRefsTimeout", "5000"],
];

/** Variables of ours that simple-git has to let through. */
export const fixedEnvironment: Readonly<Record<string, string>> = {
  LC_ALL: "C",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_EDITOR: ":",
  GIT_SEQUENCE_EDITOR: ":",
  GIT_PAGER: "cat",
  GIT_MERGE_AUTOEDIT: "no",
  GIT_LFS_SKIP_SMUDGE: "1",
  // A planted replacement would show us other commits than those that land.
  GIT_NO_REPLACE_OBJECTS: "1",
  // A missing object must not start the transport that a planted "promisor" remote names.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
};

/** Settings as environment variables, which unlike `-c` hold any key, such as a driver's name with `=` in it. */
export function settingsEnvironment(settings: readonly Setting[]): Record<string, string> {
  const environment: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  settings.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

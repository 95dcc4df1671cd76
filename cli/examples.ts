import type { Command } from "commander";

/** What the help of each command ends with; the first line is what people want most often. */
const examples: Readonly<Record<string, readonly string[]>> = {
  "": ["amplify demo", "amplify session execute", "amplify open"],
  serve: [
    "amplify serve",
    "amplify serve --lan",
    "amplify serve --lan eth0 --name build.example.org",
    "amplify serve --lan --cert cert.pem --key key.pem",
    "amplify serve --stop",
  ],
  open: ["amplify open", "amplify open --no-browser", "amplify open --network"],
  team: ["amplify team list", "amplify team invite Cem", "amplify team revoke Cem"],
  "team list": ["amplify team list"],
  "team invite": [
    "amplify team invite Cem",
    'amplify team invite "Vera from design" --role viewer --hours 2 --qr',
    "amplify team invite Guests --role viewer --reusable --hours 168",
  ],
  "team withdraw": ["amplify team withdraw 4be1d6a09c72f358"],
  "team revoke": ["amplify team revoke Cem"],
  "team role": ["amplify team role Cem viewer"],
  "team grant": ["amplify team grant Cem", "amplify -C ~/work/shop team grant Cem --remove"],
  "team devices": ["amplify team devices"],
  "team sign-out": ["amplify team sign-out 4be1d6a09c72f358", "amplify team sign-out --person Cem"],
  "team tokens": ["amplify team tokens list", "amplify team tokens create nightly-report"],
  "team tokens list": ["amplify team tokens list"],
  "team tokens create": [
    "amplify team tokens create nightly-report",
    "amplify team tokens create dispatcher --role operator --days 30",
  ],
  "team tokens revoke": ["amplify team tokens revoke 4be1d6a09c72f358"],
  auth: ["amplify auth reset-owner"],
  "auth reset-owner": ["amplify auth reset-owner"],
  audit: [
    "amplify audit",
    "amplify audit --action team: --since 2026-11-24",
    "amplify audit --actor Cem --jsonl cem.jsonl",
  ],
  activity: ["amplify activity", "amplify activity --people -n 20"],
  doctor: ["amplify doctor", "amplify -C ~/work/shop doctor"],
  demo: ["amplify demo", "amplify demo --unattended"],
  completion: ['eval "$(amplify completion bash)"', "amplify completion fish | source"],
  session: ["amplify session status", "amplify session execute project:auth"],
  "session dispatch": [
    "amplify session dispatch bd-auth.1",
    "amplify session dispatch bd-auth.1 backend-engineer",
  ],
  "session dispatch-ready": ["amplify session dispatch-ready", "amplify session dispatch-ready project:auth"],
  "session execute": [
    "amplify session execute",
    "amplify session execute auth --landing ask",
    "amplify session execute --detach",
    "amplify session execute --stop",
  ],
  "session status": ["amplify session status", "amplify session status bd-auth.1"],
  "session logs": [
    "amplify session logs bd-auth.1",
    "amplify session logs -f bd-auth.1",
    "amplify session logs -f bd-auth.1 --gate 1",
  ],
  "session diff": ["amplify session diff bd-auth.1"],
  "session overlaps": ["amplify session overlaps"],
  "session questions": [
    "amplify session questions",
    "amplify session questions bd-auth.1",
    "amplify session questions --all",
  ],
  "session answer": [
    'amplify session answer session-bd-auth-1-x7k2pq q-1 "Use bcrypt"',
    'amplify session answer "Use bcrypt"',
  ],
  "session review": ["amplify session review", "amplify session review bd-auth.1"],
  "session comment": [
    'amplify session comment bd-auth.1 src/auth/hash.ts:12 "Say why these numbers"',
    "amplify session comment bd-auth.1",
    "amplify session comment bd-auth.1 --delete c-1",
  ],
  "session overrule": [
    'amplify session overrule bd-auth.1 approve --reason "Out of scope, tracked in bd-auth.9"',
    'amplify session overrule bd-auth.1 reject --reason "We decided against bcrypt"',
  ],
  "session merge": [
    "amplify session merge",
    "amplify session merge bd-auth.1",
    "amplify session merge --dry-run",
    "amplify session merge --cancel bd-auth.1",
  ],
  "session send-back": [
    "amplify session send-back bd-auth.1",
    'amplify session send-back bd-auth.1 "Keep the new name of the function"',
  ],
  "session revert": ['amplify session revert bd-auth.1 --reason "It breaks the login on phones"'],
  "session stop": ["amplify session stop bd-auth.1", "amplify session stop bd-auth.1 --discard"],
  "session resume": [
    "amplify session resume bd-auth.1",
    "amplify session resume --interrupted",
    "amplify session resume --all",
  ],
  "session rework": [
    'amplify session rework bd-auth.1 "Use the mail queue instead"',
    "amplify session rework bd-auth.1",
  ],
  "session message": ['amplify session message bd-auth.1 "The staging server is back"'],
  "session cleanup": ["amplify session cleanup", "amplify session cleanup --dry-run"],
  answers: ["amplify answers list"],
  "answers list": ["amplify answers list", "amplify answers list --all"],
  "answers add": [
    "amplify answers add bd-auth.1 q-1",
    'amplify answers add bd-auth.1 q-2 "argon2" --agent backend-engineer',
  ],
  "answers remove": ["amplify answers remove 3"],
  ask: [
    'amplify ask "Which hash?" --option "bcrypt: known" --option argon2',
    'amplify ask "May I drop the table?"',
  ],
  webhook: ["amplify webhook list"],
  "webhook add": [
    "amplify webhook add https://hooks.example.com/amplify",
    "amplify webhook add --slack https://hooks.slack.com/services/T0/B0/xyz",
  ],
  "webhook list": ["amplify webhook list"],
  "webhook deliveries": ["amplify webhook deliveries wh-4k2p9x"],
  "webhook remove": ["amplify webhook remove wh-4k2p9x"],
  "webhook test": ["amplify webhook test wh-4k2p9x"],
  mcp: ["amplify mcp", "amplify mcp --token-file ~/.config/amplify-viewer-token"],
  inbox: ["amplify inbox", "amplify inbox --here"],
  item: ["amplify item list", 'amplify item add "Add a login page" -p 1'],
  "item add": [
    'amplify item add "Add a login page" -t feature -p 1 -l project:auth',
    'amplify item add "Hash passwords" --after bd-auth.1 -d - < task.md',
  ],
  "item list": ["amplify item list", "amplify item list auth --all"],
  "item show": ["amplify item show bd-auth.1"],
  "item edit": ['amplify item edit bd-auth.1 --title "Add a sign-in page" -p 0'],
  "item close": ['amplify item close bd-auth.1 --reason "Not needed"'],
  "item reopen": ["amplify item reopen bd-auth.1", 'amplify item reopen bd-auth.1 --reason "It came back"'],
  "item release": ["amplify item release bd-auth.1"],
  "item dep": ["amplify item dep bd-auth.2 bd-auth.1", "amplify item dep bd-auth.2 bd-auth.1 --remove"],
  archive: ["amplify archive list", "amplify archive restore 3f2a9c01d4b7"],
  "archive list": ["amplify archive list", "amplify archive list --all"],
  "archive show": ["amplify archive show 3f2a9c01d4b7"],
  "archive restore": [
    "amplify archive restore 3f2a9c01d4b7",
    "amplify archive restore session-bd-auth-1-x7k2pq --branch salvage/auth",
  ],
  "archive remove": ["amplify archive remove 3f2a9c01d4b7", "amplify archive remove 3f2a9c01d4b7 --force"],
  queue: ["amplify queue status", "amplify queue resume"],
  "queue status": ["amplify queue status"],
  "queue resume": ["amplify queue resume", "amplify queue resume claude"],
  storage: ["amplify storage show", "amplify storage prune --dry-run"],
  "storage show": ["amplify storage show"],
  "storage prune": ["amplify storage prune --dry-run", "amplify storage prune"],
  "storage backup": ["amplify storage backup"],
  skill: ["amplify skill install"],
  "skill install": ["amplify skill install", "amplify skill install --project"],
  repo: ["amplify repo add .", "amplify repo list"],
  "repo add": ["amplify repo add .", "amplify repo add ~/work/shop"],
  "repo list": ["amplify repo list"],
  "repo remove": ["amplify repo remove", "amplify repo remove ~/work/shop"],
  "repo acknowledge": ['amplify repo acknowledge "It was my own script"'],
};

/** Gives every command of the tree its examples. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  const lines = examples[path.join(" ")] ?? [];
  if (lines.length > 0) {
    const text = lines.map((line) => `  $ ${line}`).join("\n");
    command.addHelpText("after", `\n${lines.length === 1 ? "Example" : "Examples"}:\n${text}`);
  }
  for (const each of command.commands) addExamples(each, [...path, each.name()]);
}

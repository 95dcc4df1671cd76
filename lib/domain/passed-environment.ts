const allowed = new Set([
  "PATH",
  "HOME",
  "LANG",
  "TERM",
  "TMPDIR",
  "TZ",
  "USER",
  "LOGNAME",
  "SHELL",
  "SSH_AUTH_SOCK",
  "CLAUDE_CONFIG_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
]);
const allowedPrefixes = ["LC_", "ANTHROPIC_"];

/** What the configuration says of the environment of agents and commands. */
interface EnvironmentOrder {
  /** Names of further variables of ours that they may have. */
  readonly passEnv: readonly string[];
  /** Variables given to them as they stand. */
  readonly env: Readonly<Record<string, string>>;
}

/** What an agent, a setup, a validation or a gate may see of our environment: an allow-list, and what the configuration adds. */
export function passedEnvironment(
  { passEnv, env }: EnvironmentOrder,
  ours: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const passed = new Set(passEnv);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(ours)) {
    if (value === undefined) continue;
    if (allowed.has(name) || passed.has(name) || allowedPrefixes.some((prefix) => name.startsWith(prefix))) {
      environment[name] = value;
    }
  }
  return { ...environment, ...env };
}

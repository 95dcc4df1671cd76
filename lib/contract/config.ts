import { z } from "zod";

/**
 * `amplify.config.json` in a repository's root, as committed on its base branch or lying in its main
 * checkout. Every field may be left out; an unknown one is an error, so that a typo is not silence.
 * The published JSON schema (`public/amplify.config.schema.json`) is made from this.
 */
const shellCommand = z.union([
  z.string().min(1).max(10_000),
  z.strictObject({ name: z.string().min(1).max(100), run: z.string().min(1).max(10_000) }),
]);

const councilRole = z.strictObject({
  prompt: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe("A Markdown file of this repository that tells the role who it is, relative to the root."),
  model: z.string().min(1).max(200).optional().describe("Default: the session's own model."),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  base: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe("The branch that work starts from and lands on. Default: the repository's default branch."),
  setup: z
    .array(shellCommand)
    .max(50)
    .default([])
    .describe("Commands that make a fresh worktree ready, such as `npm ci`; the gate's checkout too."),
  carry: z
    .array(
      z.strictObject({ path: z.string().min(1).max(1000), how: z.enum(["copy", "link"]).default("copy") }),
    )
    .max(200)
    .default([])
    .describe("Ignored files of the main checkout that a worktree needs, such as `.env.test`."),
  validate: z
    .array(shellCommand)
    .max(50)
    .nullable()
    .default(null)
    .describe(
      "Commands that have to pass before a review. Default: the scripts test, lint and build where the repository has them.",
    ),
  gate: z
    .array(shellCommand)
    .max(50)
    .default([])
    .describe("Commands that have to pass on the merged tree before it lands."),
  landing: z
    .strictObject({
      auto: z
        .boolean()
        .default(false)
        .describe("Approved work lands by itself, save what `ask` keeps for a person."),
      ask: z
        .array(
          z.union([
            z.strictObject({ label: z.string().min(1).max(500) }),
            z.strictObject({ path: z.string().min(1).max(1000) }),
            z.strictObject({ files: z.number().int().min(0) }),
            z.strictObject({ lines: z.number().int().min(0) }),
          ]),
        )
        .max(200)
        .default([])
        .describe(
          "What only a person lands, whatever else says otherwise: items with a label, changes of a path such as `migrations/**`, changes of more than so many files or lines.",
        ),
      red: z
        .enum(["send-back", "person"])
        .default("send-back")
        .describe(
          "Who gets work whose gate is red: its own agent with the gate's output, unless the gate is red on the base too; or a person.",
        ),
      conflict: z
        .enum(["send-back", "person"])
        .default("person")
        .describe("Who gets work that conflicts with the base: its own agent, or a person."),
      after: z
        .enum(["nothing", "push", "pull-request"])
        .default("nothing")
        .describe(
          "`push`: what has landed is pushed to the remote. `pull-request`: approved work is not landed here but pushed as a branch and proposed as a pull request.",
        ),
      remote: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/)
        .default("origin")
        .describe("The remote that `after` pushes to."),
      retries: z
        .number()
        .int()
        .min(0)
        .max(5)
        .default(1)
        .describe("How often a red command of the gate is tried once more; green then is marked as flaky."),
      gateMinutes: z
        .number()
        .positive()
        .max(600)
        .optional()
        .describe("For each command of the gate. Default: limits.commandMinutes."),
    })
    .prefault({}),
  limits: z
    .strictObject({
      sessions: z
        .number()
        .int()
        .min(1)
        .max(100)
        .default(4)
        .describe("Sessions at work at once; the rest is queued."),
      reworkRounds: z
        .number()
        .int()
        .min(0)
        .max(20)
        .default(2)
        .describe("How often rejected work goes back to its agent by itself; 0 leaves that to a person."),
      repairs: z
        .number()
        .int()
        .min(0)
        .max(20)
        .default(2)
        .describe("How often a red validation goes back to the agent."),
      maxTurns: z.number().int().min(1).nullable().default(null),
      budgetUsd: z.number().positive().nullable().default(null).describe("For each session, at list prices."),
      commandMinutes: z.number().positive().max(600).default(30),
      logMegabytes: z
        .number()
        .positive()
        .max(10_000)
        .default(256)
        .describe("What a session may print; one that prints more is ended."),
      // An agent that waits for a service that never answers gives up by itself after 66 minutes.
      silentMinutes: z
        .number()
        .positive()
        .max(10_080)
        .nullable()
        .default(90)
        .describe(
          "An agent that prints nothing for so long has hung: it is ended and tried once more. null: never.",
        ),
    })
    .prefault({}),
  council: z
    .strictObject({
      rebuttals: z
        .number()
        .int()
        .min(0)
        .max(5)
        .default(1)
        .describe("How often implementer and peer reviewer debate before the tech lead decides."),
      minutes: z
        .number()
        .positive()
        .max(1440)
        .default(60)
        .describe("A council that takes longer ends without a verdict. Waiting for a person does not count."),
      budgetUsd: z
        .number()
        .positive()
        .nullable()
        .default(null)
        .describe("For each council, at list prices; one that spends more ends without a verdict."),
      overrule: z
        .enum(["landers", "owners", "operators", "nobody"])
        .default("landers")
        .describe(
          "Who may decide against a council, with a reason. Landers are owners, and operators who may land here.",
        ),
      roles: z
        .strictObject({
          implementer: councilRole.optional(),
          "peer-reviewer": councilRole.optional(),
          "tech-lead": councilRole.optional(),
        })
        .prefault({}),
    })
    .prefault({}),
  agent: z
    .strictObject({
      cli: z.enum(["claude", "rehearsal"]).default("claude"),
      command: z
        .string()
        .min(1)
        .max(4096)
        .optional()
        .describe("The agent's program. Default: its name on PATH."),
      model: z.string().max(200).nullable().default(null),
      models: z
        .record(z.string().regex(/^[a-z][a-z0-9-]{0,60}$/), z.string().min(1).max(200))
        .default({})
        .describe("The models of agent types that have one of their own; the others have `model`."),
      types: z
        .array(
          z.strictObject({
            type: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/),
            label: z.string().max(500).optional(),
            path: z
              .string()
              .min(1)
              .max(1000)
              .optional()
              .describe(
                "A path that the item's title, description or acceptance names, such as `migrations/**`.",
              ),
            title: z.string().max(500).optional().describe("Words of the title, in any case."),
          }),
        )
        .max(100)
        .default([])
        .describe(
          "Which agent type an item gets that neither asks for one nor has a label agent:<type>; the first match counts.",
        ),
    })
    .prefault({}),
  sandbox: z
    .boolean()
    .default(false)
    .describe(
      "Runs agents, validations and gates inside bubblewrap: they write only their worktree, and do not see Amplify's data folder. Linux.",
    ),
  environment: z
    .strictObject({
      pass: z
        .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
        .max(200)
        .default([]),
      set: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(10_000)).default({}),
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;

export const defaultConfig: Config = configSchema.parse({});

/** A command as configured, with a name for logs. */
export function namedCommand(command: z.infer<typeof shellCommand>): { name: string; command: string } {
  if (typeof command !== "string") return { name: command.name, command: command.run };
  return { name: command.length <= 40 ? command : `${command.slice(0, 39)}…`, command };
}

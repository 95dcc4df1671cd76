import { type Command, InvalidArgumentError, Option } from "commander";
import { renderUnicodeCompact } from "uqr";
import type { ReadOutput, RoleName } from "#lib/contract/wire.ts";
import { roles } from "#lib/contract/wire.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { faint, heading, plain, since, table } from "../output.ts";
import { wholeNumber } from "../whole-number.ts";

type Team = ReadOutput<"team">;

export function addTeam(program: Command): void {
  const team = program.command("team").description("who may come in, and what they may do");
  const context = (command: Command) => createContext(command.optsWithGlobals<GlobalOptions>());

  team
    .command("list", { isDefault: true })
    .description("people, signed-in browsers, open invitations and tokens")
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = context(command);
      const read = await (await client()).read("team", {});
      output.answer(read, () => {
        for (const line of describeTeam(read)) output.line(line);
      });
    });

  team
    .command("invite")
    .argument("<name>", "what their answers and merges are signed with")
    .description("print a link that lets somebody in, once")
    .addOption(roleOption("operator"))
    .option("--hours <number>", "how long the link is good", wholeNumber, 24)
    .option("--reusable", "lets in several, each under a name of their own; viewers only")
    .option("--qr", "show it as a QR code too")
    .action(
      async (
        name: string,
        options: { role: RoleName; hours: number; reusable?: boolean; qr?: boolean },
        command: Command,
      ) => {
        const { output, client } = context(command);
        const { role, hours, reusable = false, qr = false } = options;
        const server = await client();
        const made = await server.command("team:invite", { name, role, hours, reusable });
        const { place } = await server.read("me", {});
        output.answer(made, () => {
          output.line(made.url);
          if (qr) output.line(renderUnicodeCompact(made.url, { border: 2 }));
          const times = reusable ? "for several people" : "once";
          output.line(faint(`Lets in ${plain(name)} as ${role}, ${times}, until ${made.expiresAt}.`));
          if (place.reach === "machine")
            output.note("The server listens on this machine alone: start it with `amplify serve --lan`.");
        });
      },
    );

  team
    .command("withdraw")
    .argument("<invitation>", "its id, as `amplify team list` shows it")
    .description("end an invitation that was not used yet")
    .action(async (invitation: string, _options: unknown, command: Command) => {
      const { output, client } = context(command);
      const answer = await (await client()).command("team:withdraw", { invitation });
      output.answer(answer, () => output.line("The link lets nobody in any more."));
    });

  team
    .command("revoke")
    .argument("<person>", "name or id")
    .description("end everything that somebody has: browsers, tokens, links")
    .action(async (person: string, _options: unknown, command: Command) => {
      const { output, client } = context(command);
      const answer = await (await client()).command("team:revoke", { person });
      output.answer(answer, () => output.line(`${plain(answer.person.name)} may not come in any more.`));
    });

  team
    .command("role")
    .argument("<person>", "name or id")
    .argument("<role>", roles.join(", "), roleNamed)
    .description("change what somebody may do, at once")
    .action(async (person: string, role: RoleName, _options: unknown, command: Command) => {
      const { output, client } = context(command);
      const answer = await (await client()).command("team:role", { person, role });
      output.answer(answer, () => output.line(`${plain(answer.person.name)} is ${role} now.`));
    });

  team
    .command("grant")
    .argument("<person>", "name or id of an operator")
    .description("let an operator land approved work in this repository")
    .option("--remove", "take it back")
    .action(async (person: string, options: { remove?: boolean }, command: Command) => {
      const { output, client, requireRepository } = context(command);
      const repository = await requireRepository();
      const order = { person, repository: repository.id, lands: !options.remove };
      const answer = await (await client()).command("team:grant", order);
      const may = options.remove ? "may not land any more in" : "may land in";
      output.answer(answer, () =>
        output.line(`${plain(answer.person.name)} ${may} ${plain(repository.name)}.`),
      );
    });

  team
    .command("devices")
    .description("the browsers that are signed in")
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = context(command);
      const read = await (await client()).read("team", {});
      output.answer(read.devices, () => {
        for (const line of deviceLines(read)) output.line(line);
      });
    });

  team
    .command("sign-out")
    .argument("[device]", "its id, as `amplify team devices` shows it")
    .description("sign one browser out, or all of a person; at once")
    .option("--person <person>", "name or id; without a device: everywhere")
    .action(async (device: string | undefined, options: { person?: string }, command: Command) => {
      const { output, client } = context(command);
      const order = { device: device ?? null, person: options.person ?? null };
      const answer = await (await client()).command("team:sign-out", order);
      output.answer(answer, () => output.line(`${String(answer.ended)} signed out.`));
    });

  addTokens(team, context);
}

function addTokens(team: Command, context: (command: Command) => ReturnType<typeof createContext>): void {
  const tokens = team.command("tokens").description("bearer tokens, for scripts");

  tokens
    .command("list", { isDefault: true })
    .description("the tokens that are good")
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = context(command);
      const read = await (await client()).read("team", {});
      output.answer(read.tokens, () => {
        for (const line of tokenLines(read)) output.line(line);
      });
    });

  tokens
    .command("create")
    .argument("<name>", "what it is for")
    .description("print a new token, once")
    .addOption(roleOption("viewer"))
    .option("--days <number>", "how long it is good; 0 is without an end", wholeNumber, 90)
    .action(async (name: string, options: { role: RoleName; days: number }, command: Command) => {
      const { output, client } = context(command);
      const days = options.days === 0 ? null : options.days;
      const made = await (await client()).command("token:create", { name, role: options.role, days });
      output.answer(made, () => {
        output.line(made.secret);
        output.note("It is shown once. Send it as `Authorization: Bearer <token>`.");
      });
    });

  tokens
    .command("revoke")
    .argument("<token>", "its id, as `amplify team tokens` shows it")
    .description("end a token, at once")
    .action(async (token: string, _options: unknown, command: Command) => {
      const { output, client } = context(command);
      const answer = await (await client()).command("token:revoke", { token });
      output.answer(answer, () => output.line("The token is worth nothing any more."));
    });
}

export function addAuth(program: Command): void {
  const auth = program.command("auth").description("the owner's own access");
  auth
    .command("reset-owner")
    .description(
      "on the server's machine: sign every owner out, end their tokens and links, and print a new link for you",
    )
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = createContext(command.optsWithGlobals<GlobalOptions>());
      const answer = await (await client()).command("owner:reset", {});
      output.answer(answer, () => {
        output.line(answer.url);
        output.line(faint(`${String(answer.ended)} logins and tokens of owners were ended.`));
      });
    });
}

function roleNamed(text: string): RoleName {
  const role = roles.find((each) => each === text);
  if (!role) throw new InvalidArgumentError(`The roles are ${roles.join(", ")}.`);
  return role;
}

function roleOption(preset: RoleName): Option {
  return new Option("--role <role>", "what they may do").choices(roles).default(preset);
}

function describeTeam(read: Team): string[] {
  const people = read.people.map(({ id, name, role, lands, seenAt, revokedAt }) => [
    plain(name),
    role,
    lands.length > 0 ? `lands in ${String(lands.length)}` : "",
    revokedAt === null ? (seenAt === null ? "" : `seen ${since(seenAt)} ago`) : "revoked",
    faint(id),
  ]);
  return [
    ...section("People", table(people)),
    ...section("Signed in", deviceLines(read)),
    ...section(
      "Invitations",
      table(
        read.invitations.map(({ id, name, role, reusable, uses, by, expiresAt }) => [
          plain(name),
          role,
          reusable ? `for several, used ${String(uses)} times` : "once",
          `by ${plain(by)}`,
          `until ${expiresAt}`,
          faint(id),
        ]),
      ),
    ),
    ...section("Tokens", tokenLines(read)),
    ...(read.fingerprint === null ? [] : [`SHA-256 of the certificate: ${read.fingerprint}`]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return [heading(title), ...(lines.length > 0 ? lines.map((line) => `  ${line}`) : [faint("  none")]), ""];
}

function deviceLines({ devices, people }: Team): string[] {
  return table(
    devices.map(({ id, person, seenAt, address, userAgent }) => [
      plain(people.find((each) => each.id === person)?.name ?? person),
      plain(address),
      `seen ${since(seenAt)} ago`,
      id,
      faint(plain(userAgent).slice(0, 60)),
    ]),
  );
}

function tokenLines({ tokens }: Team): string[] {
  return table(
    tokens.map(({ id, name, role, seenAt, expiresAt }) => [
      plain(name),
      role,
      seenAt === null ? "never used" : `used ${since(seenAt)} ago`,
      expiresAt === null ? "without an end" : `until ${expiresAt}`,
      id,
    ]),
  );
}

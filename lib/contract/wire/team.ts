import { z } from "zod";
import { instant, repositoryId } from "../ids.ts";
import { operation, roles, text } from "./common.ts";

/** Letters, digits and plain punctuation: a name stands in facts, commits and the audit log. */
const personName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N} ._'’-]{0,58}[\p{L}\p{M}\p{N}.])?$/u, {
    message: "has to be 1 to 60 letters, digits, spaces or . _ ' -",
  })
  // Some letters are not drawn at all: a name with one would look exactly like another's.
  .regex(/^\P{Default_Ignorable_Code_Point}*$/u, { message: "has to be letters that can be seen" });
/** A person's id or name, as `amplify team list` shows them. */
const personRef = text(100).min(1);
/** First digits of the SHA-256 of a credential: tells it apart, and opens nothing. */
const credentialId = z.string().regex(/^[0-9a-f]{16}$/);

/** Where the server is reached, as far as it matters to the one who asks. */
export const placeView = z.object({
  /** Address that links are made with, without a trailing slash. */
  url: z.string(),
  /** `machine`: nobody else can come in; `network`: it listens on a network address too. */
  reach: z.enum(["machine", "network"]),
  /** You are on a line that others can listen to: a banner says so for as long as it is so. */
  isInsecure: z.boolean(),
});
export type PlaceView = z.infer<typeof placeView>;

export const meView = z.object({
  /** Of the person. */
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  /** Of the browser that asks; null for commands on the server's machine and for scripts. */
  device: z.string().nullable(),
  /** This server's instance; part of the cookie's name. */
  instance: z.string(),
  version: z.string(),
  place: placeView,
  /** Commands and reads that you may not do here and now, each with the reason as a sentence; all others you may. */
  refused: z.record(z.string(), z.string()),
  /** Where you may land; null is everywhere. It narrows what is not in `refused`. */
  lands: z.array(repositoryId).nullable(),
});
export type MeView = z.infer<typeof meView>;

export const personView = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  /** Repositories that an operator may land in; an owner may everywhere. */
  lands: z.array(repositoryId),
  createdAt: instant,
  /** When one of their browsers or scripts was last seen; to the minute. */
  seenAt: instant.nullable(),
  revokedAt: instant.nullable(),
});
export type PersonView = z.infer<typeof personView>;

/** A browser that is signed in. */
export const deviceView = z.object({
  id: credentialId,
  person: z.string(),
  createdAt: instant,
  seenAt: instant,
  /** It signs itself out then, however busy. */
  endsAt: instant,
  address: z.string(),
  userAgent: z.string(),
});
export type DeviceView = z.infer<typeof deviceView>;

/** A link that lets somebody in and has not been used up. */
export const invitationView = z.object({
  id: credentialId,
  name: z.string(),
  role: z.enum(roles),
  /** It lets in more than one, each under a name of their own. */
  reusable: z.boolean(),
  uses: z.number().int(),
  by: z.string(),
  createdAt: instant,
  expiresAt: instant,
});
export type InvitationView = z.infer<typeof invitationView>;

/** A bearer token for scripts. */
export const tokenView = z.object({
  id: credentialId,
  name: z.string(),
  role: z.enum(roles),
  person: z.string(),
  createdAt: instant,
  seenAt: instant.nullable(),
  expiresAt: instant.nullable(),
});
export type TokenView = z.infer<typeof tokenView>;

export const auditEntryView = z.object({
  seq: z.number().int(),
  at: instant,
  actor: z.string(),
  /** The person's id; null for nobody and for the server itself. */
  person: z.string().nullable(),
  /** How they came in: `machine`, `device <id>`, `token <id>`, an address. */
  via: z.string(),
  action: z.string(),
  target: z.string(),
  /** `done`, `decided`, `refused` or `failed`; the word of the effect where it has one of its own. */
  outcome: z.string(),
  detail: z.string(),
});
export type AuditEntryView = z.infer<typeof auditEntryView>;

/** What `POST /api/login` answers: a link for several asks each for a name before it lets them in. */
export const loginAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("signed-in"), token: z.string(), name: z.string(), role: z.enum(roles) }),
  z.object({ kind: z.literal("name-wanted"), role: z.enum(roles) }),
]);
export type LoginAnswer = z.infer<typeof loginAnswer>;

/** `token` is the part of the link after `#`; `name` is heeded only where the link lets in several. */
export const loginRequest = z.object({ token: z.string().max(200), name: personName.optional() });

const link = { url: z.string(), expiresAt: instant };
const longestInviteHours = 7 * 24;

export const teamCommands = {
  /**
   * A one-time link for another browser of one's own; what it lets in ends when the login that made it would. `elsewhere` is
   * for another machine on the network, where the server listens there.
   */
  "team:link": operation(
    "viewer",
    z.object({ elsewhere: z.boolean().default(true) }),
    z.object(link),
    "person",
  ),
  /** The answer's `url` is shown once: a repeat of the command is refused, and nothing keeps it. */
  "team:invite": operation(
    "owner",
    z.object({
      name: personName,
      role: z.enum(roles),
      hours: z.number().int().min(1).max(longestInviteHours).default(24),
      /** Only for viewers. */
      reusable: z.boolean().default(false),
    }),
    z.object({ invitation: invitationView, ...link }),
  ),
  "team:withdraw": operation("owner", z.object({ invitation: credentialId }), z.object({})),
  /** Ends all that a person has: browsers, tokens, links. They cannot come back but by a new invitation. */
  "team:revoke": operation("owner", z.object({ person: personRef }), z.object({ person: personView })),
  "team:role": operation(
    "owner",
    z.object({ person: personRef, role: z.enum(roles) }),
    z.object({ person: personView }),
  ),
  /** Gives an operator the right to land in a repository, or takes it back. */
  "team:grant": operation(
    "owner",
    z.object({ person: personRef, repository: repositoryId, lands: z.boolean() }),
    z.object({ person: personView }),
  ),
  /** Signs out one browser, or all of a person. One's own without asking; other people's as owner. */
  "team:sign-out": operation(
    "viewer",
    z.object({
      device: credentialId.nullable().default(null),
      /** Null is oneself. */
      person: personRef.nullable().default(null),
    }),
    z.object({ ended: z.number().int() }),
  ),
  /** `secret` is shown once, like an invitation's link. Null days is without an end. */
  "token:create": operation(
    "owner",
    z.object({
      name: personName,
      role: z.enum(roles),
      days: z.number().int().min(1).max(3650).nullable().default(90),
    }),
    z.object({ token: tokenView, secret: z.string() }),
  ),
  "token:revoke": operation("owner", z.object({ token: credentialId }), z.object({})),
  /**
   * For when an owner's browser or link is in the wrong hands: ends every owner's browsers, tokens and links, revokes all
   * owners but the first, and answers a new link for that one. Only from the server's machine.
   */
  "owner:reset": operation("owner", z.object({}), z.object({ ...link, ended: z.number().int() }), "machine"),
} as const;

export const teamReads = {
  me: operation("viewer", z.object({}), meView),
  /** People for everybody; devices one's own, and all for owners; invitations, tokens and fingerprint for owners. */
  team: operation(
    "viewer",
    z.object({}),
    z.object({
      people: z.array(personView),
      devices: z.array(deviceView),
      invitations: z.array(invitationView),
      tokens: z.array(tokenView),
      /** SHA-256 of the certificate, in hex with colons; null without TLS. */
      fingerprint: z.string().nullable(),
    }),
  ),
  /** Newest first. `GET /api/audit.jsonl` with the same filters gives all of it as a file, oldest first. */
  audit: operation(
    "owner",
    z.object({
      /** A person's id or name. */
      actor: text(100).nullable().default(null),
      /** An action's name, or its beginning: `team:`. */
      action: text(100).nullable().default(null),
      /** Such as `done`, `refused`, `failed`. */
      outcome: text(20).nullable().default(null),
      since: instant.nullable().default(null),
      /** Entries before this number: the `next` of the page before. */
      before: z.coerce.number().int().positive().nullable().default(null),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    z.object({ entries: z.array(auditEntryView), next: z.number().int().nullable() }),
  ),
} as const;

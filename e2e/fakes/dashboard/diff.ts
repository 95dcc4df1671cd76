import type { ReadOutput, SessionView } from "#lib/contract/wire.ts";

const hash = `diff --git a/src/auth/hash.ts b/src/auth/hash.ts
index 3b18e51..9c2f0aa 100644
--- a/src/auth/hash.ts
+++ b/src/auth/hash.ts
@@ -1,22 +1,31 @@ import { timingSafeEqual } from "node:crypto";
-import bcrypt from "bcrypt";
+import argon2 from "argon2";
+import bcrypt from "bcrypt";
 
-const rounds = 10;
+/** OWASP's advice of 2026: 19 MiB, two passes, one lane. */
+const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
 
 /** A hash that can be kept. */
 export async function hashPassword(password: string): Promise<string> {
-  return bcrypt.hash(password, rounds);
+  return argon2.hash(password, { ...parameters, type: argon2.argon2id });
 }
 
 /** True where the password is the one that was hashed. */
 export async function verifyPassword(hash: string, password: string): Promise<boolean> {
-  return bcrypt.compare(password, hash);
+  return isLegacy(hash) ? bcrypt.compare(password, hash) : argon2.verify(hash, password);
 }
+
+/** Hashes of the old algorithm are replaced at the next sign-in. */
+export function needsRehash(hash: string): boolean {
+  return isLegacy(hash) || argon2.needsRehash(hash, parameters);
+}
 
-export const isHash = (text: string) => text.startsWith("$2b$");
+const isLegacy = (hash: string) => hash.startsWith("$2b$");
diff --git a/src/auth/sign-in.ts b/src/auth/sign-in.ts
index 81fd0c1..0b7719a 100644
--- a/src/auth/sign-in.ts
+++ b/src/auth/sign-in.ts
@@ -38,12 +38,17 @@ export async function signIn(request: SignInRequest): Promise<SignInResult> {
   const account = await findAccount(request.email);
-  if (!account) return { ok: false, reason: "wrong" };
-  if (!(await verifyPassword(account.passwordHash, request.password))) {
+  // An unknown account costs as much time as a wrong password.
+  const hash = account?.passwordHash ?? dummyHash;
+  const isRight = await verifyPassword(hash, request.password);
+  if (!account || !isRight) {
     return { ok: false, reason: "wrong" };
   }
+  if (needsRehash(hash)) {
+    await replaceHash(account.id, await hashPassword(request.password));
+  }
   const session = await openSession(account.id);
   return { ok: true, session };
 }
 
 export interface SignInRequest {
   email: string;
diff --git a/docs/decisions/0007-argon2id.md b/docs/decisions/0007-argon2id.md
new file mode 100644
index 0000000..f00dbab
--- /dev/null
+++ b/docs/decisions/0007-argon2id.md
@@ -0,0 +1,5 @@
+# 7. Hash passwords with argon2id
+
+Accepted. bcrypt cuts passwords at 72 bytes and uses little memory.
+Old hashes are verified with bcrypt and replaced at the next sign-in.
+Considered: scrypt (no maintained binding), PBKDF2 (cheap on graphics cards).
diff --git a/docs/logo.png b/docs/logo.png
index 1111111..2222222 100644
Binary files a/docs/logo.png and b/docs/logo.png differ
`;

function lockfile(): string {
  const lines = Array.from(
    { length: 900 },
    (_, n) => `+    "node_modules/package-${String(n)}": { "version": "1.${String(n)}.0" },`,
  );
  return `diff --git a/package-lock.json b/package-lock.json\nindex 1..2 100644\n--- a/package-lock.json\n+++ b/package-lock.json\n@@ -10,0 +11,${String(lines.length)} @@\n${lines.join("\n")}\n`;
}

/** git counts the lines of each hunk in its head; a story written by hand does not have to. */
function counted(diff: string): string {
  return diff.replace(
    /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)\n((?:[ +-].*\n|\n)*)/gm,
    (_, before: string, after: string, rest: string, body: string) => {
      const lines = body.split("\n").slice(0, -1);
      const old = lines.filter((line) => !line.startsWith("+")).length;
      const young = lines.filter((line) => !line.startsWith("-")).length;
      return `@@ -${before},${String(old)} +${after},${String(young)} @@${rest}\n${lines.map((line) => line || " ").join("\n")}\n`;
    },
  );
}

export function diffOf(session: SessionView): ReadOutput<"diff"> {
  if (session.head === null) {
    return { base: null, head: null, files: [], text: "", truncated: false, uncommitted: [] };
  }
  return {
    base: session.base,
    head: session.head,
    files: [
      { path: "src/auth/hash.ts", from: null, kind: "modified", added: 16, removed: 7 },
      { path: "src/auth/sign-in.ts", from: null, kind: "modified", added: 7, removed: 2 },
      { path: "docs/decisions/0007-argon2id.md", from: null, kind: "added", added: 5, removed: 0 },
      { path: "docs/logo.png", from: null, kind: "modified", added: null, removed: null },
      { path: "package-lock.json", from: null, kind: "modified", added: 900, removed: 0 },
    ],
    text: counted(hash) + lockfile(),
    truncated: false,
    uncommitted: session.status === "running" ? ["src/auth/limit.bench.ts"] : [],
  };
}

"use client";

import { KeyRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { redeem } from "#components/live/redeem.ts";
import { Button } from "#components/ui/button.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import type { Problem } from "#lib/contract/wire.ts";
import { tokenIn } from "./token-in.ts";

/** Trades the link's one-time token for a session; without one it says how to get a link. */
export function Login() {
  const router = useRouter();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState("");
  /** A link for several people that is good, and waits for this one's name. */
  const [shared, setShared] = useState<string | null>(null);
  const [name, setName] = useState("");

  const signIn = async (token: string, as?: string) => {
    setBusy(true);
    const outcome = await redeem(token, as);
    setBusy(false);
    setShared(outcome === "name-wanted" || as !== undefined ? token : null);
    setProblem(outcome === "name-wanted" ? null : outcome);
    if (outcome === null) router.replace("/");
  };
  const begin = useEffectEvent(() => {
    const token = tokenIn(location.hash);
    if (token === null) return;
    // The token works once; it leaves the address and the history before anything else happens.
    history.replaceState(null, "", location.pathname);
    queueMicrotask(() => void signIn(token));
  });
  useEffect(() => {
    const take = () => begin();
    take();
    // A link opened where this page already is only changes the fragment.
    addEventListener("hashchange", take);
    return () => removeEventListener("hashchange", take);
  }, []);

  return (
    <main className="grid h-dvh place-items-center p-4">
      <div className="w-full max-w-sm">
        <div className="mb-5 flex items-center gap-2.5">
          {/* eslint-disable-next-line @next/next/no-img-element -- a static mark needs no image service */}
          <img src="/icon.svg" alt="" width={28} height={28} className="rounded-lg" />
          <h1 className="text-lg font-semibold tracking-tight">Sign in to Amplify</h1>
        </div>
        {problem && (
          <div className="mb-4">
            <Trouble message={problem.message} fix={problem.fix} />
          </div>
        )}
        {shared !== null ? (
          <form
            className="flex flex-col gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim() !== "") void signIn(shared, name.trim());
            }}
          >
            <Field label="Your name" hint="This link is for several people: the others see you by this name.">
              {(described) => (
                <Input
                  {...described}
                  autoFocus
                  required
                  maxLength={60}
                  autoComplete="name"
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Button kind="primary" size="md" type="submit" busy={busy} disabled={name.trim() === ""}>
              {busy ? "Coming in" : "Come in"}
            </Button>
          </form>
        ) : (
          <>
            <p className="mb-4 text-sm text-muted">
              Open the link that you were sent. On the machine that Amplify runs on,{" "}
              <code className="rounded border border-line bg-sunken px-1 font-mono text-xs">
                amplify open
              </code>{" "}
              prints one.
            </p>
            <form
              className="flex gap-2"
              onSubmit={(event) => {
                event.preventDefault();
                const token = tokenIn(typed);
                if (token !== null) void signIn(token);
              }}
            >
              <Input
                type="password"
                autoComplete="off"
                aria-label="Link or token"
                placeholder="Paste the link or its token"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                className="min-w-0 flex-1"
              />
              <Button
                kind="primary"
                size="md"
                type="submit"
                busy={busy}
                disabled={typed.trim() === ""}
                className="!h-9 pointer-coarse:!h-11"
              >
                <KeyRound aria-hidden />
                {busy ? "Signing in" : "Sign in"}
              </Button>
            </form>
          </>
        )}
      </div>
    </main>
  );
}

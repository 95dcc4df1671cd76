"use client";

import { KeyRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { redeem } from "#components/live/redeem.ts";
import { Button } from "#components/ui/button.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import type { Problem } from "#lib/contract/wire.ts";

/** `#<token>` or `#token=<token>`; a fragment never reaches the server or its logs. */
function tokenIn(hash: string): string | null {
  const text = hash.replace(/^#/, "").replace(/^[a-z]+=/, "");
  return text === "" ? null : text;
}

/** Trades the link's one-time token for a session; without one it says how to get a link. */
const severalProblem: Problem = {
  code: "invalid",
  message: "This link lets in several people, each under a name.",
  fix: "Ask for a link of your own.",
};

export function Login() {
  const router = useRouter();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState("");

  const signIn = async (token: string) => {
    setBusy(true);
    const outcome = await redeem(token);
    const refused = outcome === "name-wanted" ? severalProblem : outcome;
    setBusy(false);
    setProblem(refused);
    if (!refused) router.replace("/");
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
        <p className="mb-4 text-sm text-muted">
          Run{" "}
          <code className="rounded border border-line bg-sunken px-1 font-mono text-xs">amplify open</code> on
          the machine that it runs on. It prints a link that works once.
        </p>
        {problem && (
          <div className="mb-4">
            <Trouble message={problem.message} fix={problem.fix} />
          </div>
        )}
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            const token = tokenIn(typed.includes("#") ? typed.slice(typed.indexOf("#")) : typed.trim());
            if (token !== null) void signIn(token);
          }}
        >
          <input
            type="password"
            autoComplete="off"
            aria-label="Link or token"
            placeholder="Paste the link or its token"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className="h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-3 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
          />
          <Button
            kind="primary"
            size="md"
            type="submit"
            busy={busy}
            disabled={typed.trim() === ""}
            className="h-9"
          >
            <KeyRound aria-hidden />
            {busy ? "Signing in" : "Sign in"}
          </Button>
        </form>
      </div>
    </main>
  );
}

"use client";

import { Button } from "#components/ui/button.tsx";
import { Trouble } from "#components/ui/trouble.tsx";

/** The page failed, not the work: sessions know nothing of it. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <div className="mx-auto max-w-lg p-6">
      <Trouble
        message={`This page failed: ${error.message}`}
        fix="Your sessions are not touched by this. Try again, or reload the page."
      >
        <Button className="mt-3" onClick={reset}>
          Try again
        </Button>
      </Trouble>
    </div>
  );
}

import type { Clock } from "#server/ports.ts";
import type { Certificate } from "./certificate.ts";

const checkMs = 86_400_000;

/**
 * A certificate is renewed before it ends, while the server runs: once a day `find` looks for the one that holds
 * now, and `use` gets it. Answers how to stop looking.
 */
export function keepCertificate(deps: {
  readonly clock: Clock;
  find(): Promise<Certificate | null>;
  use(certificate: Certificate): void;
  readonly onError: (error: unknown) => void;
}): () => void {
  let isOver = false;
  let cancel = () => {};
  async function look(): Promise<void> {
    const found = await deps.find();
    if (found && !isOver) deps.use(found);
  }
  function lookLater(): void {
    if (isOver) return;
    cancel = deps.clock.after(checkMs, () => void look().catch(deps.onError).finally(lookLater));
  }
  lookLater();
  return () => {
    isOver = true;
    cancel();
  };
}

/** What the agent's program reckons that it cost; no bill. */
export function Cost({ usd }: { usd: number }) {
  return (
    <span title="An estimate of the agent's program; with a subscription nothing is billed by it.">
      ≈ ${usd.toFixed(2)}
    </span>
  );
}

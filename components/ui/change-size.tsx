/** Lines added and removed. */
export function ChangeSize({ added, removed }: { added: number; removed: number }) {
  return (
    <span
      className="inline-flex gap-1 font-mono text-2xs"
      aria-label={`${String(added)} lines added, ${String(removed)} removed`}
      role="img"
    >
      <span className="text-good">+{added}</span>
      <span className="text-bad">−{removed}</span>
    </span>
  );
}

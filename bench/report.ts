export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** What the median should not exceed. */
  readonly goal?: number;
}

/** Prints minimum, median and maximum of each figure; benches measure, they never fail a build. */
export function report(title: string, figures: readonly Figure[]): void {
  console.log(title);
  for (const { what, unit, values, goal } of figures) {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN);
    const wanted = goal === undefined ? "" : `  goal ≤ ${goal}`;
    console.log(
      `  ${what}: min ${at(0)}  median ${at(0.5)}  max ${at(1)} ${unit} (n=${values.length})${wanted}`,
    );
  }
}

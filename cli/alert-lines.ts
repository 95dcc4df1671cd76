import colors from "picocolors";
import type { Alert } from "#lib/contract/wire.ts";
import { faint, type Output, plain, until } from "./output.ts";

/** What holds work up, above everything else. */
export function printAlerts(output: Output, alerts: readonly Alert[]): void {
  for (const alert of alerts) {
    const when = alert.until === null ? "" : ` (${until(alert.until)})`;
    output.line(colors.yellow(`! ${plain(alert.text)}${when}`));
    if (alert.fix !== null) output.line(faint(`  ${plain(alert.fix)}`));
  }
}

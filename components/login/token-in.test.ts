import { expect, test } from "vitest";
import { tokenIn } from "./token-in.ts";

test("[U108] a link gives its token in whatever form it is pasted", () => {
  const token = "a".repeat(43);
  for (const text of [token, `#${token}`, `#token=${token}`, ` https://10.0.0.5:4747/login#${token} `])
    expect(tokenIn(text)).toBe(token);
  for (const text of ["", "#", "https://10.0.0.5:4747/login#"]) expect(tokenIn(text)).toBeNull();
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { roles } from "#lib/contract/wire.ts";
import type { AccessMatrix, Person } from "#server/fixtures/access-matrix.ts";
import { accessCells, wrongAnswers, wrongCells } from "#server/fixtures/access-matrix.ts";
import type { House } from "#server/fixtures/house.ts";
import { ask, openHouse } from "#server/fixtures/house.ts";

let house: House;
let matrix: AccessMatrix;

beforeAll(async () => {
  house = await openHouse();
  const people = new Map<(typeof roles)[number], Person>();
  for (const role of roles) {
    const browser = await house.signIn(role, `the ${role}`);
    const { secret } = await house.command("token:create", { name: `script ${role}`, role });
    people.set(role, { browser, secret });
  }
  const gone = await house.signIn("operator", "the gone");
  await house.command("team:revoke", { person: "the gone" });
  matrix = { url: house.url, people, gone };
});
afterAll(() => house.close());

test(
  "[W41] for every route and command, every role, credential and source: in, or out with the right word, and no effect",
  { timeout: 240_000 },
  async () => {
    const cells = accessCells();
    expect(cells.length).toBeGreaterThanOrEqual(2000);
    expect(await wrongCells(matrix, cells)).toEqual([]);
    expect(house.inside.effects).toEqual([]);
  },
);

for (const transport of ["websocket", "polling"] as const) {
  test(`[W41] the same for every command and read over ${transport}`, { timeout: 120_000 }, async () => {
    for (const role of roles) {
      const socket = await house.connect(matrix.people.get(role)!.browser, { transport });
      expect(await wrongAnswers(role, (event, body) => ask(socket, event, body))).toEqual([]);
      socket.close();
    }
    expect(house.inside.effects).toEqual([]);
  });
}

import { expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../fakes/memory-work-source.ts";
import { createTestApplication } from "../fixtures/application.ts";
import { openScenario, times } from "./harness/tier.ts";

const sessions = times(15, 300);
const hour = 3_600_000;
const { dice, count } = openScenario("clock-jumps");

it(`[V12] while the clock jumps by hours and days, ${sessions} sessions go their way and nothing changes its order`, async () => {
  await using test = await createTestApplication({ limit: 1000 });
  await test.add();
  const jump = () => {
    test.clock.jump(dice.one([-24, -1, -0.5, 1, 24, 24 * 365]) * hour);
    count("jumps");
  };
  for (let number = 0; number < sessions; number++) {
    const item = parseItemId(`t-${number}`);
    test.backlog.items.set(item, memoryItem(item));
    jump();
    const { session, runner } = await test.dispatch(item);
    jump();
    await runner.bringToApproval(`file-${number}.txt`);
    await test.reaches(session.id, "approved");
    jump();
    if (dice.chance(0.2)) await test.restart();
    await test.command("merge:start", { session: session.id });
    await test.reaches(session.id, "merged");
    // Whatever the time was, an item's newest session is the last one.
    expect((await test.session(item)).id).toBe(session.id);
    count("landed");
  }
  await test.inside().application.settled();
  const { store } = test.inside();
  const last = await store.lastFact();
  const facts = await store.facts(0, last);
  expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, index) => (facts[0]?.seq ?? 0) + index));
  expect(await store.pendingEffects()).toEqual([]);
}, 3_600_000);

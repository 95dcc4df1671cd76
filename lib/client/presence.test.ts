import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Attendance, PresentPerson, Whereabouts } from "#lib/contract/wire.ts";
import { parseQuestionId, parseSessionId } from "#lib/domain/ids.ts";
import type { Company } from "./presence.ts";
import { Presence } from "./presence.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const session = parseSessionId("session-bd-1-abc123");
const question = { session, question: parseQuestionId("q-1") };
const mira: PresentPerson = { id: "m", name: "Mira", role: "operator", sessions: [], answering: [] };

/** A server that answers when it is let. */
function open() {
  const told: Whereabouts[] = [];
  const answers: ((attendance: Attendance) => void)[] = [];
  let company: Company | null = null;
  const presence = new Presence(
    (where) => {
      told.push(where);
      return new Promise((resolve) => answers.push(resolve));
    },
    (next) => (company = next),
  );
  const answer = async () => {
    answers.shift()?.({ you: "a", here: [mira] });
    await vi.advanceTimersByTimeAsync(0);
  };
  return { presence, told, answer, company: () => company };
}

test("[U101] what changes while the server is told goes out once, as it is then", async () => {
  const { presence, told, answer, company } = open();
  presence.look(session);
  expect(told).toEqual([]);
  presence.connected();
  presence.look(null);
  presence.look(session);
  presence.write(question);
  expect(told).toHaveLength(1);
  await answer();
  expect(told).toEqual([
    { session, answering: null },
    { session, answering: question },
  ]);
  expect(company()).toEqual({ you: "a", here: new Map([["m", mira]]) });
});

test("[U102] writing is told again while the draft is touched, and no longer a minute after it was", async () => {
  const { presence, told, answer } = open();
  presence.connected();
  await answer();
  presence.write(question);
  await answer();
  for (let spent = 0; spent < 80_000; spent += 1000) {
    await vi.advanceTimersByTimeAsync(1000);
    await answer();
  }
  const writing = told.filter(({ answering }) => answering !== null);
  // At once and then every four seconds, of which fifteen fit into the minute.
  expect(writing).toHaveLength(16);
  expect(told.at(-1)).toEqual({ session: null, answering: null });
  presence.write(question);
  expect(told.at(-1)?.answering).toEqual(question);
  await answer();
  presence.rest(question);
  expect(told.at(-1)?.answering).toBeNull();
});

test("[U103] nobody is shown while the line is cut, and the next line tells and asks it all again", async () => {
  const { presence, told, answer, company } = open();
  presence.look(session);
  presence.connected();
  await answer();
  presence.take({ here: [{ ...mira, sessions: [session] }], gone: [] });
  expect(company()?.here.get("m")?.sessions).toEqual([session]);
  presence.disconnected();
  expect(company()).toEqual({ you: null, here: new Map() });
  presence.connected();
  expect(told.at(-1)).toEqual({ session, answering: null });
  await answer();
  expect(company()?.here.size).toBe(1);
  presence.take({ here: [], gone: ["m"] });
  expect(company()?.here.size).toBe(0);
});

import { afterEach, expect, test } from "vitest";
import type { Attendance, PresenceNews } from "#lib/contract/wire.ts";
import { answeringLeaseMs } from "#lib/contract/wire.ts";
import { parseQuestionId, parseSessionId } from "#lib/domain/ids.ts";
import type { ClientSocket, House } from "#server/fixtures/house.ts";
import { ask, openHouse } from "#server/fixtures/house.ts";

let house: House;
afterEach(() => house.close());

const session = parseSessionId("session-bd-1-abc123");
const answering = { session, question: parseQuestionId("q-1") };
const gatherMs = 250;

/** A window that tells where it is, and keeps every news that it got. */
async function open(role: "owner" | "operator" | "viewer") {
  const socket = await house.connect(await house.signIn(role));
  const news: PresenceNews[] = [];
  socket.on("presence", (each) => news.push(each));
  return { socket, news, tell: (where: unknown) => ask(socket, "present", where) };
}

/** Answers come in order, so what was pushed before this one is here. */
const settle = (socket: ClientSocket) => ask(socket, "read", { name: "me", input: {} });

test("[T100] who comes, what they look at and write, and that they left, is told to everybody else", async () => {
  house = await openHouse();
  const ada = await open("owner");
  const first = await ada.tell({ session: null, answering: null });
  expect(first).toMatchObject({ ok: true, value: { you: "owner", here: [{ name: "ada", role: "owner" }] } });
  await house.clock.advance(gatherMs);
  const mira = await open("operator");
  const answer = (await mira.tell({ session, answering })) as { value: Attendance };
  expect(answer.value.here.map(({ name }) => name)).toEqual(["ada", "a operator"]);
  const { you } = answer.value;
  await house.clock.advance(gatherMs);
  await settle(ada.socket);
  expect(ada.news.at(-1)).toMatchObject({
    here: [{ id: you, name: "a operator", sessions: [session], answering: [answering] }],
    gone: [],
  });
  const left = new Promise<PresenceNews>((resolve) => ada.socket.once("presence", resolve));
  mira.socket.close();
  // The close arrives on its own time; the clock only lets what was gathered go out.
  while (!(await Promise.race([left, house.clock.advance(gatherMs).then(() => null)])))
    await settle(ada.socket);
  expect(await left).toEqual({ here: [], gone: [you] });
});

test("[T101] who somebody is comes from the login: a window says where it is and nothing else", async () => {
  house = await openHouse();
  const viewer = await open("viewer");
  for (const forged of [
    { session: null, answering: null, name: "ada" },
    { session: "../../etc", answering: null },
    { session, answering: { ...answering, person: "owner" } },
    { session: "x".repeat(100_000), answering: null },
    [],
    null,
  ])
    expect(await viewer.tell(forged)).toMatchObject({ ok: false, problem: { code: "invalid" } });
  expect(await viewer.tell({ session, answering: null })).toMatchObject({
    ok: true,
    value: { here: [{ name: "a viewer", role: "viewer" }] },
  });
});

test("[T102] writing ends by itself when it is not told again, and the window stays where it is", async () => {
  house = await openHouse();
  const ada = await open("owner");
  await ada.tell({ session: null, answering: null });
  await house.clock.advance(gatherMs);
  const mira = await open("operator");
  await mira.tell({ session, answering });
  await house.clock.advance(answeringLeaseMs - 1);
  // A window that goes on tells it again, and the lease begins anew.
  await mira.tell({ session, answering });
  await house.clock.advance(answeringLeaseMs - 1);
  await settle(ada.socket);
  expect(ada.news.at(-1)).toMatchObject({ here: [{ answering: [answering] }] });
  await house.clock.advance(1 + gatherMs);
  await settle(ada.socket);
  expect(ada.news.at(-1)).toMatchObject({ here: [{ sessions: [session], answering: [] }], gone: [] });
});

test("[T103] however often a window tells, the others hear it gathered, and nothing that did not change", async () => {
  house = await openHouse();
  const ada = await open("owner");
  await ada.tell({ session: null, answering: null });
  const mira = await open("operator");
  for (let index = 0; index < 40; index++)
    await mira.tell({ session, answering: index % 2 ? answering : null });
  await house.clock.advance(gatherMs);
  await settle(ada.socket);
  expect(ada.news.flatMap(({ here }) => here).filter(({ role }) => role === "operator")).toHaveLength(1);
  const before = ada.news.length;
  for (let index = 0; index < 10; index++) await mira.tell({ session, answering });
  await house.clock.advance(gatherMs);
  await settle(ada.socket);
  expect(ada.news).toHaveLength(before);
});

test("[T104] all windows of a person are one person, who leaves with the last of them", async () => {
  house = await openHouse();
  const ada = await open("owner");
  const other = await open("owner");
  const elsewhere = parseSessionId("session-bd-2-abc123");
  await other.tell({ session: elsewhere, answering: null });
  expect(await ada.tell({ session, answering: null })).toMatchObject({
    value: { here: [{ id: "owner", sessions: [session, elsewhere] }] },
  });
  const viewer = await open("viewer");
  await viewer.tell({ session: null, answering: null });
  other.socket.close();
  const shrunk = () => viewer.news.some(({ here }) => here[0]?.sessions.length === 1);
  while (!shrunk()) {
    await house.clock.advance(gatherMs);
    await settle(viewer.socket);
  }
  expect(viewer.news.flatMap(({ gone }) => gone)).toEqual([]);
});

import { workSourceContract } from "#server/work-source.contract.ts";
import { createMemoryBacklog, createMemoryWorkSource } from "./memory-work-source.ts";

workSourceContract("in memory", () => {
  const backlog = createMemoryBacklog();
  return Promise.resolve({
    source: createMemoryWorkSource(backlog),
    rival: createMemoryWorkSource(backlog),
    dispose: () => Promise.resolve(),
  });
});

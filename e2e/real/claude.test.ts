import { agentContract } from "#server/agent.contract.ts";
import { withEachClaude } from "./claude-world.ts";

withEachClaude(agentContract);

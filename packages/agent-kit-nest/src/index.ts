export { AgentModule, type AgentOptions } from './agent.module.js';
export { ControlTokenGuard } from './control/control-token.guard.js';
export { ProblemFilter } from './control/problem.filter.js';
export { declaredAgent, type DeclaredAgent } from './declared-agent.js';
export { AgentHandlers, On, OnTimer, Perform } from './decorators/decorators.js';
export { decidingHandlers } from './discovery/deciding-handlers.js';
export { AgentIntake, type HandedEvent } from './intake/agent-intake.js';
export { agentSettings, type AgentSettings } from './settings.js';
export { launchAgent, startAgent, type RunningAgent } from './start-agent.js';
export {
  AGENT_ENVIRONMENT,
  AGENT_OPTIONS,
  AGENT_SETTINGS,
  LOGGER,
  METRICS,
  PG_POOL,
  PG_SCHEMA,
} from './tokens.js';

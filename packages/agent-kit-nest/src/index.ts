export { AGENT_OPTIONS, AgentModule, type AgentOptions } from './agent.module.js';
export { AgentHandlers, On, OnTimer, Perform } from './decorators/decorators.js';
export { startAgent } from './start-agent.js';

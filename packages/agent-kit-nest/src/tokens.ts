/** What an agent app said about itself (`AgentOptions`). */
export const AGENT_OPTIONS = Symbol('AGENT_OPTIONS');
/** The settings every agent has (`AgentSettings`). */
export const AGENT_SETTINGS = Symbol('AGENT_SETTINGS');
/** The environment an app reads its own settings from with `loadSettings` (`Environment`). */
export const AGENT_ENVIRONMENT = Symbol('AGENT_ENVIRONMENT');
/** The app's one pool of PostgreSQL connections (`Pool` of pg): give it to Prisma's adapter. */
export const PG_POOL = Symbol('PG_POOL');
/** The schema of the app's tables (`string`). */
export const PG_SCHEMA = Symbol('PG_SCHEMA');
/** The app's log (`Logger` of the observability package). */
export const LOGGER = Symbol('LOGGER');
/** The app's metrics (`Metrics` of the observability package). */
export const METRICS = Symbol('METRICS');

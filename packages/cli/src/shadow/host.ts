import { readFileSync } from 'node:fs';
import { ShadowAgent } from '@signalbox/agent-kit';
import { createInspector, type NamespacedConnection } from '@signalbox/agent-kit-kafka';
import { declaredAgent } from '@signalbox/agent-kit-nest';
import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { compareAll } from './compare.js';
import type { ShadowReport } from './model.js';
import { inputRecords, publishedEvents, recordedDecisions } from './recorded.js';
import { Replay } from './replay.js';

/** What the command hands over on standard input. */
export interface ShadowRequest {
  /** File that exports the app's `AppModule`. */
  readonly modulePath: string;
  readonly connection: NamespacedConnection;
  /** Only decisions of this time are compared, milliseconds since 1970; earlier ones are run to know the state. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly decisionsMax: number;
}

/** Addresses nothing listens at: the app's code must not reach production, whatever it tries. */
const nowhere = {
  KAFKA_BROKERS: '127.0.0.1:1',
  DATABASE_URL: 'postgres://shadow:shadow@127.0.0.1:1/shadow',
  PORT: '0',
  LOG_LEVEL: 'silent',
};

/** Loads the working copy, reads what is recorded, and compares. */
async function shadow(request: ShadowRequest): Promise<ShadowReport> {
  const { AppModule } = require(request.modulePath) as { AppModule: Parameters<typeof declaredAgent>[0] };
  const { definition, close } = await declaredAgent(AppModule, inheritedEnvironment(nowhere));
  const inspector = createInspector(request.connection);
  try {
    if (!definition.handlers.some(({ kind }) => kind === 'decide')) {
      throw new SignalboxError('request_malformed', `${definition.name} decides nothing: it only acts.`, {
        action: 'Shadow runs are for agents, whose handlers are pure.',
      });
    }
    const agent = new ShadowAgent(definition);
    const decisions = await recordedDecisions(inspector, definition.name);
    if (decisions.length === 0) {
      throw new SignalboxError('not_found', `agent.activity holds no decision of ${definition.name}.`, {
        action: 'Let the agent handle events first; a shadow run compares with what it decided.',
      });
    }
    const records = await inputRecords(inspector, agent.registry.topics);
    const pairs = new Replay(agent, definition.name, decisions).run(records, request.toMs);
    const wanted = pairs.filter(({ atMs }) => atMs >= request.fromMs).slice(0, request.decisionsMax);
    return compareAll(definition.name, wanted, await publishedEvents(inspector, definition.name, decisions));
  } finally {
    await Promise.all([inspector.close(), close()]);
  }
}

/** The answer on standard output: the report, or what went wrong. */
async function main(): Promise<void> {
  const request = JSON.parse(readFileSync(0, 'utf8')) as ShadowRequest;
  let answer: object;
  try {
    answer = { report: await shadow(request) };
  } catch (thrown) {
    const { code, message, action, stack } = thrown as Partial<SignalboxError>;
    answer = { error: { code: code ?? 'internal', message: code ? message : stack, action } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

void main();

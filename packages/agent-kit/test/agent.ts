import { emailRequested, userSignedUp, type DataOf, type EventEnvelope } from '@signalbox/contracts';
import { z } from 'zod';
import type { AgentDefinition, DecideHandler } from '../src/handlers.js';
import type { Cause } from '../src/chunk/outputs.js';
import type { KeyRow } from '../src/ports/store.js';
import { defineState } from '../src/state.js';

export const counter = defineState({ kind: 'counter', schema: z.strictObject({ total: z.number() }) });

export const signUp: EventEnvelope<DataOf<typeof userSignedUp>> = {
  event_id: 'evt-1',
  event_type: userSignedUp.type,
  timestamp: '2026-04-05T12:00:00Z',
  data: userSignedUp.example,
  metadata: { source_service: 'auth', correlation_id: 'story-1', hops: 2 },
};

export const onSignUp: DecideHandler = {
  kind: 'decide',
  name: 'greet',
  contract: userSignedUp,
  state: counter,
  decide: () => [],
};

export const agent: AgentDefinition = {
  name: 'greeter',
  startFrom: 'latest',
  handlers: [onSignUp],
  codeVersion: 'test',
};

export const cause: Cause = {
  agent: 'greeter',
  handler: 'greet',
  cause: '["event","auth","evt-1"]',
  source: 'auth',
  eventId: 'evt-1',
  correlationId: 'story-1',
  hops: 2,
  now: new Date('2026-04-05T12:00:01Z'),
};

export const keyRow = (change: Partial<KeyRow> = {}): KeyRow => ({
  kind: 'counter',
  value: 'usr-1',
  state: null,
  stateVersion: 0,
  blocked: false,
  lastChunk: 0n,
  lastOwner: null,
  ...change,
});

export const mail = (recipient: string) => ({ ...emailRequested.example, recipient_id: recipient });

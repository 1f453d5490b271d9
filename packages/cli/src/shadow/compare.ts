import type { EventEnvelope } from '@signalbox/contracts';
import { fieldChanges } from './field-changes.js';
import type { Change, Difference, Pair, RecordedDecision, ShadowedDecision, ShadowReport } from './model.js';

/** Compares the decisions of an agent one by one; `published` are production's events by id. */
export function compareAll(
  agent: string,
  pairs: readonly Pair[],
  published: ReadonlyMap<string, EventEnvelope>,
): ShadowReport {
  const differences = pairs.flatMap((pair) => differenceOf(pair, published) ?? []);
  const summary: Record<string, number> = {};
  for (const change of differences.flatMap(({ changes }) => changes)) {
    const name = 'eventType' in change ? `${change.kind} ${change.eventType}` : change.kind;
    summary[name] = (summary[name] ?? 0) + 1;
  }
  return { agent, compared: pairs.length, differing: differences.length, summary, differences };
}

function differenceOf(pair: Pair, published: ReadonlyMap<string, EventEnvelope>): Difference | undefined {
  const { production, shadow, atMs } = pair;
  const one = production ?? shadow;
  if (!one) return undefined;
  const changes = changesOf(production, shadow, published);
  if (changes.length === 0) return undefined;
  const { source, eventId, eventType, handler } = one;
  return { at: new Date(atMs).toISOString(), source, eventId, eventType, handler, changes };
}

function changesOf(
  production: RecordedDecision | undefined,
  shadow: ShadowedDecision | undefined,
  published: ReadonlyMap<string, EventEnvelope>,
): Change[] {
  if (!shadow) return [{ kind: 'not_decided' }];
  if (!production) {
    const outputs = shadow.outputs.map(({ event_type: type }) => type);
    return [{ kind: 'newly_decided', outcome: shadow.outcome, outputs }];
  }
  const changes: Change[] = [];
  const [was, is] = [outcomeOf(production), outcomeOf(shadow)];
  if (was !== is) changes.push({ kind: 'outcome', production: was, shadow: is });
  changes.push(...outputChanges(production, shadow, published));
  if (production.hasChangedState !== shadow.hasChangedState) {
    const [before, now] = [production.hasChangedState, shadow.hasChangedState];
    changes.push({ kind: 'state_change', production: before, shadow: now });
  }
  return changes;
}

const outcomeOf = ({ outcome, errorCode }: RecordedDecision | ShadowedDecision): string =>
  outcome === 'failed' && errorCode !== undefined ? `failed (${errorCode})` : outcome;

function outputChanges(
  production: RecordedDecision,
  shadow: ShadowedDecision,
  published: ReadonlyMap<string, EventEnvelope>,
): Change[] {
  const before = new Map(production.outputs.map((output) => [output.eventId, output]));
  const now = new Map(shadow.outputs.map((output) => [output.event_id, output]));
  const missing = [...before.values()].filter(({ eventId }) => !now.has(eventId));
  const added = [...now.values()].filter(({ event_id: id }) => !before.has(id));
  const changed = [...now.values()].flatMap((output) => {
    const { event_id: eventId, event_type: eventType, data } = output;
    const was = published.get(eventId);
    // Not on its topic any more: nothing to compare with.
    if (!before.has(eventId) || !was) return [];
    const fields = fieldChanges(was.data, data);
    return fields.length === 0 ? [] : [{ kind: 'output_changed', eventType, eventId, fields } as const];
  });
  return [
    ...missing.map(({ eventId, eventType }): Change => ({ kind: 'output_missing', eventType, eventId })),
    ...added.map(({ event_id: eventId, event_type: eventType }): Change => ({
      kind: 'output_added',
      eventType,
      eventId,
    })),
    ...changed,
  ];
}

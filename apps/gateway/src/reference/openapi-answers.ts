import type { JsonSchema } from '@signalbox/contracts';
import { errorCodes, type ErrorCode } from '@signalbox/errors';
import { problemContentType } from '../problem/problem.js';
import { schemaRef } from './openapi-schemas.js';

/** The codes a webhook can be refused with. */
export const webhookCodes: readonly ErrorCode[] = [
  'body_not_json',
  'request_malformed',
  'signature_missing',
  'signature_invalid',
  'timestamp_out_of_tolerance',
  'https_required',
  'not_found',
  'method_not_allowed',
  'body_too_large',
  'event_too_large',
  'media_type_unsupported',
  'envelope_malformed',
  'event_type_unknown',
  'event_invalid',
  'mapping_failed',
  'rate_limited',
  'overloaded',
  'broker_unavailable',
];

const statusOf = (code: ErrorCode): number => (errorCodes[code] as { http?: number }).http ?? 500;

/** The answers to a webhook: 202, and each refusal by its status with the codes behind it. */
export function webhookAnswers(): JsonSchema {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of webhookCodes)
    byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  const refusals = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, codes]) => [status, refusal(status, codes)]);
  return {
    202: {
      description: 'Accepted: Kafka has the event.',
      content: { 'application/json': { schema: schemaRef('Accepted') } },
    },
    ...(Object.fromEntries(refusals) as JsonSchema),
  };
}

function refusal(status: number, codes: readonly ErrorCode[]): JsonSchema {
  const lines = codes.map((code) => `- \`${code}\`: ${errorCodes[code].means} ${errorCodes[code].action}`);
  return {
    description: lines.join('\n'),
    content: { [problemContentType]: { schema: schemaRef('Problem') } },
    ...(status === 429 || status === 503
      ? {
          headers: {
            'Retry-After': {
              description: 'Seconds after which sending again can help.',
              schema: { type: 'integer' },
            },
          },
        }
      : {}),
  };
}

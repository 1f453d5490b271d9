import { checkEvent, decodeEvent, encodeEvent, webhookReceived } from '@signalbox/contracts';
import { sample } from '../../test/support/sources.js';
import { webhookRecord, type Decided } from './webhook-record.js';

const decided: Decided = {
  webhookId: '01980000-0000-7000-8000-000000000001',
  source: 'ops-alert',
  path: '/agent/ops-alert-webhook',
  status: 202,
  keyId: 'default',
  address: '127.0.0.1',
  receivedAtMs: Date.UTC(2026, 3, 5, 12, 1, 0, 123),
  decidedMs: 0.4,
  headers: { 'content-type': 'application/json', 'x-webhook-signature': 'sha256=00' },
  payload: sample('service_down.json'),
  sizeBytes: 344,
};

const event = {
  event_id: 'ops-alert:4f6c',
  event_type: 'service_down',
  timestamp: '2026-04-05T12:01:00Z',
  data: {},
  metadata: { source_service: 'ops-alert', correlation_id: 'corr-1' },
};

describe('webhookRecord', () => {
  it('of an accepted webhook names its event and fulfils the contract', () => {
    const record = webhookRecord({ ...decided, event });
    checkEvent(webhookReceived, record);
    expect(record.metadata).toEqual({
      source_service: 'gateway',
      correlation_id: 'corr-1',
      schema_version: 1,
    });
    expect(record.data).toEqual({
      webhook_id: decided.webhookId,
      source: 'ops-alert',
      path: decided.path,
      verdict: 'accepted',
      status: 202,
      key_id: 'default',
      address: '127.0.0.1',
      received_at: '2026-04-05T12:01:00.123Z',
      headers: { 'content-type': 'application/json', 'x-webhook-signature': '[redacted]' },
      payload: sample('service_down.json'),
      size_bytes: 344,
      event_id: 'ops-alert:4f6c',
      event_type: 'service_down',
      correlation_id: 'corr-1',
      decided_ms: 0.4,
    });
  });

  it('of a refused one names the reason and starts a story of its own', () => {
    const { payload: _, keyId: __, ...unread } = decided;
    const record = webhookRecord({ ...unread, status: 401, reason: 'signature_missing' });
    checkEvent(webhookReceived, record);
    expect(record.data).toMatchObject({ verdict: 'refused', status: 401, reason: 'signature_missing' });
    expect(record.data).not.toHaveProperty('payload');
    expect(record.data).not.toHaveProperty('key_id');
    expect(record.metadata.correlation_id).toBe(decided.webhookId);
  });

  it('can be read back as an event', () => {
    const record = webhookRecord({ ...decided, event });
    expect(decodeEvent({ ...encodeEvent(record), timestampMs: 0 })).toEqual(record);
  });
});

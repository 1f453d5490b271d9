import { checkData, type AnyContract } from '@signalbox/contracts';
import { applyMapping, type MappedData } from '../mapping/apply-mapping.js';
import { compileMapping } from '../mapping/compile-mapping.js';
import { readyMappingFor, readyMappings } from './ready-mappings.js';

interface Webhook {
  readonly payload: unknown;
  readonly event?: string;
}

async function mapped(name: string, { payload, event }: Webhook): Promise<readonly MappedData[]> {
  const mapping = readyMappings.get(name);
  if (!mapping) throw new Error(`no mapping ${name}`);
  const made = await applyMapping(compileMapping(mapping.rules, name), {
    payload,
    event,
    headers: {},
    source: 's',
  });
  for (const { contract, data } of made) checkData(contract, data);
  return made;
}

const types = (made: readonly MappedData[]): string[] =>
  made.map(({ contract }: { contract: AnyContract }) => contract.type);

const alert = (changes: object = {}): object => ({
  status: 'firing',
  labels: { alertname: 'HighLatency', service: 'checkout', severity: 'critical', environment: 'production' },
  annotations: { summary: 'p99 is above two seconds.' },
  startsAt: '2026-04-05T12:01:00.739266876+02:00',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example/graph?g0=x',
  fingerprint: 'f1',
  ...changes,
});
const group = (...alerts: object[]): object => ({
  version: '4',
  groupKey: '{}:{alertname="HighLatency"}',
  status: 'firing',
  externalURL: 'http://alertmanager.example',
  alerts,
});

describe('alertmanager-alerts', () => {
  it('makes an event of each alert, firing or resolved, with an id of its own', async () => {
    const payload = group(
      alert(),
      alert({ fingerprint: 'f2', status: 'resolved', endsAt: '2026-04-05T12:30:00Z' }),
      alert({ fingerprint: 'f3', labels: { alertname: 'Disk', job: 'node', severity: 'warning' } }),
    );
    const made = await mapped('alertmanager-alerts', { payload });
    expect(types(made)).toEqual(['service_down', 'service_down', 'service_recovered']);
    expect(made.map(({ label }) => label)).toEqual(['f1:firing', 'f3:firing', 'f2:resolved']);
    expect(made[0]).toMatchObject({
      timestamp: '2026-04-05T12:01:00.739266876+02:00',
      data: {
        alert_id: 'f1',
        service_name: 'checkout',
        severity: 'critical',
        environment: 'production',
        message: 'p99 is above two seconds.',
        incident_link: 'http://prometheus.example/graph?g0=x',
      },
    });
    expect(made[1]?.data).toMatchObject({ service_name: 'node', severity: 'medium' });
    expect(made[2]).toMatchObject({ timestamp: '2026-04-05T12:30:00Z', data: { service_name: 'checkout' } });
  });

  it('takes Alertmanager’s own address where an alert has none, and alerts without summary or severity', async () => {
    const bare = alert({ labels: { alertname: 'Odd' }, annotations: {}, generatorURL: '' });
    const [made] = await mapped('alertmanager-alerts', { payload: group(bare) });
    expect(made?.data).toMatchObject({
      service_name: 'Odd',
      severity: 'medium',
      message: 'Odd',
      incident_link: 'http://alertmanager.example',
    });
  });

  it('is for Grafana as well', () => expect(readyMappingFor('grafana')?.name).toBe('alertmanager-alerts'));
});

const subscription = (type: string, object: object, previous?: object): Webhook => ({
  payload: {
    id: 'evt_1',
    object: 'event',
    type,
    created: 1_775_390_460,
    data: {
      object: {
        id: 'sub_1',
        customer: 'cus_1',
        metadata: {},
        trial_start: 1_774_180_860,
        trial_end: 1_775_390_460,
        items: { data: [{ price: { id: 'price_1', lookup_key: null, nickname: 'Premium' } }] },
        ...object,
      },
      ...(previous ? { previous_attributes: previous } : {}),
    },
  },
});

describe('stripe-subscriptions', () => {
  it.each([
    ['customer.subscription.created', { status: 'trialing' }, undefined, ['trial.started']],
    [
      'customer.subscription.created',
      { status: 'active', trial_end: null },
      undefined,
      ['subscription.started'],
    ],
    ['customer.subscription.updated', { status: 'active' }, { status: 'trialing' }, ['subscription.started']],
    ['customer.subscription.updated', { status: 'active' }, { quantity: 1 }, []],
    ['customer.subscription.updated', { status: 'paused' }, { status: 'trialing' }, ['trial.expired']],
    [
      'customer.subscription.deleted',
      { status: 'canceled', ended_at: 1_775_390_000 },
      undefined,
      ['trial.expired'],
    ],
    ['customer.subscription.deleted', { status: 'canceled', ended_at: 1_779_000_000 }, undefined, []],
    ['customer.subscription.deleted', { status: 'canceled', trial_end: null }, undefined, []],
    ['invoice.paid', { status: 'active' }, undefined, []],
  ])('%s %j after %j', async (type, object, previous, expected) => {
    expect(types(await mapped('stripe-subscriptions', subscription(type, object, previous)))).toEqual(
      expected,
    );
  });

  it('names the person as our own system does where the metadata says it, else by the customer', async () => {
    const own = { status: 'trialing', metadata: { user_id: 'usr-5678', plan: 'premium_trial' } };
    const [first] = await mapped('stripe-subscriptions', subscription('customer.subscription.created', own));
    expect(first?.data).toMatchObject({
      user_id: 'usr-5678',
      plan: 'premium_trial',
      started_at: '2026-03-22T12:01:00.000Z',
      ends_at: '2026-04-05T12:01:00.000Z',
    });
    const [second] = await mapped(
      'stripe-subscriptions',
      subscription('customer.subscription.created', { status: 'trialing' }),
    );
    expect(second?.data).toMatchObject({ user_id: 'cus_1', plan: 'Premium' });
  });
});

describe('zendesk-tickets', () => {
  const changed = (current: string): Webhook => ({
    payload: {
      account_id: 22,
      id: 'cbe4028c-7239-495d-b020-f22348516046',
      type: 'zen:event-type:ticket.status_changed',
      time: '2026-04-05T12:10:00Z',
      subject: 'zen:ticket:5158',
      detail: {
        id: '5158',
        requester_id: '8447388090494',
        assignee_id: '8447346621310',
        external_id: 'case-1',
      },
      event: { current, previous: 'OPEN' },
    },
  });

  it('makes ticket.resolved of a solved ticket and nothing of another status', async () => {
    const [made] = await mapped('zendesk-tickets', changed('SOLVED'));
    expect(made).toMatchObject({
      label: '',
      correlationId: 'case-1',
      data: {
        ticket_number: 5_158,
        case_id: 'case-1',
        customer_id: '8447388090494',
        resolved_at: '2026-04-05T12:10:00Z',
      },
    });
    expect(await mapped('zendesk-tickets', changed('PENDING'))).toEqual([]);
  });
});

describe('the others', () => {
  it('shopify-customers: a customer with an address, by the topic in the header', async () => {
    const payload = {
      id: 207119551,
      email: 'bob@example.com',
      first_name: 'Bob',
      last_name: null,
      updated_at: '2026-04-05T12:10:00-04:00',
    };
    const [made] = await mapped('shopify-customers', { payload, event: 'customers/update' });
    expect(made?.data).toEqual({ customer_id: '207119551', name: 'Bob', email: 'bob@example.com' });
    expect(await mapped('shopify-customers', { payload, event: 'orders/create' })).toEqual([]);
    expect(
      await mapped('shopify-customers', { payload: { ...payload, email: null }, event: 'customers/create' }),
    ).toEqual([]);
  });

  it('clerk-users: a new user with the primary address', async () => {
    const payload = {
      type: 'user.created',
      data: {
        id: 'user_29w8',
        external_id: null,
        created_at: 1_775_390_460_000,
        primary_email_address_id: 'idn_2',
        email_addresses: [
          { id: 'idn_1', email_address: 'old@example.org' },
          { id: 'idn_2', email_address: 'new@example.org' },
        ],
        public_metadata: { plan: 'premium_trial' },
        unsafe_metadata: {},
      },
    };
    const [made] = await mapped('clerk-users', { payload });
    expect(made).toMatchObject({
      timestamp: '2026-04-05T12:01:00.000Z',
      data: { user_id: 'user_29w8', email: 'new@example.org', plan: 'premium_trial', signup_source: 'clerk' },
    });
  });

  it('gives the same for the same webhook', async () => {
    const webhook = { payload: group(alert(), alert({ fingerprint: 'f2' })) };
    expect(await mapped('alertmanager-alerts', webhook)).toEqual(
      await mapped('alertmanager-alerts', webhook),
    );
  });
});

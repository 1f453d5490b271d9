import { FatalError } from '@signalbox/errors';
import { requestOf } from '../test/requests.js';
import { parseAllowList } from './allow-list.js';
import { planStep } from './plan-step.js';

const entries = parseAllowList(`
version: 1
entries:
  - service: PaymentGatewayService
    environments: [production]
    action: restart
    idempotent: true
    http: { url: "http://127.0.0.1:3301/control/restart", allow_private: true }
  - service: Ledger
    action: scale
    replicas: { min: 1, max: 5 }
    command: { argv: [kubectl, scale, deployment/ledger, "--replicas={replicas}"] }
  - service: Ledger
    action: hook
    http: { url: "https://hooks.example/a", body: '{"n":"{replicas}"}', headers: { x-key: k } }
  - service: Shop
    action: scale
    replicas: { min: 0, max: 9 }
    http: { url: "https://hooks.example/s", body: '{"replicas":{replicas}}' }
`);

it('plans what the entry says', () => {
  expect(planStep(requestOf(), entries)).toEqual({
    kind: 'http',
    url: 'http://127.0.0.1:3301/control/restart',
    method: 'POST',
    headers: {},
    body: undefined,
    isPrivate: true,
    isIdempotent: true,
    timeoutMs: 10_000,
  });
});

it('fills the number of replicas into arguments or body', () => {
  const scale = (service: string, replicas: string) =>
    planStep(requestOf({ service_name: service, action: 'scale', parameters: { replicas } }), entries);
  expect(scale('Ledger', '5')).toMatchObject({
    argv: ['kubectl', 'scale', 'deployment/ledger', '--replicas=5'],
  });
  expect(scale('Shop', '0')).toMatchObject({ body: '{"replicas":0}' });
});

it('lets nothing of a request into a hook', () => {
  const step = planStep(
    requestOf({ service_name: 'Ledger', action: 'hook', parameters: { replicas: '3' } }),
    entries,
  );
  expect(step).toMatchObject({ body: '{"n":"{replicas}"}', isPrivate: false, isIdempotent: false });
});

it.each([
  ['another service', requestOf({ service_name: 'paymentgatewayservice' })],
  ['another environment', requestOf({ environment: 'staging' })],
  ['another action', requestOf({ action: 'hook' })],
  ['no number', requestOf({ service_name: 'Ledger', action: 'scale' })],
  ['too many', requestOf({ service_name: 'Ledger', action: 'scale', parameters: { replicas: '6' } })],
  ['too few', requestOf({ service_name: 'Ledger', action: 'scale', parameters: { replicas: '0' } })],
  [
    'an injection',
    requestOf({ service_name: 'Ledger', action: 'scale', parameters: { replicas: '1; rm -r /' } }),
  ],
])('refuses %s for good', (_what, request) => {
  const plan = (): unknown => planStep(request, entries);
  expect(plan).toThrow(FatalError);
  expect(plan).toThrow(expect.objectContaining({ code: 'action_not_allowed', retryable: false }));
});

import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import {
  agentActivity,
  ticketCommentRequested,
  ticketCommented,
  ticketFailed,
  ticketOpened,
  ticketRequested,
  ticketResolutionRequested,
  ticketResolved,
} from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AppModule } from '../app.module.js';

const token = 'a-token-for-tests-only';
let installation: Installation;
let notifier: RunningAgent;
beforeAll(async () => {
  installation = await Installation.open({ agents: ['notifier'] });
  notifier = await launchAgent(AppModule, installation.environment({ CONTROL_TOKEN: token }));
});
afterAll(async () => {
  await notifier?.stop();
  await installation?.close();
});

const get = async (path: string): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`${notifier.url}${path}`);
  return { status: response.status, body: await response.json() };
};

it('opens, comments and resolves a ticket by events, each once, and shows it', async () => {
  const request = await installation.publish(ticketRequested, ticketRequested.example);
  await installation.publish(ticketRequested, ticketRequested.example, request);
  const [opened] = await installation.eventsEventually(ticketOpened, 1);
  const number = opened?.data.ticket_number ?? 0;
  expect(opened).toMatchObject({
    data: { case_id: 'case-cust_12345-1', customer_id: 'cust_12345', priority: 'high' },
    metadata: { causation_id: request.event_id, correlation_id: request.metadata.correlation_id },
  });
  await installation.publish(ticketCommentRequested, ticketCommentRequested.example);
  const [commented] = await installation.eventsEventually(ticketCommented, 1);
  expect(commented?.data).toMatchObject({ ticket_number: number, priority: 'urgent' });

  const resolution = { ...ticketResolutionRequested.example, ticket_number: number };
  const resolve = await installation.publish(ticketResolutionRequested, resolution);
  await installation.publish(ticketResolutionRequested, resolution, resolve);
  const [resolved] = await installation.eventsEventually(ticketResolved, 1);
  expect(resolved?.data).toMatchObject({
    ticket_number: number,
    case_id: 'case-cust_12345-1',
    request_id: resolve.event_id,
    by: 'sam',
    note: 'Replaced the device.',
  });
  expect(await get(`/tickets/${number}`)).toMatchObject({
    status: 200,
    body: { number, priority: 'urgent', resolvedBy: 'sam', comments: [{ priority: 'urgent' }] },
  });
  expect(await get('/tickets?status=open')).toEqual({ status: 200, body: { tickets: [], next: null } });
  expect(await installation.events(ticketOpened)).toHaveLength(1);
});

it('says when a ticket was resolved before, and publishes nothing then', async () => {
  const other = { ...ticketRequested.example, case_id: 'case-twice', customer_id: 'twice' };
  await installation.publish(ticketRequested, other);
  const opened = await eventually(
    async () => (await installation.events(ticketOpened)).find(({ data }) => data.case_id === 'case-twice'),
    (event) => event !== undefined,
    'the ticket of case-twice',
  );
  const ticket_number = opened?.data.ticket_number ?? 0;
  const by = (name: string) => ({ ticket_number, customer_id: 'twice', by: name });
  await installation.publish(ticketResolutionRequested, by('sam'));
  await installation.publish(ticketResolutionRequested, by('kim'));
  await eventually(
    async () => (await installation.events(agentActivity)).flatMap(({ data }) => data.entries),
    (entries) => entries.some(({ note }) => note?.includes('nothing to do for kim')),
    'the second resolution',
  );
  const resolved = (await installation.events(ticketResolved)).filter(
    ({ data }) => data.customer_id === 'twice',
  );
  expect(resolved.map(({ data }) => data.by)).toEqual(['sam']);
});

it('resolves a ticket over HTTP for who sends the token, once', async () => {
  const post = async (
    path: string,
    body: object,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${notifier.url}/tickets/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...headers, 'content-type': 'application/json' },
    });
    return { status: response.status, body: await response.json() };
  };
  const other = { ...ticketRequested.example, case_id: 'case-http', customer_id: 'http' };
  await installation.publish(ticketRequested, other);
  const opened = await eventually(
    async () => (await installation.events(ticketOpened)).find(({ data }) => data.case_id === 'case-http'),
    (event) => event !== undefined,
    'the ticket of case-http',
  );
  const number = opened?.data.ticket_number ?? 0;
  expect((await post(`${number}/resolve`, { by: 'sam' }, {})).status).toBe(401);
  expect(await post(`${number}/resolve`, {})).toMatchObject({
    status: 400,
    body: { code: 'request_malformed' },
  });
  expect((await post('2000000000/resolve', { by: 'sam' })).status).toBe(404);
  const answer = await post(`${number}/resolve`, { by: 'sam', note: 'Called back.' });
  expect(answer).toMatchObject({ status: 202, body: { number } });
  const resolved = await eventually(
    async () => (await installation.events(ticketResolved)).filter(({ data }) => data.customer_id === 'http'),
    (events) => events.length > 0,
    'the resolution',
  );
  expect(resolved).toMatchObject([{ data: { ticket_number: number, by: 'sam', note: 'Called back.' } }]);
  const { event_id, correlation_id } = answer.body as { event_id: string; correlation_id: string };
  expect(resolved[0]?.metadata).toMatchObject({ causation_id: event_id, correlation_id });
  expect(await post(`${number}/resolve`, { by: 'kim' })).toMatchObject({
    status: 409,
    body: { code: 'ticket_resolved' },
  });
});

it('gives up a resolution of a ticket that is not there', async () => {
  const request = { ...ticketResolutionRequested.example, ticket_number: 2_000_000_000 };
  await installation.publish(ticketResolutionRequested, request);
  const [failed] = await installation.eventsEventually(ticketFailed, 1);
  expect(failed?.data).toMatchObject({
    act: 'resolve',
    ticket_number: 2_000_000_000,
    error_code: 'not_found',
    attempts: 1,
  });
});

it.each([
  ['/tickets?status=closed', 400, 'request_malformed'],
  ['/tickets/abc', 400, 'request_malformed'],
  ['/tickets/2000000000', 404, 'not_found'],
])('answers %s with %i', async (path, status, code) => {
  expect(await get(path)).toMatchObject({ status, body: { code } });
});

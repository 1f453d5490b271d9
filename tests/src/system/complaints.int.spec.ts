import {
  customerUpdated,
  draftApproved,
  draftCreated,
  emailRequested,
  emailSent,
  notificationRequested,
  ticketCommented,
  ticketOpened,
  ticketResolutionRequested,
  ticketResolved,
  type AnyContract,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import { eventually } from '@signalbox/test-kit';
import { AgentTables } from './support/drain.js';
import { messages, messagesWith } from './support/effects.js';
import { seed } from './support/seeds.js';
import { System, patient } from './support/system.js';

const sentimentPath = '/agent/social-sentiment-webhook';

describe('complaints in public', () => {
  let system: System;
  let tables: AgentTables;

  beforeAll(async () => {
    system = await System.start(['gateway', 'agent-sentiment', 'notifier'], patient);
    tables = new AgentTables(system.installation, ['sentiment', 'notifier']);
  }, 150_000);
  afterAll(async () => {
    await tables?.close();
    await system?.stop();
  });

  const complaintOf = (customer: string, more: object = {}): object => ({
    ...(JSON.parse(seed('negative_sentiment_detected').toString('utf8')) as object),
    customer_id: customer,
    ...more,
  });
  const register = (customer: string) =>
    system.installation.publish(customerUpdated, {
      ...customerUpdated.example,
      customer_id: customer,
      email: `${customer}@example.com`,
    });
  /** Events of one customer, or about its case. */
  const eventsOf = <C extends AnyContract>(
    contract: C,
    customer: string,
    count = 1,
  ): Promise<EventEnvelope<DataOf<C>>[]> =>
    eventually(
      async () =>
        (await system.installation.events(contract)).filter(({ data }) =>
          JSON.stringify(data).includes(customer),
        ),
      (events) => events.length >= count,
      `${count} ${contract.type} of ${customer}`,
    );
  const audiencesOf = async (customer: string, count: number): Promise<string[]> =>
    (await eventsOf(notificationRequested, customer, count)).map(({ data }) => data.audience);

  it('the sample, byte for byte and three times: one ticket, one draft, one message', async () => {
    for (let n = 0; n < 3; n += 1)
      expect((await system.post(sentimentPath, seed('negative_sentiment_detected'))).status).toBe(202);
    const [ticket] = await eventsOf(ticketOpened, 'cust_12345');
    expect(ticket?.data).toMatchObject({ case_id: 'case-cust_12345-1', priority: 'high' });
    const [draft] = await eventsOf(draftCreated, 'cust_12345');
    expect(draft?.data).toMatchObject({ reason: 'address_unknown' });
    expect(draft?.data.body_text).toContain('buggy and frustrating');
    await system.slack.http.requests.waitFor(1, 60_000);
    await tables.drained();
    expect(messagesWith(system, 'Jane Doe complains on twitter')).toBe(1);
    expect(messages(system).repeats).toBe(0);
    expect(await system.installation.events(ticketOpened)).toHaveLength(1);
    const listed = await fetch(`${system.app('notifier').url}/tickets`);
    expect(await listed.json()).toMatchObject({ tickets: [{ customerName: 'Jane Doe', resolvedAt: null }] });

    await register('cust_12345');
    await tables.drained();
    expect(await system.installation.events(emailRequested)).toEqual([]);
    const approval = { draft_id: draft?.data.draft_id ?? '', customer_id: 'cust_12345', by: 'sam' };
    await system.installation.publish(draftApproved, approval);
    const [sent] = await eventsOf(emailSent, 'cust_12345');
    expect(sent?.data).toMatchObject({ to: 'cust_12345@example.com', transport: 'smtp' });
  }, 120_000);

  it('of a customer with an address gets a mail at once, and a second complaint joins the ticket', async () => {
    await register('cust_mail');
    await tables.drained();
    await system.deliver(sentimentPath, complaintOf('cust_mail'));
    await eventsOf(emailSent, 'cust_mail');
    expect(system.mail.mails.all.filter(({ to }) => to[0] === 'cust_mail@example.com')).toMatchObject([
      { subject: 'About the trouble with our product' },
    ]);
    await system.deliver(
      sentimentPath,
      complaintOf('cust_mail', { original_post_url: 'https://twitter.com/user/status/2' }),
    );
    const [comment] = await eventsOf(ticketCommented, 'cust_mail');
    await tables.drained();
    expect(comment?.data).toMatchObject({ case_id: 'case-cust_mail-1' });
    const number = (await eventsOf(ticketOpened, 'cust_mail'))[0]?.data.ticket_number;
    const shown = await fetch(`${system.app('notifier').url}/tickets/${number}`);
    expect(await shown.json()).toMatchObject({ priority: 'urgent', comments: [{ priority: 'urgent' }] });
    expect(system.mail.mails.all.filter(({ to }) => to[0] === 'cust_mail@example.com')).toHaveLength(1);
  }, 120_000);

  it('not resolved within four business hours goes up, and up again; resolved, it is quiet', async () => {
    await system.deliver(sentimentPath, complaintOf('cust_late'));
    await system.deliver(sentimentPath, complaintOf('cust_done'));
    const [late] = await eventsOf(ticketOpened, 'cust_late');
    const [done] = await eventsOf(ticketOpened, 'cust_done');
    await resolve(done?.data.ticket_number, 'cust_done');
    await eventsOf(ticketResolved, 'cust_done');
    expect((await audiencesOf('cust_done', 2)).sort()).toEqual(['support', 'support']);
    await tables.drained();

    await stepToNextTimer('cust_late');
    expect(await audiencesOf('cust_late', 2)).toContain('support-lead');
    await stepToNextTimer('cust_late');
    expect(await audiencesOf('cust_late', 3)).toContain('manager');
    expect(await timersOf('cust_late')).toBe(0);
    expect(await audiencesOf('cust_done', 2)).toHaveLength(2);

    await resolve(late?.data.ticket_number, 'cust_late');
    const resolutions = (await eventsOf(notificationRequested, 'cust_late', 6)).filter(
      ({ data }) => data.action === 'resolve',
    );
    expect(resolutions.map(({ data }) => data.audience).sort()).toEqual([
      'manager',
      'support',
      'support-lead',
    ]);
  }, 180_000);

  const resolve = (ticket: number | undefined, customer: string) =>
    system.installation.publish(ticketResolutionRequested, {
      ticket_number: ticket ?? 0,
      customer_id: customer,
      by: 'sam',
    });
  const timersOf = async (customer: string): Promise<number> => {
    const sql = `SELECT count(*) AS timers FROM sb_pending WHERE kind = 'timer' AND key_value = $1`;
    const { rows } = await tables.of('sentiment').query<{ timers: string }>(sql, [customer]);
    return Number(rows[0]?.timers);
  };
  /** Moves the agent's clock to the next timer of a customer. */
  const stepToNextTimer = async (customer: string): Promise<void> => {
    const sql = `
      UPDATE sb_clock SET offset_ms = 1000 + 1000 * extract(epoch FROM
        (SELECT min(due_at) FROM sb_pending WHERE kind = 'timer' AND key_value = $1) - clock_timestamp())`;
    await tables.of('sentiment').query(sql, [customer]);
  };
});

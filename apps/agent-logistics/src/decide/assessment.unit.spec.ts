import { emailRequested, notificationRequested, type DataOf } from '@signalbox/contracts';
import { event, given, timer } from '@signalbox/test-kit';
import { delay, network, order, play, registered } from '../../test/agent.js';
import { customerAffected, productAssessed } from '../internal-events.js';
import { shipmentState, type ShipmentState } from '../state/shipment.state.js';
import { assessmentTimer, decideAssessed, decideTimeout, openAssessment } from './assessment.decide.js';
import { decideDelay } from './delay.decide.js';

const facts = customerAffected.example.facts;
const waiting = (...awaiting: string[]): ShipmentState => ({
  revision: 3,
  delay: { facts, products: ['PROD-A', 'PROD-B'], act: true },
  assessment: openAssessment(awaiting),
});
const answer = (more: Partial<DataOf<typeof productAssessed>> = {}) =>
  event(productAssessed, { ...productAssessed.example, revision: 3, ...more });
const decided = (state: ShipmentState, more: Partial<DataOf<typeof productAssessed>> = {}) =>
  given(state, shipmentState)
    .when(answer(more))
    .with((input) => decideAssessed(input.state, input.event.data, network));

describe('decideAssessed', () => {
  it('waits for the other products', () => {
    const decision = decided(waiting('PROD-A', 'PROD-B'));
    expect(decision.outputs).toHaveLength(1);
    expect(decision.outputs[0]).toMatchObject({
      kind: 'set_state',
      state: { assessment: { awaiting: ['PROD-B'] } },
    });
  });

  it('acts on the last answer and forgets the question', () => {
    const decision = decided(waiting('PROD-A'));
    const { assessment: _done, ...rest } = waiting();
    expect(decision.outputs[0]).toEqual({ kind: 'set_state', state: rest });
    expect(decision.emitted(notificationRequested)).toHaveLength(2);
    expect(decision.emitted(customerAffected)).toHaveLength(1);
  });

  it('takes an answer in parts: only the last part ends the waiting', () => {
    const decision = decided(waiting('PROD-A'), { last: false });
    expect(decision.outputs[0]).toMatchObject({
      state: { assessment: { awaiting: ['PROD-A'], orders: [{}] } },
    });
  });

  it('takes what is found later into an open question, and does not end it', () => {
    const decision = decided(waiting('PROD-A'), { follow_up: true });
    expect(decision.outputs[0]).toMatchObject({
      state: { assessment: { awaiting: ['PROD-A'], orders: [{}] } },
    });
    expect(decision.emitted(customerAffected)).toEqual([]);
  });

  it('passes over answers to an older question and to one not asked', () => {
    decided(waiting('PROD-A'), { revision: 2 }).thenNothing();
    decided({ revision: 3 }).thenNothing();
    decided({ ...waiting('PROD-A'), delay: { facts, products: [], act: false } }).thenNothing();
  });

  it('lets the mails go when 2,000 orders have come together, and goes on waiting', () => {
    const rows = Array.from({ length: 1_999 }, (_, index) => ({
      ...productAssessed.example.orders[0]!,
      order_id: `O${index}`,
      customer_id: `C${index % 500}`,
      product_id: 'PROD-B',
    }));
    const state = waiting('PROD-A', 'PROD-B');
    const full = { ...state, assessment: { ...openAssessment(['PROD-A', 'PROD-B']), orders: rows } };
    const decision = decided(full, { last: false });
    expect(decision.emitted(customerAffected)).toHaveLength(501);
    expect(decision.outputs[0]).toMatchObject({ state: { assessment: { orders: [], customers_told: 501 } } });
  });
});

describe('the time for answers', () => {
  const fired = (state: ShipmentState, revision: number) =>
    given(state, shipmentState)
      .when(timer(assessmentTimer, { payload: revision, dueAt: '2026-04-05T12:00:00Z' }))
      .with((input) => decideTimeout(input.state, input.timer.payload, network));

  it('is over: people are told without the products that did not answer', () => {
    const [message] = fired(waiting('PROD-B'), 3).emitted(notificationRequested);
    expect(message?.body_text).toContain('1 product could not be assessed yet.');
  });

  it('does not end a newer question, nor one that is answered', () => {
    fired(waiting('PROD-B'), 2).thenNothing();
    const { assessment: _done, ...answered } = waiting();
    fired(answered, 3).thenNothing();
  });

  it('is set with the question and cancelled with the last answer', () => {
    const story = play(registered(), order(), delay());
    expect(story.timers()).toEqual([]);
    expect(story.emitted(emailRequested)).toHaveLength(1);
    const [question] = given()
      .when(delay())
      .at('2026-11-22T01:00:00Z')
      .with((input) => decideDelayAt(input))
      .outputs.filter((output) => output.kind === 'set_timer');
    expect(question).toMatchObject({
      name: assessmentTimer,
      dueAt: new Date('2026-11-22T01:01:00Z'),
      payload: 1,
    });
  });
});

const decideDelayAt = (input: { event: Parameters<typeof decideDelay>[1]; now: Date }) =>
  decideDelay(undefined, input.event, { network, now: input.now });

import { cancelTimer, emit, note, setState, type EmitOutput, type Output } from '@signalbox/agent-kit';
import { notificationRequested, type DataOf } from '@signalbox/contracts';
import { lastByKey } from '../group.js';
import type { productAssessed } from '../internal-events.js';
import { candidatesPerDelayMax, ordersPerAssessmentMax } from '../limits.js';
import type { Network } from '../network/network.js';
import type { Assessment, KnownDelay, ShipmentState } from '../state/shipment.state.js';
import { noticeId } from '../state/notice.state.js';
import { notificationBody, notificationTitle, type Situation } from '../texts/notification.text.js';
import { tellCustomers } from './customers.decide.js';
import { wantEarlier } from './priorities.decide.js';
import { rankRoutes } from './routes.decide.js';

/** The timer that ends an assessment whose answers do not all come. */
export const assessmentTimer = 'assessment';

type Answer = DataOf<typeof productAssessed>;
/** A shipment whose delay is worked on. */
export type DelayedShipment = ShipmentState & { readonly delay: KnownDelay };

export const openAssessment = (products: readonly string[]): Assessment => ({
  awaiting: [...products],
  shortages: [],
  orders: [],
  candidates: [],
  customers_told: 0,
});

/** Decides on a product's answer: collects it, and acts when it was the last one or came after the end. */
export function decideAssessed(
  state: ShipmentState | undefined,
  answer: Answer,
  network: Network,
): Output<ShipmentState>[] {
  if (!state?.delay?.act || answer.revision !== state.revision) {
    return [
      note(`${answer.product_id} answers a question about ${answer.shipment_id} that is no longer asked.`),
    ];
  }
  const shipment: DelayedShipment = { ...state, delay: state.delay };
  if (!state.assessment)
    return actOn(shipment, merged(openAssessment([]), answer), answer.news ? 'update' : 'silent', network);
  const assessment = merged(state.assessment, answer);
  if (assessment.awaiting.length === 0) return closeAssessment(shipment, assessment, network);
  if (assessment.orders.length < ordersPerAssessmentMax) return [setState({ ...state, assessment })];
  return letMailsGo(shipment, assessment);
}

/** Decides when the time for answers is over: people are told what is known by then. */
export function decideTimeout(
  state: ShipmentState | undefined,
  revision: unknown,
  network: Network,
): Output<ShipmentState>[] {
  if (!state?.delay || !state.assessment || state.revision !== revision) return [];
  const missing = state.assessment.awaiting.length;
  const shipment: DelayedShipment = { ...state, delay: state.delay };
  return [
    note(`${missing} products did not answer in time.`),
    ...closeAssessment(shipment, state.assessment, network),
  ];
}

/** Ends an assessment: mails, wishes to other shipments, and one message to inventory and one to sales. */
export function closeAssessment(
  shipment: DelayedShipment,
  assessment: Assessment,
  network: Network,
): Output<ShipmentState>[] {
  const { assessment: _done, ...rest } = shipment;
  return [
    setState(rest),
    cancelTimer(assessmentTimer),
    ...actOn(shipment, assessment, shipment.revision > 1 ? 'update' : 'first', network),
  ];
}

function merged(before: Assessment, answer: Answer): Assessment {
  const { product_id, shortage } = answer;
  const found = shortage ? [{ product_id, ...shortage }] : [];
  const orders = answer.orders.map((order) => ({ ...order, product_id }));
  const candidates = found.flatMap(({ short_from }) =>
    answer.candidates.map((shipment_id) => ({ shipment_id, product_id, short_from })),
  );
  const answered = answer.last && !answer.follow_up;
  return {
    ...before,
    awaiting: answered ? before.awaiting.filter((one) => one !== product_id) : before.awaiting,
    shortages: lastByKey([...before.shortages, ...found], (one) => one.product_id),
    orders: lastByKey([...before.orders, ...orders], (one) => JSON.stringify([one.order_id, one.product_id])),
    candidates: wishes([...before.candidates, ...candidates]),
  };
}

/** One wish per shipment and product, of at most 100 shipments. */
function wishes(all: Assessment['candidates']): Assessment['candidates'] {
  const unique = lastByKey(all, (one) => JSON.stringify([one.shipment_id, one.product_id]));
  const shipments = new Set(
    [...new Set(unique.map((one) => one.shipment_id))].slice(0, candidatesPerDelayMax),
  );
  return unique.filter((one) => shipments.has(one.shipment_id));
}

/** Too many orders to keep: their customers' mails go now, without waiting for the other products. */
function letMailsGo(shipment: DelayedShipment, assessment: Assessment): Output<ShipmentState>[] {
  const customers_told = assessment.customers_told + countCustomers(assessment);
  return [
    setState({ ...shipment, assessment: { ...assessment, orders: [], customers_told } }),
    ...tellCustomers(assessment.orders, shipment.delay.facts),
  ];
}

const countCustomers = (assessment: Assessment): number =>
  new Set(assessment.orders.map((order) => order.customer_id)).size;

/** Everything an assessment leads to. What is found later is told to people only when it is a new shortage. */
function actOn(
  shipment: DelayedShipment,
  assessment: Assessment,
  telling: 'first' | 'update' | 'silent',
  network: Network,
): EmitOutput[] {
  const { facts } = shipment.delay;
  return [
    ...tellCustomers(assessment.orders, facts),
    ...wantEarlier(assessment.candidates, facts),
    ...(telling === 'silent' ? [] : notifications(shipment, assessment, telling === 'update', network)),
  ];
}

function notifications(
  shipment: DelayedShipment,
  assessment: Assessment,
  update: boolean,
  network: Network,
): EmitOutput[] {
  const { facts, products } = shipment.delay;
  const situation: Situation = {
    facts,
    products,
    booking: shipment.booking,
    routes: shipment.booking && rankRoutes(shipment.booking, facts, network),
    assessment,
    customers: assessment.customers_told + countCustomers(assessment),
    wanted: [...new Set(assessment.candidates.map((one) => one.shipment_id))],
    update,
  };
  return (['inventory', 'sales'] as const).map((audience) =>
    emit(
      notificationRequested,
      {
        subject_kind: 'shipment',
        subject_id: facts.shipment_id,
        channel: 'slack',
        audience,
        action: 'trigger',
        dedup_key: dedupKey(facts.shipment_id, facts.new_eta),
        severity: assessment.shortages.length > 0 ? 'high' : 'medium',
        title: notificationTitle(situation),
        body_text: notificationBody(situation, audience, network),
      },
      { label: audience },
    ),
  );
}

/** At most 255 characters, also for the longest id: a long one is told apart by its digest. */
function dedupKey(shipmentId: string, newEta: string): string {
  const plain = `delay/${shipmentId}/${newEta}`;
  return plain.length <= 255 ? plain : `delay/${noticeId(shipmentId, newEta)}`;
}

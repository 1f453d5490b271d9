import type { DecideInput, Output, TimerInput } from '@signalbox/agent-kit';
import { AgentHandlers, On, OnTimer } from '@signalbox/agent-kit-nest';
import {
  orderPlaced,
  shipmentRegistered,
  shippingDelay,
  stockChanged,
  type DataOf,
} from '@signalbox/contracts';
import { Inject } from '@nestjs/common';
import { assessmentTimer, decideAssessed, decideTimeout } from './decide/assessment.decide.js';
import { decideNotice } from './decide/customers.decide.js';
import { decideDelay, decideRegistered } from './decide/delay.decide.js';
import { decideOrder } from './decide/order.decide.js';
import { decideWanted } from './decide/priorities.decide.js';
import { decideBooked, decideDelayed, decideOrdered, decideStock } from './decide/product.decide.js';
import {
  customerAffected,
  productAssessed,
  productBooked,
  productDelayed,
  productOrdered,
  shipmentWanted,
} from './internal-events.js';
import { NETWORK } from './network/load-network.js';
import type { Network } from './network/network.js';
import { noticeState, type NoticeState } from './state/notice.state.js';
import { productState, type ProductState } from './state/product.state.js';
import { shipmentState, type ShipmentState } from './state/shipment.state.js';

type Input<S, C> = DecideInput<S, DataOf<C>>;

/** What the agent listens to; the rules are in `decide/`. One class per agent, one method per event type. */
@AgentHandlers()
export class LogisticsHandlers {
  constructor(@Inject(NETWORK) private readonly network: Network) {}

  @On(shipmentRegistered, { state: shipmentState })
  registered({
    state,
    event,
    now,
  }: Input<ShipmentState, typeof shipmentRegistered>): readonly Output<ShipmentState>[] {
    return decideRegistered(state, event, { network: this.network, now });
  }

  @On(shippingDelay, { state: shipmentState })
  delayed({
    state,
    event,
    now,
  }: Input<ShipmentState, typeof shippingDelay>): readonly Output<ShipmentState>[] {
    return decideDelay(state, event, { network: this.network, now });
  }

  @On(productAssessed, { state: shipmentState })
  assessed({ state, event }: Input<ShipmentState, typeof productAssessed>): readonly Output<ShipmentState>[] {
    return decideAssessed(state, event.data, this.network);
  }

  @OnTimer(shipmentState, assessmentTimer)
  assessmentOverdue({ state, timer }: TimerInput<ShipmentState>): readonly Output<ShipmentState>[] {
    return decideTimeout(state, timer.payload, this.network);
  }

  @On(shipmentWanted, { state: shipmentState })
  wanted({ state, event }: Input<ShipmentState, typeof shipmentWanted>): readonly Output<ShipmentState>[] {
    return decideWanted(state, event.data, this.network);
  }

  @On(orderPlaced)
  ordered({ event }: Input<undefined, typeof orderPlaced>): readonly Output[] {
    return decideOrder(event.data);
  }

  @On(productOrdered, { state: productState })
  productOrdered({
    state,
    event,
  }: Input<ProductState, typeof productOrdered>): readonly Output<ProductState>[] {
    return decideOrdered(state, event.data);
  }

  @On(productBooked, { state: productState })
  productBooked({
    state,
    event,
  }: Input<ProductState, typeof productBooked>): readonly Output<ProductState>[] {
    return decideBooked(state, event.data);
  }

  @On(stockChanged, { state: productState })
  stockCounted({ state, event }: Input<ProductState, typeof stockChanged>): readonly Output<ProductState>[] {
    return decideStock(state, event.data);
  }

  @On(productDelayed, { state: productState })
  productDelayed({
    state,
    event,
  }: Input<ProductState, typeof productDelayed>): readonly Output<ProductState>[] {
    return decideDelayed(state, event.data);
  }

  @On(customerAffected, { state: noticeState })
  customerAffected({
    state,
    event,
  }: Input<NoticeState, typeof customerAffected>): readonly Output<NoticeState>[] {
    return decideNotice(state, event.data, this.network);
  }
}

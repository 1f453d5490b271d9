import type { DecideInput, Output, TimerInput } from '@signalbox/agent-kit';
import { AgentHandlers, On, OnTimer } from '@signalbox/agent-kit-nest';
import {
  customerUpdated,
  draftApproved,
  draftRejected,
  negativeSentimentDetected,
  ticketOpened,
  ticketResolved,
} from '@signalbox/contracts';
import { Inject } from '@nestjs/common';
import { followUpTimer, type TimerPayload } from './cases.js';
import { customerState, type Customer, type CustomerState } from './customer.state.js';
import { onApproved, onCustomerUpdated, onRejected, type Approval, type Rejection } from './drafts.decide.js';
import {
  onComplaint,
  onFollowUp,
  onTicketOpened,
  onTicketResolved,
  type Detected,
  type Opened,
  type Resolved,
} from './sentiment.decide.js';
import type { SentimentRules } from './sentiment.settings.js';

export const SENTIMENT_RULES = Symbol('sentiment rules');

type Outputs = readonly Output<CustomerState>[];

@AgentHandlers()
export class SentimentHandlers {
  constructor(@Inject(SENTIMENT_RULES) private readonly rules: SentimentRules) {}

  @On(negativeSentimentDetected, { state: customerState })
  negativeSentimentDetected(input: DecideInput<CustomerState, Detected>): Outputs {
    return onComplaint(input, this.rules);
  }

  @On(ticketOpened, { state: customerState })
  ticketOpened(input: DecideInput<CustomerState, Opened>): Outputs {
    return onTicketOpened(input);
  }

  @On(ticketResolved, { state: customerState })
  ticketResolved(input: DecideInput<CustomerState, Resolved>): Outputs {
    return onTicketResolved(input, this.rules);
  }

  @OnTimer(customerState, followUpTimer)
  followUp(input: TimerInput<CustomerState, TimerPayload>): Outputs {
    return onFollowUp(input, this.rules);
  }

  @On(customerUpdated, { state: customerState })
  customerUpdated(input: DecideInput<CustomerState, Customer>): Outputs {
    return onCustomerUpdated(input);
  }

  @On(draftApproved, { state: customerState })
  draftApproved(input: DecideInput<CustomerState, Approval>): Outputs {
    return onApproved(input);
  }

  @On(draftRejected, { state: customerState })
  draftRejected(input: DecideInput<CustomerState, Rejection>): Outputs {
    return onRejected(input);
  }
}

import { agentActivity } from './events/agent-activity.js';
import { alertRaised } from './events/alert-raised.js';
import { customerUpdated } from './events/customer.js';
import { draftApproved, draftCompleted, draftCreated, draftRejected } from './events/draft.js';
import { emailFailed, emailRequested, emailSent } from './events/email.js';
import { incidentOpened, incidentResolved, incidentUpdated } from './events/incident.js';
import { leadQualified } from './events/lead-qualified.js';
import {
  orderPlaced,
  routesRanked,
  shipmentRegistered,
  shipmentReprioritized,
  shortagePredicted,
  stockChanged,
} from './events/logistics.js';
import { negativeSentimentDetected } from './events/negative-sentiment-detected.js';
import { notificationFailed, notificationRequested, notificationSent } from './events/notification.js';
import { remediationCompleted, remediationFailed, remediationRequested } from './events/remediation.js';
import { serviceDown } from './events/service-down.js';
import { serviceRecovered } from './events/service-recovered.js';
import { shippingDelay } from './events/shipping-delay.js';
import { subscriptionStarted } from './events/subscription-started.js';
import {
  ticketCommented,
  ticketCommentRequested,
  ticketFailed,
  ticketOpened,
  ticketRequested,
  ticketResolutionRequested,
  ticketResolved,
} from './events/ticket.js';
import { trialConverted, trialExpired, trialStarted } from './events/trial.js';
import { usageRecorded } from './events/usage-recorded.js';
import { userSignedUp } from './events/user-signed-up.js';
import { webhookReceived } from './events/webhook-received.js';
import type { AnyContract } from './contract.js';

/** Every public event type, by name. Agents' internal events are not in it. */
export const catalogue: ReadonlyMap<string, AnyContract> = new Map(
  (
    [
      negativeSentimentDetected,
      shippingDelay,
      serviceDown,
      serviceRecovered,
      userSignedUp,
      usageRecorded,
      subscriptionStarted,
      leadQualified,
      trialStarted,
      trialConverted,
      trialExpired,
      emailRequested,
      emailSent,
      emailFailed,
      notificationRequested,
      notificationSent,
      notificationFailed,
      incidentOpened,
      incidentUpdated,
      incidentResolved,
      remediationRequested,
      remediationCompleted,
      remediationFailed,
      shipmentRegistered,
      orderPlaced,
      stockChanged,
      routesRanked,
      shortagePredicted,
      shipmentReprioritized,
      customerUpdated,
      draftCreated,
      draftCompleted,
      draftApproved,
      draftRejected,
      ticketRequested,
      ticketCommentRequested,
      ticketResolutionRequested,
      ticketOpened,
      ticketCommented,
      ticketResolved,
      ticketFailed,
      webhookReceived,
      agentActivity,
      alertRaised,
    ] satisfies AnyContract[] as AnyContract[]
  ).map((contract) => [contract.type, contract]),
);

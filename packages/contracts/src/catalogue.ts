import { agentActivity } from './events/agent-activity.js';
import { alertRaised } from './events/alert-raised.js';
import { customerUpdated } from './events/customer-updated.js';
import { draftApproved } from './events/draft-approved.js';
import { draftCompleted } from './events/draft-completed.js';
import { draftCreated } from './events/draft-created.js';
import { draftRejected } from './events/draft-rejected.js';
import { emailFailed } from './events/email-failed.js';
import { emailRequested } from './events/email-requested.js';
import { emailSent } from './events/email-sent.js';
import { incidentOpened } from './events/incident-opened.js';
import { incidentResolved } from './events/incident-resolved.js';
import { incidentUpdated } from './events/incident-updated.js';
import { leadQualified } from './events/lead-qualified.js';
import { orderPlaced } from './events/order-placed.js';
import { routesRanked } from './events/routes-ranked.js';
import { shipmentRegistered } from './events/shipment-registered.js';
import { shipmentReprioritized } from './events/shipment-reprioritized.js';
import { shortagePredicted } from './events/shortage-predicted.js';
import { stockChanged } from './events/stock-changed.js';
import { negativeSentimentDetected } from './events/negative-sentiment-detected.js';
import { notificationFailed } from './events/notification-failed.js';
import { notificationRequested } from './events/notification-requested.js';
import { notificationSent } from './events/notification-sent.js';
import { remediationCompleted } from './events/remediation-completed.js';
import { remediationFailed } from './events/remediation-failed.js';
import { remediationRequested } from './events/remediation-requested.js';
import { serviceDown } from './events/service-down.js';
import { serviceRecovered } from './events/service-recovered.js';
import { shippingDelay } from './events/shipping-delay.js';
import { subscriptionStarted } from './events/subscription-started.js';
import { ticketCommented } from './events/ticket-commented.js';
import { ticketCommentRequested } from './events/ticket-comment-requested.js';
import { ticketFailed } from './events/ticket-failed.js';
import { ticketOpened } from './events/ticket-opened.js';
import { ticketRequested } from './events/ticket-requested.js';
import { ticketResolutionRequested } from './events/ticket-resolution-requested.js';
import { ticketResolved } from './events/ticket-resolved.js';
import { trialConverted } from './events/trial-converted.js';
import { trialExpired } from './events/trial-expired.js';
import { trialStarted } from './events/trial-started.js';
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

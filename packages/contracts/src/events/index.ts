export { agentActivity, type ActivityEntry } from './agent-activity.js';
export { alertRaised } from './alert-raised.js';
export { customerUpdated } from './customer.js';
export { draftApproved, draftCompleted, draftCreated, draftRejected } from './draft.js';
export { emailFailed, emailRequested, emailSent } from './email.js';
export { incidentOpened, incidentResolved, incidentUpdated } from './incident.js';
export { leadQualified } from './lead-qualified.js';
export {
  orderPlaced,
  routesRanked,
  shipmentRegistered,
  shipmentReprioritized,
  shortagePredicted,
  stockChanged,
} from './logistics.js';
export { negativeSentimentDetected } from './negative-sentiment-detected.js';
export { notificationFailed, notificationRequested, notificationSent } from './notification.js';
export { remediationCompleted, remediationFailed, remediationRequested } from './remediation.js';
export { serviceDown } from './service-down.js';
export { serviceRecovered } from './service-recovered.js';
export { shippingDelay } from './shipping-delay.js';
export { subscriptionStarted } from './subscription-started.js';
export {
  ticketCommented,
  ticketCommentRequested,
  ticketFailed,
  ticketOpened,
  ticketRequested,
  ticketResolutionRequested,
  ticketResolved,
} from './ticket.js';
export { trialConverted, trialExpired, trialStarted } from './trial.js';
export { usageRecorded } from './usage-recorded.js';
export { userSignedUp } from './user-signed-up.js';
export { webhookReceived } from './webhook-received.js';

import { emailFailed, emailSent, notificationFailed, notificationSent } from '@signalbox/contracts';
import { emailEvent, notificationEvent } from '../test/events.js';
import { emailGivenUp, emailSentOf, notificationGivenUp, notificationSentOf } from './results.format.js';

const failure = { errorCode: 'outbound_refused', reason: 'x'.repeat(2_000), attempts: 3 };

it('tells of a mail that was taken', () => {
  const output = emailSentOf(emailEvent(), { messageId: '<1@a.example>', transport: 'smtp' });
  expect(output.contract).toBe(emailSent);
  expect(emailSent.schema.parse(output.data)).toMatchObject({
    request_id: 'c0ffee00-0000-5000-8000-000000000001',
    message_id: '<1@a.example>',
    transport: 'smtp',
  });
});

it('tells of a mail that was given up', () => {
  const [output] = emailGivenUp(emailEvent(), failure);
  expect(output?.contract).toBe(emailFailed);
  expect(emailFailed.schema.parse(output?.data)).toMatchObject({
    error_code: 'outbound_refused',
    reason: 'x'.repeat(1_000),
    attempts: 3,
  });
});

it('tells of a notification that was taken', () => {
  const output = notificationSentOf(notificationEvent(), 'pagerduty');
  expect(notificationSent.schema.parse(output.data)).toEqual({
    ...notificationSent.example,
    channel: 'pagerduty',
    transport: 'pagerduty',
  });
});

it('tells of a notification that was given up, also without a reason', () => {
  const [output] = notificationGivenUp(notificationEvent(), { ...failure, reason: '' });
  expect(notificationFailed.schema.parse(output?.data)).toMatchObject({ reason: 'outbound_refused' });
});

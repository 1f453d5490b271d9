import { setState } from '@signalbox/agent-kit';
import { notificationRequested, usageRecorded } from '@signalbox/contracts';
import { event, given } from '@signalbox/test-kit';
import { noticeEagerUser, usage } from './eager-user.decide.js';

const used = (quantity: number) =>
  event(usageRecorded, { user_id: 'usr-1', feature: 'export', quantity, unit: 'call' });

it('tells sales when the hundredth use comes, and not again', () => {
  const decision = given({ total: 99 }, usage).when(used(1)).with(noticeEagerUser);
  decision.thenIncludes(setState({ total: 100 }));
  expect(decision.emitted(notificationRequested)).toMatchObject([{ audience: 'sales' }]);

  given({ total: 100 }, usage)
    .when(used(1))
    .with(noticeEagerUser)
    .then(setState({ total: 101 }));
});

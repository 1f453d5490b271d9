import { decidingHandlers } from '@signalbox/agent-kit-nest';
import { remediationRequested } from '@signalbox/contracts';
import { TestBus, sameUnderFaults } from '@signalbox/test-kit';
import { after, completed, down, noon, up } from '../test/samples.js';
import { OpsHandlers } from './ops.handlers.js';

const ops = { name: 'ops', handlers: decidingHandlers(new OpsHandlers()) };
const steps = (bus: TestBus): string[] => bus.emitted(remediationRequested).map(({ action }) => action);

it('gives a step its time and then tries the next, until the service is back', async () => {
  const bus = await TestBus.open({ agents: [ops], startsAt: noon });
  await bus.publish(down(noon));
  await bus.publish(completed(after(1)));
  await bus.advanceTo(new Date(Date.parse(after(3)) - 1));
  expect(steps(bus)).toEqual(['restart']);
  await bus.advance(1);
  expect(steps(bus)).toEqual(['restart', 'scale']);
  await bus.publish(up(after(4)));
  await bus.advance('7d');
  expect([steps(bus), bus.timers()]).toEqual([['restart', 'scale'], []]);
});

it(
  'has the same effects whatever is repeated, reordered, lost or killed',
  () =>
    sameUnderFaults({ agents: [ops], startsAt: noon }, async (bus) => {
      await bus.publish(down(noon));
      await bus.publish(completed(after(1)));
      await bus.advanceTo(after(30));
      await bus.publish(up(after(31)));
    }),
  180_000,
);

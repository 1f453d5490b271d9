import { remediationCompleted, remediationFailed } from '@signalbox/contracts';
import { HttpReceiver } from '@signalbox/test-kit';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attemptOf, requestEvent } from '../test/requests.js';
import { AllowListFile } from './allow-list.file.js';
import { RemediatorHandlers } from './remediator.handlers.js';
import { completedOf, givenUp } from './remediation.format.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remediator-'));
  path = join(folder, 'list.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

function handlers(...entries: object[]): RemediatorHandlers {
  writeFileSync(path, JSON.stringify({ version: 1, entries }));
  return new RemediatorHandlers(new AllowListFile(path));
}

it('runs an allowed command and reports outcome and duration', async () => {
  const argv = [process.execPath, '-e', 'process.stdout.write("done")'];
  const remediator = handlers({ service: 'PaymentGatewayService', action: 'restart', command: { argv } });
  const [output] = await remediator.remediate(requestEvent(), attemptOf());
  if (output?.kind !== 'emit') throw new Error('nothing was emitted');
  const data = remediationCompleted.schema.parse(output.data);
  expect(data).toMatchObject({
    request_id: 'c0ffee00-0000-5000-8000-000000000003',
    step: 1,
    action: 'restart',
  });
  expect(data.outcome).toMatch(/ended with code 0: done$/);
  expect(data.duration_ms).toBeGreaterThan(0);
});

it('calls an allowed hook', async () => {
  const receiver = await HttpReceiver.start(() => ({ status: 200 }));
  const http = { url: `${receiver.origin}/restart`, allow_private: true };
  try {
    const remediator = handlers({ service: 'PaymentGatewayService', action: 'restart', http });
    await remediator.remediate(requestEvent(), attemptOf());
    expect(receiver.requests.all).toMatchObject([{ path: '/restart' }]);
  } finally {
    await receiver.close();
  }
});

it('runs nothing that is not on the list', async () => {
  await expect(handlers().remediate(requestEvent(), attemptOf())).rejects.toMatchObject({
    code: 'action_not_allowed',
    retryable: false,
  });
});

it('waits for a list that is broken at the moment', async () => {
  const remediator = handlers();
  writeFileSync(path, 'version: 1\nentries: [');
  await expect(remediator.remediate(requestEvent(), attemptOf())).rejects.toMatchObject({
    code: 'handler_failed',
    retryable: true,
  });
});

it('makes valid result events whatever the texts are', () => {
  const completed = completedOf(requestEvent(), '', 0.2);
  expect(remediationCompleted.schema.parse(completed.data)).toMatchObject({ duration_ms: 1 });
  expect(completedOf(requestEvent(), 'x'.repeat(3_000), 1).data).toMatchObject({
    outcome: 'x'.repeat(2_000),
  });
  const failure = { errorCode: 'action_not_allowed', reason: '', attempts: 1 };
  const [failed] = givenUp(requestEvent(), failure);
  expect(remediationFailed.schema.parse(failed?.data)).toMatchObject({ reason: 'action_not_allowed' });
});

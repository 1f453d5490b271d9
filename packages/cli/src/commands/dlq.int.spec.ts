import { note, type DecideInput, type Output } from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, On, launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import { usageRecorded, type DataOf } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { localState } from '@signalbox/local-stack';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { main } from '../main.js';

const broken = new Set<string>();

@AgentHandlers()
class ClerkHandlers {
  @On(usageRecorded, { retry: { delaysMs: [3_600_000, 3_600_000], afterDeadLetter: 'go-on' } })
  record({ event }: DecideInput<unknown, DataOf<typeof usageRecorded>>): readonly Output[] {
    const { feature } = event.data;
    if (feature === 'again') throw new Error('not yet');
    if (broken.has(feature)) throw new FatalError(`${feature} is broken`);
    return [note(feature)];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'clerk', startFrom: 'earliest' })],
  controllers: [ClerkHandlers],
})
class ClerkModule {}

describe('operating an agent from the command line', () => {
  let installation: Installation;
  let agent: RunningAgent;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['clerk'] });
    const settings = { CONTROL_TOKEN: localState().controlToken };
    agent = await launchAgent(ClerkModule, installation.environment(settings));
  });
  afterAll(async () => {
    await agent.stop();
    await installation.close();
  });

  async function signalbox(...args: string[]) {
    const written = { stdout: '', stderr: '' };
    const streams = {
      stdout: { write: (text: string) => (written.stdout += text) },
      stderr: { write: (text: string) => (written.stderr += text) },
    };
    const all = [...args, '--agent', 'clerk', '--url', agent.url];
    const code = await main(all, new AbortController().signal, streams);
    return { code, ...written };
  }
  const json = async <T>(...args: string[]): Promise<T> =>
    JSON.parse((await signalbox(...args, '--json')).stdout) as T;
  const use = (user: string, feature: string) =>
    installation.publish(usageRecorded, { user_id: user, feature, quantity: 1, unit: 'call' });
  interface Letter {
    readonly id: string;
    readonly key: { readonly value: string };
    readonly fingerprint: string;
  }
  const open = (...users: string[]): Promise<Letter[]> =>
    eventually(
      async () => (await json<Letter[]>('dlq', 'list')).filter(({ key }) => users.includes(key.value)),
      (letters) => letters.length === users.length,
      `dead letters of ${users.join(', ')}`,
    );

  it('lists, shows, edits and redrives a dead letter', async () => {
    broken.add('wrong');
    await use('ann', 'wrong');
    const [letter] = await open('ann');
    const id = letter?.id ?? '';
    const listed = await signalbox('dlq', 'list');
    expect(listed.stdout).toMatch(/^ *ID {2}STATUS .*WHY$/m);
    expect(listed.stdout).toMatch(/open .* usage\.recorded .* ann .* handler_fatal: wrong is broken/);
    expect((await signalbox('dlq', 'list', '--by-cause')).stdout).toContain(letter?.fingerprint);
    const shown = await signalbox('dlq', 'show', id);
    expect(shown.stdout).toMatch(/the record\n {2}\{\n {4}"event_id"/);
    const edited = await signalbox('dlq', 'edit', id, '--set', 'feature=right', '--by', 'eve');
    expect(edited).toMatchObject({ code: 0, stderr: '' });
    expect(edited.stdout).toContain('  /data/feature\n    - "wrong"\n    + "right"');
    expect((await signalbox('dlq', 'show', id)).stdout).toMatch(/edited +by eve/);
    expect(await signalbox('dlq', 'redrive', id)).toMatchObject({
      code: 0,
      stdout: `dead letter ${id} goes back to clerk\n`,
    });
    const again = await signalbox('dlq', 'redrive', id);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^error letter_not_open: Dead letter \d+ is redriven\.\n {2}what to do: /);
  });

  it('counts before it redrives many, and then shows how it comes on', async () => {
    broken.add('many');
    const users = ['bea', 'bob', 'bud'];
    for (const user of users) await use(user, 'many');
    const [letter] = await open(...users);
    const fingerprint = letter?.fingerprint ?? '';
    const refused = await signalbox('dlq', 'redrive');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--all') as string });
    const dry = await signalbox('dlq', 'redrive', '--fingerprint', fingerprint);
    expect(dry.stdout).toBe(
      '3 open dead letters match; 3 would be redriven in about 1 s (10 a second).\nAdd --yes to do it.\n',
    );
    expect(await open(...users)).toHaveLength(3);
    broken.delete('many');
    const done = await signalbox('dlq', 'redrive', '--fingerprint', fingerprint, '--yes', '--rate', '100');
    expect(done.code).toBe(0);
    expect(done.stderr).toMatch(/^redrive \d+: 0 of 3 redriven, running, 100 a second\n/);
    expect(done.stdout).toMatch(/^redrive \d+: 3 of 3 redriven, done\n$/);
    expect((await signalbox('dlq', 'runs')).stdout).toBe(done.stdout);
    const id = /redrive (\d+)/.exec(done.stdout)?.[1] ?? '';
    expect((await signalbox('dlq', 'cancel', id)).stderr).toContain('redrive_refused');
  });

  it('discards with a reason, and only with one', async () => {
    broken.add('useless');
    await use('dan', 'useless');
    const [letter] = await open('dan');
    const id = letter?.id ?? '';
    expect((await signalbox('dlq', 'discard', id)).code).toBe(2);
    expect((await signalbox('dlq', 'discard', id, '--why', 'a test')).stdout).toBe(
      `dead letter ${id} is discarded\n`,
    );
    const discarded = await json<Letter[]>('dlq', 'list', '--status', 'discarded');
    expect(discarded.map((one) => one.id)).toContain(id);
  });

  it('shows, releases and empties blocked keys', async () => {
    await use('kim', 'again');
    const kim = ['handler:record', 'kim'];
    await eventually(
      () => signalbox('keys', 'list'),
      ({ stdout }) => /handler:record +kim .* 1 +\+\d.*not yet/.test(stdout),
      'the blocked key',
    );
    expect((await signalbox('keys', 'release', ...kim)).stdout).toBe('key handler:record/kim goes on\n');
    expect((await signalbox('keys', 'drop', ...kim, '--why', 'gone')).stderr).toContain('--head');
    expect((await signalbox('keys', 'drop', ...kim, '--all', '--why', 'gone')).code).toBe(0);
    expect((await signalbox('keys', 'list')).stdout).toBe('No key is blocked.\n');
    expect((await signalbox('keys', 'release', ...kim)).code).toBe(1);
  });

  it('pauses and resumes, holds and releases', async () => {
    expect((await signalbox('agent', 'pause', '--why', 'look', '--by', 'ann')).stdout).toMatch(
      /^clerk is paused by ann since .* UTC: look\nEffects are not held\.\n$/,
    );
    expect(agent.runtime.status().isPaused).toBe(true);
    expect((await signalbox('agent', 'resume')).stdout).toMatch(/^clerk is not paused\./);
    expect((await signalbox('effects', 'hold', '--why', 'look')).stdout).toMatch(/Effects are held by/);
    expect((await signalbox('effects', 'release')).stdout).toMatch(/Effects are not held/);
    expect((await signalbox('agent', 'status')).stdout).toBe('clerk is not paused.\nEffects are not held.\n');
  });
});

import { AssignmentRelay } from './assignment-relay.js';

const at = (partition: number) => [{ topic: 't', partition }];

function recording() {
  const log: string[] = [];
  let letGo: () => void = () => undefined;
  const relay = new AssignmentRelay({
    onAssigned: (partitions) =>
      void log.push(`assigned ${partitions.map(({ partition }) => partition).join()}`),
    onRevoked: async () => {
      log.push('revoked');
      await new Promise<void>((resolve) => (letGo = resolve));
      log.push('let go');
    },
  });
  return { log, relay, letGo: () => letGo() };
}

describe('AssignmentRelay', () => {
  it('does not revoke what was never announced', async () => {
    const { log, relay } = recording();
    await relay.revoke();
    await relay.assign(at(0));
    expect(log).toEqual(['assigned 0']);
  });

  it('waits with an assignment until the owner has let go, and announces only the latest', async () => {
    const { log, relay, letGo } = recording();
    await relay.assign(at(0));
    void relay.revoke();
    const overtaken = relay.assign(at(1));
    void relay.revoke();
    const latest = relay.assign(at(2));
    expect(log).toEqual(['assigned 0', 'revoked']);
    letGo();
    await Promise.all([overtaken, latest]);
    expect(log).toEqual(['assigned 0', 'revoked', 'let go', 'assigned 2']);
  });

  it('revokes once for each announcement', async () => {
    const { log, relay, letGo } = recording();
    await relay.assign(at(0));
    const first = relay.revoke();
    const second = relay.revoke();
    letGo();
    await Promise.all([first, second]);
    expect(log).toEqual(['assigned 0', 'revoked', 'let go']);
  });
});

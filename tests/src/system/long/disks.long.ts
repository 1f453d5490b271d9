import { eventually } from '@signalbox/test-kit';
import { FaultWorld } from '../support/fault-world.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { passed } from '../support/passed.js';
import { SmallDisk } from '../support/small-disk.js';
import { ThreeBrokers } from '../support/three-brokers.js';

const fullMs = 20_000;
const senders = 4;
/** Room for an empty cluster, its write-ahead log and the rows of a run. */
const postgresMb = 400;
const brokerMb = 200;

/** `npm run test:faults`: scenario 18 of docs/reference/faults.md. Mounts a tmpfs, so it needs root. */
describe('a disk that is full under load', () => {
  it('18: the disk of PostgreSQL is full and has room again', async () => {
    const disk = SmallDisk.mount(postgresMb);
    let world: FaultWorld | undefined;
    try {
      const postgres = await OwnPostgres.start(disk.dir, { min_wal_size: '32MB', max_wal_size: '64MB' });
      world = await FaultWorld.start(postgres);
      await world.survives('Full', 2, async () => {
        disk.fill();
        await passed(fullMs);
        disk.free();
        // A server that could not write its log has ended; whoever watches over it starts it again.
        if (!postgres.running) await postgres.killAndStart();
      });
      expect(postgres.log).toContain('No space left on device');
    } finally {
      disk.free();
      await world?.stop();
      disk.unmount();
    }
  }, 600_000);

  it('18: the disk of a broker is full, the others go on, and it comes back when it has room', async () => {
    const disk = SmallDisk.mount(brokerMb);
    let world: ThreeBrokers | undefined;
    try {
      const three = await ThreeBrokers.start({ dirOf: (id) => (id === 1 ? disk.dir : undefined) });
      world = three;
      const [broker] = three.cluster.brokers;
      await three.holds('Brim', senders, async () => {
        disk.fill();
        const filledMs = Date.now();
        await eventually(
          () => Promise.resolve(broker?.running),
          (running) => running === false,
          'the end of a broker that cannot write',
          120_000,
        );
        await passed(fullMs);
        disk.free();
        await broker?.start();
        await three.inSync();
        return [filledMs, Date.now()];
      });
    } finally {
      disk.free();
      await world?.stop();
      disk.unmount();
    }
  }, 600_000);
});

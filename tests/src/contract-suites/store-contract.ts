import { claimsContract } from './store/claims.js';
import { inboxAndKeysContract } from './store/inbox-and-keys.js';
import { jobsContract } from './store/jobs.js';
import { outboxAndLettersContract } from './store/outbox.js';
import { queuesContract } from './store/queues.js';
import { processA, processB, type StoreFactory, type Stores } from './store/stores.js';
import { timersContract } from './store/timers.js';

/** What every store promises, in memory and on PostgreSQL: the same cases, each on empty tables. */
export function storeContract(title: string, make: () => Promise<StoreFactory>): void {
  describe(`the store's contract: ${title}`, () => {
    let factory: StoreFactory;
    let opened: Stores;
    const stores = (): Stores => opened;
    beforeAll(async () => {
      factory = await make();
      opened = { a: factory.open(processA), b: factory.open(processB) };
    });
    beforeEach(() => factory.empty());
    afterAll(() => factory.close());

    describe('claims', () => claimsContract(stores));
    describe('inbox and keys', () => inboxAndKeysContract(stores));
    describe('outbox and dead letters', () => outboxAndLettersContract(stores));
    describe('queues of keys', () => queuesContract(stores));
    describe('timers', () => timersContract(stores));
    describe('jobs and acts', () => jobsContract(stores));

    it('answers a ping and tells the agent’s time', async () => {
      await expect(opened.a.ping()).resolves.toBeUndefined();
      expect((await opened.b.now()).getTime()).toBeGreaterThanOrEqual(
        (await opened.a.now()).getTime() - 60_000,
      );
    });
  });
}

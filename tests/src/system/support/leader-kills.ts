import type { ThreeBrokers } from './three-brokers.js';

/** kill -9 of the leader of a partition, `times` times; each time it comes back on its data. Resolves to when it died. */
export async function killLeaders(world: ThreeBrokers, times: number): Promise<number[]> {
  const killedAtMs: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const broker = await world.leader(n % 2);
    await broker.kill();
    killedAtMs.push(Date.now());
    await world.deposed(broker);
    await broker.start();
    await world.inSync();
  }
  return killedAtMs;
}

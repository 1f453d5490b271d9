import { Arrivals } from './arrivals.js';

it('resolves at once when enough is there', async () => {
  const arrivals = new Arrivals<number>();
  arrivals.add(1);
  await expect(arrivals.waitFor(1)).resolves.toEqual([1]);
});

it('resolves when the awaited item comes, not before', async () => {
  const arrivals = new Arrivals<number>();
  let done = false;
  const waiting = arrivals.waitUntil((items) => items.includes(7), 'a seven').then(() => (done = true));
  arrivals.add(1);
  await Promise.resolve();
  expect(done).toBe(false);
  arrivals.add(7);
  await waiting;
  expect(arrivals.all).toEqual([1, 7]);
});

it('says what it waited for when it does not come', async () => {
  const arrivals = new Arrivals<number>();
  arrivals.add(1);
  await expect(arrivals.waitFor(2, 10)).rejects.toThrow('waited 10 ms for 2 arrivals; 1 came');
});

it('forgets', () => {
  const arrivals = new Arrivals<number>();
  arrivals.add(1);
  arrivals.clear();
  expect(arrivals.all).toEqual([]);
});

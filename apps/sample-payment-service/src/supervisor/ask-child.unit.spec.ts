import { HttpReceiver } from '@signalbox/test-kit';
import { askChild } from './ask-child.js';

let receiver: HttpReceiver;
beforeEach(async () => {
  receiver = await HttpReceiver.start(() => ({ status: 201, body: 'taken' }));
});
afterEach(() => receiver.close());

it('passes method, path and body on and the answer back', async () => {
  const ask = { method: 'POST', path: '/payments?a=1', body: Buffer.from('order') };
  const answer = await askChild(receiver.port, ask, 5_000);
  expect({ ...answer, body: answer.body.toString() }).toEqual({ status: 201, body: 'taken' });
  expect(receiver.requests.all).toMatchObject([{ method: 'POST', path: '/payments?a=1' }]);
  expect(receiver.requests.all[0]?.body.toString()).toBe('order');
});

const health = { method: 'GET', path: '/health' };

it('says that no process runs', async () => {
  await expect(askChild(undefined, health, 100)).rejects.toThrow('its process is not running');
});

it('says that the process gave no answer in time', async () => {
  receiver.hangNext();
  await expect(askChild(receiver.port, health, 100)).rejects.toThrow('it gave no answer within 100 ms');
});

it('says what went wrong on the way', async () => {
  receiver.cutNext();
  await expect(askChild(receiver.port, health, 5_000)).rejects.toThrow('socket hang up');
  const { port } = receiver;
  await receiver.close();
  await expect(askChild(port, health, 5_000)).rejects.toThrow('ECONNREFUSED');
});

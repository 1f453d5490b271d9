import { catalogue, type AnyContract } from '@signalbox/contracts';
import { personalNames } from './personal-names.js';

const some = (...types: string[]): ReadonlyMap<string, AnyContract> =>
  new Map(types.map((type) => [type, catalogue.get(type) as AnyContract]));

describe('personalNames', () => {
  it('are those of the contract the payload names', () => {
    const contracts = some('negative_sentiment_detected', 'service_down');
    expect([...personalNames(contracts, { event_type: 'negative_sentiment_detected' })]).toEqual(
      expect.arrayContaining(['customer_name', 'message', 'original_post_url']),
    );
    expect([...personalNames(contracts, { event_type: 'service_down' })]).toEqual([]);
  });

  it.each([{ event_type: 'nonsense' }, { event_type: 1 }, {}, [], null, undefined, 'text'])(
    'are those of every contract of the source when the payload is %j',
    (payload) => {
      const names = personalNames(some('negative_sentiment_detected', 'user.signed_up'), payload);
      expect([...names]).toEqual(expect.arrayContaining(['customer_name', 'message', 'email', 'location']));
    },
  );

  it('are none without contracts', () => {
    expect([...personalNames(new Map(), {})]).toEqual([]);
  });
});

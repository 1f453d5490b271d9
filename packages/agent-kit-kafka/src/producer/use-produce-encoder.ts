import { replaceInternal } from '../replace-internal.js';
import { encodeProduce, type Encoded, type ProduceParts } from './encode-produce.js';

interface ProduceRequest {
  readonly encode: () => Promise<Encoded>;
}

type CreateRequest = (parts: ProduceParts) => ProduceRequest;

let applied = false;

/** Makes kafkajs encode produce requests by `encodeProduce`; what that does not cover goes to kafkajs's own encoder. */
export function useProduceEncoder(): void {
  if (applied) return;
  applied = true;
  // The later versions of the request take their body from this one.
  replaceInternal<CreateRequest>(
    'kafkajs/src/protocol/requests/produce/v3/request',
    (original) => (parts) => {
      const request = original(parts);
      return { ...request, encode: () => Promise.resolve(encodeProduce(parts) ?? request.encode()) };
    },
  );
}

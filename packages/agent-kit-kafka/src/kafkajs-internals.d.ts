declare module 'kafkajs/src/consumer/batch' {
  import type { Batch as PublicBatch } from 'kafkajs';

  /** kafkajs 2.2.4's own class behind the public type `Batch`. */
  class Batch {
    constructor(topic: string, fetchedOffset: string, partitionData: unknown);
    readonly fetchedOffset: string;
    readonly rawMessages: readonly unknown[];
    readonly messages: PublicBatch['messages'];
    readonly highWatermark: string;
    lastOffset(): string;
  }
  export default Batch;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0' {
  /** kafkajs 2.2.4's own encoder of one record. */
  export default function encode(parts: object): { readonly buf: Buffer; readonly buffer: Buffer };
}

declare module 'kafkajs/src/protocol/requests/produce/v3/request' {
  /** kafkajs 2.2.4's own produce request. */
  export default function createRequest(parts: object): {
    readonly encode: () => Promise<{ readonly buffer: Buffer }>;
  };
}

declare module 'kafkajs/src/network/connection' {
  import type { Socket } from 'node:net';

  /** kafkajs 2.2.4's connection to one broker; a client has two for each. */
  class Connection {
    readonly broker: string;
    readonly socket?: Socket;
    isConnected(): boolean;
    connect(): Promise<unknown>;
  }
  export default Connection;
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C' {
  /** kafkajs 2.2.4's own checksum of a batch. */
  export default function crc32C(bytes: Buffer): number;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/decoder' {
  /** kafkajs 2.2.4's own decoder of one record. */
  export default function decode(decoder: object, batch: object): object;
}

declare module 'kafkajs/src/protocol/decoder' {
  /** kafkajs 2.2.4's reader of an answer. */
  export default class Decoder {
    constructor(buffer: Buffer);
  }
}

declare module 'kafkajs/src/network/requestQueue' {
  interface RequestUnderWay {
    readonly sentAt: number | null;
    readonly requestTimeout: number;
    timeoutRequest(): void;
  }

  /** kafkajs 2.2.4's requests of one connection: those under way, and those that wait. */
  class RequestQueue {
    constructor(options: object);
    readonly pending: readonly object[];
    readonly inflight: ReadonlyMap<number, RequestUnderWay>;
    readonly enforceRequestTimeout: boolean;
    /** Milliseconds a request has, unless it asked for more. */
    readonly requestTimeout: number;
    readonly isConnected: () => boolean;
    /** Looks for requests that have taken too long; `destroy` ends it. */
    requestTimeoutIntervalId?: NodeJS.Timeout;
    /** The timer that looks at what waits; null: there is none. */
    readonly throttleCheckTimeoutId: NodeJS.Timeout | null;
    push(request: object): void;
    maybeThrottle(ms: number): void;
    fulfillRequest(answer: object): void;
    scheduleCheckPendingRequests(): void;
    scheduleRequestTimeoutCheck(): void;
    destroy(): void;
  }
  export default RequestQueue;
}

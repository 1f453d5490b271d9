import type { OutboundHttp } from '@signalbox/outbound-http';
import type { OnApplicationShutdown } from '@nestjs/common';

/** Holds the way out and ends its connections when the app has stopped. */
export class OutboundHttpLifecycle implements OnApplicationShutdown {
  constructor(readonly http: OutboundHttp) {}

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}

export { type Publication, type PublishOptions } from './check-publication.js';
export { createOutbox, type Enqueued, type Outbox, type OutboxOptions } from './outbox/outbox.js';
export { createOutboxRelay, type OutboxRelay, type OutboxRelayOptions } from './outbox/outbox-relay.js';
export type { SqlClient } from './outbox/sql-client.js';
export { createPublisher, type Published, type Publisher, type PublisherOptions } from './publisher.js';

import type { AnyContract, DataOf } from '@signalbox/contracts';
import { publicationCheck, type PublishOptions, type SourceOptions } from '../check-publication.js';
import { outboxSql } from './outbox-sql.js';
import type { SqlClient } from './sql-client.js';

export interface OutboxOptions extends SourceOptions {
  /** Default `signalbox_outbox`; may stand in a schema: `sales.outbox`. */
  readonly table?: string;
}

/** An event that is published if, and only if, the caller's transaction commits. */
export interface Enqueued {
  readonly eventId: string;
  readonly correlationId: string;
}

/** For services whose events must not differ from their database: change and event commit together, a relay publishes. */
export interface Outbox {
  /** Creates the two tables where they are missing. Run it with the service's own migrations; doing so twice is harmless. */
  readonly migrationSql: string;
  /**
   * Writes the event through `client`, inside the transaction the caller has open there. Rejects with `event_invalid`
   * or `event_too_large` before anything is written. Events of one key keep their order when the transactions that
   * write them come one after another, as they do when each first locks or changes the entity's row.
   */
  enqueue<C extends AnyContract>(
    client: SqlClient,
    contract: C,
    data: DataOf<C>,
    options?: PublishOptions,
  ): Promise<Enqueued>;
}

/** Throws `config_invalid` for a source service or a table that is no name. */
export function createOutbox(options: OutboxOptions): Outbox {
  const check = publicationCheck(options);
  const { migration, insert } = outboxSql(options.table);
  return {
    migrationSql: migration,
    enqueue: async (client, contract, data, given = {}) => {
      const { topic, key, envelope, record } = check({ ...given, contract, data });
      const values = [
        envelope.event_id,
        topic,
        key.toString('utf8'),
        (record.value ?? Buffer.alloc(0)).toString('base64'),
        JSON.stringify(record.headers),
      ];
      await client.query(insert, values);
      return { eventId: envelope.event_id, correlationId: envelope.metadata.correlation_id };
    },
  };
}

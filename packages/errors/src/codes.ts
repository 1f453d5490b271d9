/** How long the same attempt stays hopeless: `never` = the input is bad, `later` = the world may change. */
export type Retry = 'never' | 'later';

export interface ErrorCodeInfo {
  /** Whether the same call can succeed later without a change to its input. */
  readonly retry: Retry;
  /** One sentence: what went wrong. */
  readonly means: string;
  /** One sentence: what the reader should do. */
  readonly action: string;
  /** HTTP status the gateway answers with, where the code reaches an HTTP client. */
  readonly http?: number;
}

const code = (retry: Retry, means: string, action: string, http?: number): ErrorCodeInfo =>
  Object.freeze(http === undefined ? { retry, means, action } : { retry, means, action, http });

/**
 * The closed list of error codes. `docs/reference/errors.md` is compared with it by a test, both ways.
 * Code branches on these, never on message text.
 */
export const errorCodes = {
  // -- settings and start
  config_invalid: code(
    'never',
    'A setting is missing or malformed.',
    'Correct the named variable and start again.',
  ),
  agent_declaration_invalid: code(
    'never',
    'A handler is declared wrongly.',
    'Correct the declaration the message names; the app does not start until then.',
  ),
  schema_newer: code(
    'never',
    'The database schema is newer than this code and breaks it.',
    'Deploy the newer version of the app.',
  ),
  migration_changed: code(
    'never',
    'An applied migration file was edited.',
    'Restore the file and put the change into a new migration.',
  ),
  migration_failed: code(
    'never',
    'A migration could not be applied.',
    'Read the message: correct the migration or the data, then start again.',
  ),
  stack_unavailable: code(
    'later',
    'The local stack could not start or is not running.',
    'Follow the message: it names the port, process or tool.',
  ),
  // -- events and contracts
  envelope_malformed: code(
    'never',
    'The record is not a readable event envelope.',
    'Publish one of the three documented forms.',
    422,
  ),
  event_type_unknown: code(
    'never',
    'No contract is known for this event type.',
    'Use an event type of the catalogue.',
    422,
  ),
  event_invalid: code(
    'never',
    'The event does not fulfil its contract.',
    'Correct the fields the pointers name.',
    422,
  ),
  event_newer: code(
    'later',
    'The event has a newer version than this code can read.',
    'Deploy the newer version of the app; the event waits for it.',
  ),
  contract_invalid: code(
    'never',
    'An event contract is declared wrongly.',
    'Correct the declaration the message names; nothing starts until then.',
  ),
  id_conflict: code(
    'never',
    'The same event id arrived with another content.',
    'Give the changed event an id of its own.',
    409,
  ),
  hops_exceeded: code(
    'never',
    'The chain of events is longer than 32 hops.',
    'Break the loop between the agents.',
  ),
  event_too_large: code(
    'never',
    'The event is larger than its topic takes.',
    'Store the large part elsewhere and send a reference.',
    413,
  ),
  // -- webhooks
  signature_missing: code(
    'never',
    'The request carries no signature.',
    'Send X-Webhook-Signature over the raw body.',
    401,
  ),
  signature_invalid: code(
    'never',
    'The signature does not match the raw body.',
    'Check the secret and sign the exact bytes sent.',
    403,
  ),
  timestamp_out_of_tolerance: code(
    'never',
    'The signature is right, but its signed time is too far from now.',
    'Correct the clock of the sender; sign each attempt anew.',
    403,
  ),
  mapping_failed: code(
    'never',
    "The source's mapping could not make events of this payload.",
    "Correct the rule the pointer names in the source's record; quarantined webhooks can then be released.",
    422,
  ),
  body_not_json: code('never', 'The body is not valid JSON.', 'Send one JSON object in UTF-8.', 400),
  body_too_large: code('never', 'The body is larger than allowed.', 'Send at most the documented size.', 413),
  media_type_unsupported: code('never', 'The content type is not supported.', 'Send application/json.', 415),
  address_refused: code(
    'never',
    'A webhook came from outside the networks of its source; its sender was answered as if nothing were there.',
    "Add the network to the source's record, if it is the sender's.",
    404,
  ),
  https_required: code(
    'never',
    'The request came over plain HTTP.',
    'Call the https address; behind a proxy, list it in GATEWAY_TRUSTED_PROXIES and let it set X-Forwarded-Proto.',
    403,
  ),
  ticket_resolved: code('never', 'The ticket was resolved before.', 'There is nothing left to do.', 409),
  not_found: code('never', 'There is nothing at this address.', 'Check the path.', 404),
  method_not_allowed: code(
    'never',
    'This address does not take this method.',
    'Use the method the Allow header names.',
    405,
  ),
  request_malformed: code(
    'never',
    'The HTTP request is malformed or too slow.',
    'Send a complete HTTP/1.1 request.',
    400,
  ),
  credentials_missing: code(
    'never',
    'The request carries no credentials.',
    'Send an API key or a signature.',
    401,
  ),
  credentials_invalid: code(
    'never',
    'The API key is unknown or lacks the scope.',
    'Use a key with the needed scope.',
    403,
  ),
  overloaded: code(
    'later',
    'The service has as many requests in hand as it takes.',
    'Send again after Retry-After.',
    503,
  ),
  rate_limited: code('later', 'Too many requests.', 'Wait for the time in Retry-After.', 429),
  internal: code(
    'later',
    'The service failed in a way it did not expect.',
    'Report it with the correlation id.',
    500,
  ),
  // -- broker and database
  broker_unavailable: code(
    'later',
    'Kafka did not take the record in time.',
    'Send again after Retry-After; the same id is handled once.',
    503,
  ),
  broker_refused: code(
    'never',
    'Kafka refused the record for good.',
    'Read the message; it names the limit or the right that is missing.',
  ),
  database_unavailable: code(
    'later',
    'PostgreSQL did not answer.',
    'Nothing: work goes on by itself when it is back.',
  ),
  // -- handlers and connectors
  handler_failed: code('later', 'A handler threw.', 'Correct the handler, then redrive the dead letter.'),
  handler_fatal: code(
    'never',
    'A handler refused the event for good.',
    'Correct the event or the handler, then redrive.',
  ),
  output_invalid: code(
    'never',
    'A handler returned an output that breaks a contract or a limit.',
    'Correct the handler, then redrive.',
  ),
  process_died: code(
    'never',
    'The process ended three times while it handled this event.',
    'Find what ends it, then redrive.',
  ),
  process_stuck: code(
    'later',
    'Work was in hand and both stores answered, and yet nothing was committed or fetched for too long; the process ended itself.',
    "Nothing when it happens once: the supervisor starts the process anew. Otherwise read the message and the process's last log lines.",
  ),
  event_dropped: code(
    'never',
    "A person dropped this event from its key's queue.",
    'Nothing; it is kept among the discarded dead letters.',
  ),
  letter_not_open: code(
    'never',
    'The dead letter was redriven or discarded already, or changed meanwhile.',
    'Look at it again with `signalbox dlq show`.',
    409,
  ),
  redrive_refused: code(
    'never',
    'The dead letter cannot be redriven as it is.',
    'Follow the message: edit the event, deploy the handler, or discard the letter.',
    409,
  ),
  outbound_blocked: code(
    'never',
    'The address must not be called.',
    'Use a public address, or allow it in the settings.',
  ),
  outbound_failed: code(
    'later',
    'The outside service could not be reached or answered with an error.',
    'Nothing: it is tried again.',
  ),
  outbound_refused: code(
    'never',
    'The outside service refused the request for good.',
    'Read its answer in the dead letter and correct the request.',
  ),
  outcome_unknown: code(
    'never',
    'A call was started and its outcome is unknown.',
    'Look at the receiver, then resolve it by hand.',
  ),
  action_not_allowed: code(
    'never',
    'The action is not on the allow-list.',
    'Add it to the allow-list file or correct the runbook.',
  ),
} as const satisfies Record<string, ErrorCodeInfo>;

export type ErrorCode = keyof typeof errorCodes;

/** Characters of one expression. */
export const expressionCharsMax = 10_000;
/** Steps one expression may take for one payload: how much it computes, whatever the machine is busy with. */
export const stepsMax = 10_000;
/** Calls within calls. */
export const callDepthMax = 200;
/** Entries of any list an expression makes. */
export const listEntriesMax = 10_000;
/** How long the mapping of one webhook may take, in milliseconds: the last resort against what steps do not count. */
export const evaluateMsMax = 2_000;
/** Rules of one mapping. */
export const rulesMax = 100;
/** Events made of one webhook. */
export const eventsPerWebhookMax = 200;
/** Bytes of one event's data as JSON. */
export const dataBytesMax = 1_000_000;

/**
 * Functions of the language that a mapping may not use: the same webhook sent again must give the same event, text of
 * a payload must never be run, and no call may make memory out of a number.
 */
export const forbiddenFunctions: ReadonlySet<string> = new Set([
  'now',
  'millis',
  'random',
  'shuffle',
  'eval',
  'pad',
]);

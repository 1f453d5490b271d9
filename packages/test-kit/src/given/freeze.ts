/** Freezes a value of plain data to its leaves and hands it back; a handler that writes to it throws a TypeError. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

/** The value as the database gives it back: through JSON, so that nothing survives that storage would lose. */
export function storedForm<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

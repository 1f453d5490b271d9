/** Where `value` holds something that JSON in a database does not give back as it was; undefined when nowhere. */
export function unstorablePart(value: unknown, path = ''): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.includes('\0') ? `${path || '/'} holds a NUL character` : undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `${path || '/'} is ${value}`;
    case 'boolean':
    case 'undefined':
      return undefined;
    case 'object':
      return value === null ? undefined : unstorableField(value, path);
    default:
      return `${path || '/'} is a ${typeof value}`;
  }
}

function unstorableField(value: object, path: string): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!plain) return `${path || '/'} is a ${value.constructor.name}`;
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined && Array.isArray(value)) return `${path}/${name} is an undefined element`;
    const problem = unstorablePart(inner, `${path}/${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

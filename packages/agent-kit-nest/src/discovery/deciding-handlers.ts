import type { AnyHandler } from '@signalbox/agent-kit';
import { handlerDeclarations } from '../decorators/metadata.js';

/**
 * The deciding and timer handlers of a handler class as declared by its decorators, without starting Nest: for unit
 * tests that play events through them. `@Perform` handlers are left out: they need an app around them.
 */
export function decidingHandlers(instance: object): AnyHandler[] {
  const methods = instance as Readonly<Record<string, unknown>>;
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(instance) as object);
  return names.flatMap((name) => {
    const method = methods[name];
    if (typeof method !== 'function' || name === 'constructor') return [];
    const call = method.bind(instance) as unknown;
    return handlerDeclarations(method).flatMap((declaration) => {
      if (declaration.kind === 'perform') return [];
      const code = declaration.kind === 'decide' ? { decide: call } : { fire: call };
      return [{ ...declaration, ...code, name } as unknown as AnyHandler];
    });
  });
}

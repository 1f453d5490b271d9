import type { PerformHandler } from '@signalbox/agent-kit';
import type { ExternalContextCreator } from '@nestjs/core';
import type { ParamsFactory } from '@nestjs/core/helpers/external-context-creator.js';

const PARAMETERS = '__routeArguments__';
/** Numbers Nest gives to @Payload() and @Ctx(). */
const PAYLOAD = 3;
const CONTEXT = 6;

const parameters: ParamsFactory = {
  exchangeKeyForValue(type: number, data: unknown, args: unknown[]): unknown {
    if (type === CONTEXT) return args[1];
    if (type !== PAYLOAD) return undefined;
    return typeof data === 'string' ? (args[0] as Record<string, unknown> | undefined)?.[data] : args[0];
  },
};

/** A connector's method as Nest would call it: with its guards, interceptors and pipes; what it throws stays as it is. */
export function performFactory(
  contexts: ExternalContextCreator,
  instance: Record<string, unknown>,
  name: string,
): PerformHandler['perform'] {
  const method = instance[name] as (...args: unknown[]) => unknown;
  return contexts.create(
    instance,
    method,
    name,
    PARAMETERS,
    parameters,
    undefined,
    undefined,
    { guards: true, interceptors: true, filters: false },
    'rpc',
  ) as unknown as PerformHandler['perform'];
}

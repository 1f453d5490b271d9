import type { AnyHandler } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { ExternalContextCreator } from '@nestjs/core';
import { handlerDeclarations, isMarkedAsHandlers, type HandlerDeclaration } from '../decorators/metadata.js';
import { performFactory } from './perform-factory.js';

/** What Nest lets one put on a method or class and what only makes sense around I/O. */
const ENHANCERS = ['__guards__', '__pipes__', '__interceptors__'] as const;

type Method = (...args: unknown[]) => unknown;
type Instance = Record<string, unknown>;

/**
 * Finds every handler of the app's controllers. Deciding handlers are called directly (they are pure functions); acts
 * run through Nest's guards, interceptors and pipes. Throws `agent_declaration_invalid` naming class and method.
 */
export function discoverHandlers(
  discovery: DiscoveryService,
  scanner: MetadataScanner,
  contexts: ExternalContextCreator,
): AnyHandler[] {
  return discovery.getControllers().flatMap(({ instance, metatype }) => {
    if (!metatype || !instance) return [];
    return handlersOf(instance as Instance, metatype as object, scanner, contexts);
  });
}

function handlersOf(
  instance: Instance,
  metatype: object,
  scanner: MetadataScanner,
  contexts: ExternalContextCreator,
): AnyHandler[] {
  const prototype = Object.getPrototypeOf(instance) as object;
  const found = scanner
    .getAllMethodNames(prototype)
    .flatMap((name) =>
      handlerDeclarations(instance[name] as object).map((declaration) => ({ name, declaration })),
    );
  const className = (metatype as { name: string }).name;
  if (found.length > 0 && !isMarkedAsHandlers(metatype)) {
    throw invalid(`${className}.${found[0]?.name}`, 'its class lacks @AgentHandlers()');
  }
  return found.map(({ name, declaration }) =>
    handlerOf(instance, metatype, className, name, declaration, contexts),
  );
}

function handlerOf(
  instance: Instance,
  metatype: object,
  className: string,
  name: string,
  declaration: HandlerDeclaration,
  contexts: ExternalContextCreator,
): AnyHandler {
  const method = instance[name] as Method;
  const bound = method.bind(instance);
  if (declaration.kind === 'perform') {
    return {
      ...declaration,
      ...boundUnknownOutcome(declaration, instance),
      name,
      perform: performFactory(contexts, instance, name),
    } as unknown as AnyHandler;
  }
  const enhancer = ENHANCERS.find(
    (key) => Reflect.hasMetadata(key, metatype) || Reflect.hasMetadata(key, method),
  );
  if (enhancer) {
    const what = enhancer.replaceAll('_', '');
    throw invalid(
      `${className}.${name}`,
      `${what} apply to @Perform handlers only; a deciding handler is a pure function`,
    );
  }
  const call = declaration.kind === 'decide' ? { decide: bound } : { fire: bound };
  return { ...declaration, ...call, name } as unknown as AnyHandler;
}

/** `unknownOutcome` written as a function may look at the handler's own settings through `this`. */
function boundUnknownOutcome(declaration: HandlerDeclaration, instance: Instance): object {
  const policy: unknown = declaration['unknownOutcome'];
  return typeof policy === 'function' ? { unknownOutcome: (policy as Method).bind(instance) } : {};
}

const invalid = (where: string, what: string): SignalboxError =>
  new SignalboxError('agent_declaration_invalid', `handler ${where}: ${what}`);

import type { AnyHandler } from '@signalbox/agent-kit';

/** A handler's declaration, as left on its method: everything but the code and the name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type HandlerDeclaration = { readonly kind: AnyHandler['kind'] } & Readonly<Record<string, any>>;

const HANDLER = Symbol('signalbox:handler');
const HANDLERS = Symbol('signalbox:handlers');

export function declareHandler(method: object, declaration: HandlerDeclaration): void {
  const before = handlerDeclarations(method);
  Reflect.defineMetadata(HANDLER, [...before, declaration], method);
}

export function handlerDeclarations(method: object): readonly HandlerDeclaration[] {
  return (Reflect.getMetadata(HANDLER, method) as HandlerDeclaration[] | undefined) ?? [];
}

export const markAsHandlers = (target: object): void => Reflect.defineMetadata(HANDLERS, true, target);
export const isMarkedAsHandlers = (target: object): boolean => Reflect.getMetadata(HANDLERS, target) === true;

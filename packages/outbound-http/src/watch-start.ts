import { DecoratorHandler, type Agent, type Dispatcher } from 'undici';

type Start = Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestStart']>>;
interface Handler extends Omit<Dispatcher.DispatchHandler, 'onRequestStart'> {
  onRequestStart(...args: Start): void;
}

// undici's types leave out the methods the class has.
const Decorator = DecoratorHandler as unknown as new (handler: Dispatcher.DispatchHandler) => Handler;

class StartHandler extends Decorator {
  constructor(
    handler: Dispatcher.DispatchHandler,
    private readonly onStart: () => void,
  ) {
    super(handler);
  }

  override onRequestStart(...args: Start): void {
    this.onStart();
    super.onRequestStart(...args);
  }
}

/** Notices whether a request was handed to a connection, that is whether the receiver may have seen any of it. */
export function watchStart(agent: Agent): {
  readonly dispatcher: Dispatcher;
  readonly started: () => boolean;
} {
  let started = false;
  const dispatcher = agent.compose(
    (dispatch) => (options, handler) => dispatch(options, new StartHandler(handler, () => (started = true))),
  );
  return { dispatcher, started: () => started };
}

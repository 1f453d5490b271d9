import type { Output } from '@signalbox/agent-kit';

/** An output as plain data, without the contract's schema: what a difference shows. */
export function describeOutput(output: Output<unknown>): Record<string, unknown> {
  switch (output.kind) {
    case 'emit':
      return {
        emit: output.contract.type,
        ...(output.label === undefined ? {} : { label: output.label }),
        data: output.data,
      };
    case 'set_state':
      return { setState: output.state };
    case 'clear_state':
      return { clearState: true };
    case 'set_timer':
      return { setTimer: output.name, dueAt: output.dueAt, payload: output.payload };
    case 'cancel_timer':
      return { cancelTimer: output.name };
    case 'note':
      return { note: output.text };
  }
}

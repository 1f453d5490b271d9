import { Circuit } from './circuit.js';

const fail = (circuit: Circuit, times: number, nowMs: number): number[] =>
  Array.from({ length: times }, () => circuit.failed(nowMs));

describe('a circuit', () => {
  it('opens at the fifth failure in a row, for ten seconds', () => {
    const circuit = new Circuit();
    expect(fail(circuit, 5, 0)).toEqual([0, 0, 0, 0, 10_000]);
    expect(circuit.state(9_999)).toBe('open');
    expect(circuit.msToProbe(4_000)).toBe(6_000);
  });

  it('counts anew after a success', () => {
    const circuit = new Circuit();
    fail(circuit, 4, 0);
    expect(circuit.succeeded()).toBe(false);
    expect(fail(circuit, 4, 0)).toEqual([0, 0, 0, 0]);
    expect(circuit.state(0)).toBe('closed');
  });

  it('is not prolonged by calls that were at work when it opened', () => {
    const circuit = new Circuit();
    fail(circuit, 5, 0);
    expect(circuit.failed(5_000)).toBe(0);
    expect(circuit.state(10_000)).toBe('half_open');
  });

  it('waits twice as long after each failed probe, up to five minutes', () => {
    const circuit = new Circuit();
    fail(circuit, 5, 0);
    let nowMs = 10_000;
    const waits: number[] = [];
    for (let probe = 0; probe < 7; probe += 1) {
      const openMs = circuit.failed(nowMs);
      waits.push(openMs);
      nowMs += openMs;
    }
    expect(waits).toEqual([20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  });

  it('closes with one success and begins with short waits again', () => {
    const circuit = new Circuit();
    fail(circuit, 5, 0);
    circuit.failed(10_000);
    expect(circuit.isClean).toBe(false);
    expect(circuit.succeeded()).toBe(true);
    expect(circuit.isClean).toBe(true);
    expect(fail(circuit, 5, 50_000).at(-1)).toBe(10_000);
  });
});

import { DestinationGauges } from './destination-gauges.js';

describe('gauges of destinations', () => {
  const gauges: Record<string, number> = {};
  const made = new DestinationGauges({
    gauge: (name, value, labels) => (gauges[`${name} ${labels?.['destination'] ?? ''}`] = value),
  });

  it('show calls, circuit and wait of each receiver', () => {
    made.show([
      { destination: 'slack', atWork: 3, circuit: 'closed', waitMs: 0 },
      { destination: 'mail', atWork: 0, circuit: 'open', waitMs: 2_500 },
    ]);
    expect(gauges).toEqual({
      'destination_calls_at_work slack': 3,
      'destination_circuit_state slack': 0,
      'destination_wait_seconds slack': 0,
      'destination_calls_at_work mail': 0,
      'destination_circuit_state mail': 2,
      'destination_wait_seconds mail': 2.5,
    });
  });

  it('show one that is at rest again as such, instead of what it was last', () => {
    made.show([{ destination: 'slack', atWork: 1, circuit: 'half_open', waitMs: 0 }]);
    expect(gauges).toMatchObject({
      'destination_calls_at_work slack': 1,
      'destination_circuit_state slack': 1,
      'destination_circuit_state mail': 0,
      'destination_wait_seconds mail': 0,
    });
    made.show([]);
    expect(gauges['destination_calls_at_work slack']).toBe(0);
    expect(gauges['destination_circuit_state slack']).toBe(0);
  });
});

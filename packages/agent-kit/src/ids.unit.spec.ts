import { eventCause, outputId, timerCause, uuidV5 } from './ids.js';

const origin = { agent: 'ops', handler: 'open', cause: eventCause('monitor', 'evt-1') };

describe('uuidV5', () => {
  it('agrees with the example of RFC 9562, appendix A.4', () => {
    const dns = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
    expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });
});

describe('outputId', () => {
  it('stays what it was: a change would make every repeat a new event', () => {
    expect(outputId(origin, 'incident.opened', 'payments', 0)).toBe('e07d6a13-e030-5414-b045-a1a4e92b841b');
  });

  it('differs with every part it is made of', () => {
    const ids = [
      outputId(origin, 'incident.opened', 'payments', 0),
      outputId(origin, 'incident.opened', 'payments', 1),
      outputId(origin, 'incident.opened', 'billing', 0),
      outputId(origin, 'incident.updated', 'payments', 0),
      outputId({ ...origin, agent: 'ops2' }, 'incident.opened', 'payments', 0),
      outputId({ ...origin, handler: 'join' }, 'incident.opened', 'payments', 0),
      outputId({ ...origin, cause: eventCause('monitor', 'evt-2') }, 'incident.opened', 'payments', 0),
      outputId({ ...origin, cause: eventCause('monit', 'orevt-1') }, 'incident.opened', 'payments', 0),
      outputId(
        { ...origin, cause: timerCause('escalate', 'incident', 'payments', 'evt-1') },
        'incident.opened',
        'payments',
        0,
      ),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

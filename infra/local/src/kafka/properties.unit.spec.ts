import { kafkaProperties } from './properties.js';
import { brokerCount } from './probe.js';

describe("the broker's settings", () => {
  const text = kafkaProperties('/data/log', { port: 1234, controllerPort: 1235 });

  it.each([
    'listeners=PLAINTEXT://127.0.0.1:1234,CONTROLLER://127.0.0.1:1235',
    'advertised.listeners=PLAINTEXT://127.0.0.1:1234',
    'log.dirs=/data/log',
    'auto.create.topics.enable=false',
    'process.roles=broker,controller',
  ])('hold %s', (line) => {
    expect(text.split('\n')).toContain(line);
  });

  it('listen on this machine only', () => {
    expect(text).not.toContain('0.0.0.0');
  });
});

describe("the broker's answer", () => {
  it('is read once it is long enough', () => {
    const answer = Buffer.from([0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 3, 9, 9]);
    expect(brokerCount(answer.subarray(0, 11))).toBeUndefined();
    expect(brokerCount(answer)).toBe(3);
  });
});

import { configDrift, wantedConfig } from './topic-config.js';

const spec = { topic: 't', retentionMs: 1_000, maxMessageBytes: 2_000 };

describe('wantedConfig', () => {
  it('names the settings as the broker does', () => {
    expect(wantedConfig(spec)).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': '1000',
      'max.message.bytes': '2000',
      'message.timestamp.after.max.ms': '604800000',
    });
    expect(wantedConfig(spec, 2)).toMatchObject({ 'min.insync.replicas': '2' });
  });
});

describe('configDrift', () => {
  const entries = [
    { configName: 'retention.ms', configValue: '5', configSource: 1 },
    { configName: 'max.message.bytes', configValue: '2000', configSource: 5 },
    { configName: 'cleanup.policy', configValue: 'delete', configSource: 1 },
    { configName: 'segment.ms', configValue: '77', configSource: 1 },
    { configName: 'message.timestamp.after.max.ms', configValue: '604800000', configSource: 1 },
    { configName: 'flush.ms', configValue: '88', configSource: 5 },
  ];

  it('finds what differs, and writes back settings of the topic that are not ours', () => {
    expect(configDrift('t', entries, wantedConfig(spec))).toEqual({
      topic: 't',
      changes: [{ topic: 't', name: 'retention.ms', from: '5', to: '1000' }],
      complete: {
        'cleanup.policy': 'delete',
        'retention.ms': '1000',
        'max.message.bytes': '2000',
        'message.timestamp.after.max.ms': '604800000',
        'segment.ms': '77',
      },
    });
  });

  it('finds nothing where the values agree, also as defaults', () => {
    const agreeing = entries.filter(({ configName }) => configName !== 'retention.ms');
    const { changes } = configDrift(
      't',
      [...agreeing, { configName: 'retention.ms', configValue: '1000' }],
      wantedConfig(spec),
    );
    expect(changes).toEqual([]);
  });
});

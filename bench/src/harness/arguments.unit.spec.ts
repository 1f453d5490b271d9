import { readArguments } from './arguments.js';

const bench = () => Promise.resolve({ size: {}, sides: [], ratios: [] });
const benches = { agent: bench, gateway: bench };

describe('readArguments', () => {
  it('takes the name and the flags in any order', () => {
    expect(readArguments(['--json', 'agent'], benches)).toMatchObject({
      name: 'agent',
      quick: false,
      json: true,
    });
    expect(readArguments(['gateway', '--quick'], benches)).toMatchObject({ quick: true, json: false });
  });

  it.each([[[]], [['nothing']], [['agent', 'gateway']], [['toString']]])(
    'refuses %j and says what there is',
    (args) => {
      expect(() => readArguments(args, benches)).toThrow(/Name one bench.*agent\|gateway/);
    },
  );

  it('keeps no result of a profiled run', () => {
    expect(readArguments(['agent', '--keep'], benches)).toMatchObject({ keep: true, profile: false });
    expect(() => readArguments(['agent', '--keep', '--profile'], benches)).toThrow(
      '--keep goes without --profile',
    );
  });

  it('refuses an option it does not know', () => {
    expect(() => readArguments(['agent', '--fast'], benches)).toThrow('Unknown option --fast');
  });
});

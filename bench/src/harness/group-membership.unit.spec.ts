import { groupOf, membershipOf } from './group-membership.js';

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string | null): Buffer =>
  value === null ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
const blob = (value: string): Buffer => Buffer.concat([int32(value.length), Buffer.from(value)]);
const member = (id: string): Buffer =>
  Buffer.concat([
    ...[text(id), text(null), text('client'), text('/127.0.0.1'), int32(20_000), int32(10_000)],
    ...[blob('subscription'), blob('assignment')],
  ]);
const group = (generation: number, ids: readonly string[], version = 3): Buffer =>
  Buffer.concat([
    ...[int16(version), text('consumer'), int32(generation), text('RoundRobin'), text(ids[0] ?? null)],
    ...[Buffer.alloc(8), int32(ids.length), ...ids.map(member)],
  ]);

describe('a record of consumer groups', () => {
  it('says which group it is about; one of offsets says none', () => {
    expect(groupOf(Buffer.concat([int16(2), text('backlog.trial-monitor')]))).toBe('backlog.trial-monitor');
    expect(groupOf(Buffer.concat([int16(1), text('g'), text('topic'), int32(0)]))).toBeUndefined();
    expect(groupOf(null)).toBeUndefined();
    expect(groupOf(Buffer.alloc(1))).toBeUndefined();
  });

  it('tells generation and members, whatever their order', () => {
    expect(membershipOf(group(7, ['b-2', 'a-1']))).toEqual({ generation: 7, members: ['a-1', 'b-2'] });
    expect(membershipOf(group(8, []))).toEqual({ generation: 8, members: [] });
  });

  it('of a group that is gone, or of another version, tells nothing', () => {
    expect(membershipOf(null)).toBeUndefined();
    expect(membershipOf(group(7, ['a'], 4))).toBeUndefined();
  });
});

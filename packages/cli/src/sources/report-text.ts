import type { ReleaseReport } from '@signalbox/sources';
import { printable } from '../format/printable.js';

/** The report for people; what is zero is left out. */
export function reportText(report: ReleaseReport): string {
  const rows: readonly (readonly [number, string])[] = [
    [report.already_there, 'had been released, or were sent again and accepted'],
    [report.repeats, 'are the same as another one'],
    [report.still_refused, 'match no secret of today either'],
    [report.unfit, 'do not fit the mapping or the contract'],
    [report.not_kept, 'were not kept when they were refused: they cannot be released'],
  ];
  const first = report.dry_run ? 'would be released' : `released by ${printable(report.by, 60)}`;
  return [
    ...(report.joined ? ['Another run was at it already; this is what it did.'] : []),
    `${report.looked_at} kept webhooks of ${report.source}: ${report.released} ${first}`,
    ...rows.filter(([count]) => count > 0).map(([count, what]) => `  ${count} ${what}`),
    ...report.problems.map(
      ({ webhook_id: id, code, message }) => `  ${id} ${code}: ${printable(message, 200)}`,
    ),
  ].join('\n');
}

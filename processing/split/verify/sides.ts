import type { FoldReport } from '../../../schemas/fold-report.ts'
import { foldName } from './fold-name.ts'

/** Every folder with what the report says of it; of `all` it does not say the bytes. */
export function sides(report: FoldReport): { readonly folder: string; readonly part: Side }[] {
  const { test } = report
  const classes = Object.entries(report.classes).map(([name, count]) => [name, count - (test?.classes?.[name] ?? 0)])
  return [
    ...report.folds.flatMap(fold => [
      { folder: `validation/${foldName(fold)}`, part: fold.validation },
      { folder: `train/${foldName(fold)}`, part: fold.train },
    ]),
    ...(test === undefined ? [] : [{ folder: 'test', part: test }]),
    {
      folder: 'all',
      part: { records: report.records - (test?.records ?? 0), bytes: null, classes: Object.fromEntries(classes) },
    },
  ]
}

interface Side {
  readonly records: number
  readonly bytes: number | null
  readonly classes?: Readonly<Record<string, number>> | undefined
}

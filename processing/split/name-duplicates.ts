import type { FoldReport } from '../../schemas/fold-report.ts'
import type { CertifiedRound } from './certify.ts'
import { MOST_EXAMPLES } from './duplicates.ts'
import type { RecordPlace } from './locate-records.ts'
import { foldFolder } from './strategies/strategy.ts'

export type FoundDuplicates = NonNullable<FoldReport['certificate']['duplicates']>

/**
 * How often the folds validate on records that they train on copies of, with the places of some.
 *
 * @param locate Finds the files and lines of records.
 */
export async function nameDuplicates(
  rounds: readonly CertifiedRound[],
  locate: (records: readonly number[]) => Promise<ReadonlyMap<number, RecordPlace>>,
): Promise<FoundDuplicates> {
  const leaks = rounds.flatMap(round => round.leaks.examples).slice(0, MOST_EXAMPLES)
  const places = await locate(leaks.flatMap(leak => [leak.validation, leak.train]))
  return {
    records: rounds.reduce((sum, round) => sum + round.leaks.records, 0),
    checkedShare: 1,
    examples: leaks.map(({ fold, validation, train }) => ({
      fold,
      validation: places.get(validation) as RecordPlace,
      train: places.get(train) as RecordPlace,
    })),
  }
}

export function duplicateWarnings({ records, examples }: FoundDuplicates, rounds: readonly CertifiedRound[]): string[] {
  const [first] = examples
  const fold = rounds.flatMap(({ folds }) => folds).find(({ index }) => index === first?.fold)
  if (first === undefined || fold === undefined) return []
  return [
    `${records} validation records are copies of records that the same fold trains on: fold ${foldFolder(fold.index, fold)} validates on ${first.validation.file}:${first.validation.line} and trains on ${first.train.file}:${first.train.line}.`,
  ]
}

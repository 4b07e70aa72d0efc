import type { FoldReport } from '../../../schemas/fold-report.ts'
import type { FormatName } from '../../../schemas/split-names.ts'
import type { Format } from '../../formats/format.ts'
import { formats } from '../../formats/formats.ts'
import type { FoldFiles } from './fold-files.ts'
import type { FoldView } from './fold-view.ts'
import { listedFolds } from './listed-folds.ts'
import { pairedFolds } from './paired-folds.ts'

/** Most folds are what they look like; pairs of numbers are put together again, and folders of files are read as lists. */
export async function viewFolds(source: FoldFiles, report: FoldReport): Promise<FoldView> {
  const { listsFiles }: Format = formats[report.format as FormatName]
  if (report.storage?.numberPairs === true) return await pairedFolds(source, report)
  if (listsFiles === true) return await listedFolds(source, report)
  return { source, report, rewritten: null, unordered: false, compareCopies: null, close() {} }
}

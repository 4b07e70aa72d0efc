import type { FoldReport } from '../../schemas/fold-report.ts'
import { UserError } from '../../schemas/problem.ts'
import { splitFlagName } from '../../schemas/split-options.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import type { Format } from '../formats/format.ts'
import { checkCompression } from './forms/compressions.ts'
import type { Layout } from './layouts.ts'
import type { SplitIo } from './split-io.ts'
import type { ColumnRole, Strategy } from './strategies/strategy.ts'

/**
 * Refuses options that do not go together, before anything is read.
 *
 * @throws UserError with exit code 2
 */
export function checkRequest(
  options: SplitOptions,
  strategy: Strategy,
  format: Format,
  layout: Layout,
  io: SplitIo,
): void {
  const missing = strategy.needs.find(
    role => options[role] === undefined && !(role === 'label' && options.labels !== undefined),
  )
  if (missing !== undefined)
    throw new UserError(
      `strategy ${options.strategy} needs ${needText[missing]} — say which with --${splitFlagName(missing)}`,
      { exitCode: 2 },
    )
  checkCompression(options.compress)
  if (options.header && !format.allowsHeader)
    throw new UserError(`format ${options.format} has no header — leave out --header`, { exitCode: 2 })
  if (layout.needsS3Uri && !/^s3:\/\/[^/]+/.test(io.s3Uri ?? ''))
    throw new UserError(
      `layout ${options.layout} needs to know where the validation folder will lie in S3 — give its URI, s3://bucket/prefix/`,
      { exitCode: 2 },
    )
}

const needText: Readonly<Record<ColumnRole, string>> = {
  label: 'the label column',
  groups: 'the group column',
  testFold: "the column with every record's fold",
  key: 'the key column',
  weight: 'the weight column',
}

/** Every promise was computed from what was written; a broken one must not be trained on. */
export function checkPromises({ certificate, folds }: FoldReport, promised: number): void {
  if (folds.length !== promised) throw new Error(`${folds.length} folds were made instead of ${promised}`)
  const { disjoint, complete, groupsKeptTogether, timeOrderKept } = certificate
  if (!disjoint || complete === false || groupsKeptTogether === false || timeOrderKept === false)
    throw new Error(`the folds break their promise: ${JSON.stringify(certificate)}`)
  const empty = folds.find(({ train, validation }) => train.records === 0 || validation.records === 0)
  if (empty !== undefined)
    throw new UserError(
      `fold ${empty.index} has no records to ${empty.train.records === 0 ? 'train' : 'validate'} on — choose fewer folds`,
    )
}

import { join, resolve } from 'node:path'
import { parseSplitOptions } from '../../processing/split/parse-options.ts'
import { mapOutputs } from '../../processing/split/output-folders.ts'
import { splitData } from '../../processing/split/split-data.ts'
import { UserError } from '../../schemas/problem.ts'
import { type SplitOptions, splitFlagName, splitFlags } from '../../schemas/split-options.ts'
import { defineCommand } from '../command.ts'
import { type Flag, text, toggle } from '../flags.ts'
import { packageVersion } from '../installation.ts'
import { shown } from '../load-pipeline.ts'
import { renderTable } from '../render/table.ts'

const flagName = (option: string) => splitFlagName(option as keyof SplitOptions)

/** The flags of the split container, word for word. */
const engineFlags = Object.fromEntries(
  Object.entries(splitFlags).map(([name, { type, help }]): [string, Flag<string | boolean>] => [
    name,
    type === 'boolean'
      ? toggle(`--${name}`, help)
      : { words: `--${flagName(name)} <${name === 'k' ? 'n' : flagName(name)}>`, help },
  ]),
) as Record<keyof typeof splitFlags, Flag<string | boolean>>

/** `foldwise split`: the splitting engine on local files. */
export const split = defineCommand({
  positionals: [{ words: '<input>', help: 'a data file, or a folder of data files' }],
  flags: {
    ...engineFlags,
    out: text('--out <dir>', 'folder that gets train/<i>/, validation/<i>/, all/ and report/ (required)'),
    s3Uri: text('--s3-uri <uri>', 'layout manifest: where the output folder will lie in S3'),
    dataUri: text('--data-uri <uri>', 'format files, layout manifest: where the input folder lies in S3'),
  },
  examples: [
    'foldwise split iris.csv --out folds --strategy kfold --k 5 --shuffle --seed 23 --header --label species',
    'foldwise split data/ --out folds --strategy stratified-kfold --k 10 --format jsonl --label class',
  ],
  run: async ([input], { out, s3Uri, dataUri, ...flags }, host) => {
    const options = parseSplitOptions(flags)
    const target = requireOut(out)
    const report = await splitData(options, {
      input: resolve(input ?? ''),
      output: mapOutputs(name => join(target, name)),
      generator: `foldwise ${packageVersion()}`,
      signal: host.interrupted,
      ...(s3Uri === undefined ? {} : { s3Uri: `${s3Uri.replace(/\/$/, '')}/validation/` }),
      ...(dataUri === undefined ? {} : { dataUri }),
    })
    for (const warning of report.warnings) host.note(`${host.err.colors.yellow('warning')} ${warning}`)
    return {
      data: report,
      text: colors =>
        [
          ...renderTable(
            [
              { title: 'fold', align: 'right' },
              { title: 'training', align: 'right' },
              { title: 'validation', align: 'right' },
            ],
            report.folds.map(fold => [String(fold.index), String(fold.train.records), String(fold.validation.records)]),
          ),
          '',
          `${report.records} records in ${report.folds.length} folds in ${shown(target)}`,
          colors.dim(`certificate ${report.certificate.digest}`),
        ].join('\n'),
    }
  },
})

function requireOut(out: string | undefined): string {
  if (out !== undefined) return resolve(out)
  throw new UserError('--out is missing — say where the folds should be written, such as --out folds.', { exitCode: 2 })
}

import { resolve } from 'node:path'
import { folderFiles } from '../../processing/split/verify/fold-files.ts'
import { verifyFolds } from '../../processing/split/verify-folds.ts'
import type { PromiseVerdict, Verification } from '../../processing/split/verify-folds.ts'
import { defineCommand } from '../command.ts'
import { targetFlags, text } from '../flags.ts'
import type { Colors, CommandResult, Host } from '../host.ts'
import { counted, renderTable } from '../render/table.ts'
import { s3FoldFiles } from '../s3-fold-files.ts'
import { withTarget } from '../target.ts'

/** Breaks that are named one by one; `--json` has them all. */
const MOST_SHOWN = 10

/** `foldwise verify-folds`: written folds against their fold report. */
export const verifyFoldsCommand = defineCommand({
  positionals: [
    { words: '<folds>', help: 'folder or s3://bucket/prefix/ that holds train/, validation/, all/ and report/' },
  ],
  flags: {
    input: text('--input <path>', 'the data that were split: every record is then compared with its origin'),
    ...targetFlags,
  },
  examples: [
    'foldwise verify-folds folds --input iris.csv',
    'foldwise verify-folds s3://my-bucket/cv/IrisCrossValidation/abc123/ --region eu-central-1',
    'foldwise verify-folds s3://foldwise-local/cv/IrisCrossValidation/abc123/ --local',
  ],
  run: async ([where = ''], { input, ...target }, host) => {
    const options = {
      input: input === undefined ? undefined : resolve(input),
      signal: host.interrupted,
      onFile: showProgress(host),
    }
    const verification = where.startsWith('s3://')
      ? await withTarget(target, ({ clients }) => verifyFolds(s3FoldFiles(clients, where), options))
      : await verifyFolds(folderFiles(resolve(where)), options)
    if (host.err.live) host.err.write('\r\u001b[K')
    return result(verification)
  },
})

/** On a terminal, the file that is being read. */
function showProgress({ err }: Host): (path: string, done: number, total: number) => void {
  if (!err.live) return () => {}
  return (path, done, total) => {
    const line = `reading ${done + 1} of ${total}: ${path}`
    err.write(`\r\u001b[K${err.colors.dim(line.slice(0, err.columns() - 1))}`)
  }
}

function result(verification: Verification): CommandResult {
  const { place, report, promises, problems, read } = verification
  const kept = problems.length === 0
  return {
    exitCode: kept ? 0 : 1,
    data: {
      place,
      kept,
      certificate: report.certificate.digest,
      read,
      promises,
      problems,
    },
    text: colors =>
      [
        ...renderTable(
          [{ title: 'promise' }, { title: 'verdict' }, { title: 'checked' }],
          promises.map(each => [each.title, stateText(each, colors), colors.dim(each.detail)]),
        ),
        '',
        ...problems.slice(0, MOST_SHOWN).map(problem => `${colors.red('✗')} ${problem}`),
        ...(problems.length > MOST_SHOWN
          ? [colors.dim(`… and ${problems.length - MOST_SHOWN} more; --json has them all`)]
          : []),
        ...(kept ? [] : ['']),
        `${kept ? colors.green('The folds keep their promises') : colors.red('The folds break their promises')}: ${counted(read.records, 'record')} read in ${counted(read.files, 'file')}, ${counted(report.folds.length, 'fold')}, ${report.strategy}`,
        colors.dim(`certificate ${report.certificate.digest}`),
      ].join('\n'),
  }
}

function stateText({ state, problems }: PromiseVerdict, colors: Colors): string {
  if (state === 'kept') return colors.green('kept')
  return state === 'broken' ? colors.red(`broken (${problems.length})`) : colors.dim('not checked')
}

import { listVersions } from '../../pipeline/service/index.ts'
import { defineCommand } from '../command.ts'
import { targetFlags, wholeNumber } from '../flags.ts'
import { isPipelineFile, loadPipeline } from '../load-pipeline.ts'
import { formatTime } from '../render/quantities.ts'
import { renderTable } from '../render/table.ts'
import { askTarget } from '../target.ts'

/** `foldwise versions`: what was deployed under a name, newest first. */
export const versions = defineCommand({
  positionals: [{ words: '<pipeline>', help: 'name or file of a pipeline' }],
  flags: { limit: wholeNumber('--limit <n>', 'how many at most (default: 20)', 1, 10_000), ...targetFlags },
  examples: [
    'foldwise versions IrisCrossValidation --local',
    'foldwise diff pipeline.ts --pipeline-version 3',
    'foldwise start pipeline.ts --pipeline-version 3',
  ],
  run: async ([word = ''], { limit = 20, ...target }) => {
    const name = isPipelineFile(word) ? (await loadPipeline(word)).name : word
    return askTarget(target, async ({ clients }) => {
      const found = (await listVersions(clients, name, { limit })).map(each => ({
        version: each.PipelineVersionId ?? 0,
        creationTime: each.CreationTime,
        displayName: each.PipelineVersionDisplayName ?? '',
        description: each.PipelineVersionDescription ?? '',
        lastExecutionArn: each.LastExecutionPipelineExecutionArn ?? '',
      }))
      return {
        data: { pipeline: name, versions: found },
        text: () =>
          renderTable(
            [
              { title: 'version', align: 'right' },
              { title: 'created (UTC)' },
              { title: 'name' },
              { title: 'last execution' },
            ],
            found.map(each => [
              String(each.version),
              formatTime(each.creationTime),
              each.displayName,
              each.lastExecutionArn.split('/').at(-1) ?? '',
            ]),
          ).join('\n'),
      }
    })
  },
})

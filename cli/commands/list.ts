import { listExecutions, listPipelines } from '../../pipeline/service/index.ts'
import { defineCommand } from '../command.ts'
import { statusColor } from '../execution/summary.ts'
import { targetFlags, wholeNumber } from '../flags.ts'
import { isPipelineFile, loadPipeline } from '../load-pipeline.ts'
import { formatTime } from '../render/quantities.ts'
import { renderTable } from '../render/table.ts'
import { askTarget } from '../target.ts'

/** `foldwise list`: pipelines, or the executions of one. */
export const list = defineCommand({
  positionals: [{ words: '[pipeline]', help: 'name or file of a pipeline whose executions are wanted' }],
  flags: { limit: wholeNumber('--limit <n>', 'how many at most (default: 20)', 1, 10_000), ...targetFlags },
  examples: ['foldwise list --local', 'foldwise list IrisCrossValidation --region eu-central-1'],
  run: async ([word], { limit = 20, ...target }) => {
    const name = word !== undefined && isPipelineFile(word) ? (await loadPipeline(word)).name : word
    return askTarget(target, async ({ clients }) => {
      if (name !== undefined) {
        const executions = (await listExecutions(clients, name, { limit })).map(each => ({
          executionArn: each.PipelineExecutionArn ?? '',
          displayName: each.PipelineExecutionDisplayName ?? '',
          status: each.PipelineExecutionStatus ?? '',
          startTime: each.StartTime,
        }))
        return {
          data: { pipeline: name, executions },
          text: colors =>
            executions.length === 0
              ? `${name} has no executions.`
              : renderTable(
                  [{ title: 'started (UTC)' }, { title: 'status' }, { title: 'execution' }],
                  executions.map(each => [
                    formatTime(each.startTime),
                    statusColor(each.status, colors),
                    each.executionArn,
                  ]),
                ).join('\n'),
        }
      }
      const pipelines = (await listPipelines(clients, { limit })).map(each => ({
        name: each.PipelineName ?? '',
        arn: each.PipelineArn ?? '',
        description: each.PipelineDescription ?? '',
        creationTime: each.CreationTime,
        lastExecutionTime: each.LastExecutionTime,
      }))
      return {
        data: { pipelines },
        text: () =>
          pipelines.length === 0
            ? 'There are no pipelines.'
            : renderTable(
                [{ title: 'pipeline' }, { title: 'created (UTC)' }, { title: 'last execution' }],
                pipelines.map(each => [each.name, formatTime(each.creationTime), formatTime(each.lastExecutionTime)]),
              ).join('\n'),
      }
    })
  },
})

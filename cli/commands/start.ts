import { listExecutions, startExecution } from '../../pipeline/service/index.ts'
import type { Clients } from '../../pipeline/service/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import { UserError } from '../../schemas/problem.ts'
import { checkStartValues } from '../check-pipeline.ts'
import { defineCommand } from '../command.ts'
import { deployedDocument } from '../deployed-document.ts'
import { resolveExecution } from '../execution/find-execution.ts'
import { exitCodeOf, followExecution } from '../execution/follow-execution.ts'
import { summarizeExecution } from '../execution/summary.ts'
import { explainingRefusal } from '../explain-refusal.ts'
import { shared, targetFlags, text, toggle, wholeNumber } from '../flags.ts'
import { isPipelineFile, type LoadedPipeline, loadPipeline } from '../load-pipeline.ts'
import { checkLocalData, uploadLocalData } from '../local-data.ts'
import { withTarget } from '../target.ts'

/** `foldwise start`: an execution of what is deployed; values are checked before anything is sent. */
export const start = defineCommand({
  positionals: [{ words: '<pipeline>', help: 'pipeline file, or the name of a deployed pipeline' }],
  flags: {
    parameter: shared.parameter,
    watch: toggle('--watch', 'follow the execution until it ends'),
    maxParallel: wholeNumber('--max-parallel <n>', 'steps that may run at once', 1, 10_000),
    pipelineVersion: shared.pipelineVersion,
    name: text('--name <name>', 'display name of the execution'),
    only: text('--only <steps>', 'run these steps only, separated by commas; the others keep earlier results'),
    from: text('--from <execution>', 'with --only: whose results to keep (default: the newest execution)'),
    ...targetFlags,
  },
  examples: [
    'foldwise start pipeline.ts -p C=10 --watch',
    'foldwise start IrisCrossValidation --local',
    'foldwise start pipeline.ts --only TrainFinal,RegisterModel --watch',
  ],
  run: async ([word], { parameter, watch, maxParallel, pipelineVersion, name, only, from, ...target }, host) => {
    const loaded = isPipelineFile(word ?? '') ? await loadPipeline(word ?? '') : undefined
    // What runs is what is deployed; the file stands for its newest version.
    const fromFile = pipelineVersion === undefined ? loaded?.document : undefined
    if (fromFile !== undefined) await checkStartValues(fromFile, parameter ?? {})
    return withTarget(target, async ({ clients, ownServer }) => {
      const pipelineName = loaded?.name ?? word ?? ''
      const document = fromFile ?? (await deployedDocument(clients, pipelineName, pipelineVersion))
      if (fromFile === undefined) await checkStartValues(document, parameter ?? {})
      const selection = only === undefined ? undefined : await selectSteps(clients, document, pipelineName, only, from)
      const values = { ...(await localValues(clients, loaded, parameter ?? {})), ...parameter }
      const arn = await explainingRefusal({ document, origins: loaded?.origins ?? new Map() }, () =>
        startExecution(clients, {
          pipelineName,
          parameters: values,
          displayName: name,
          pipelineVersion,
          maxParallelSteps: maxParallel,
          only: selection,
        }),
      )
      if (!watch && !ownServer) return { data: { executionArn: arn }, text: () => arn }
      if (!watch) host.note('No "foldwise serve" runs on this state folder, so the execution runs to its end here.')
      const followed = await followExecution(clients, arn, host, { document })
      return { ...summarizeExecution(arn, followed), exitCode: exitCodeOf(followed, host) }
    })
  },
})

/** Checks a selection of steps against the document. @throws UserError with one sentence per mistake. */
async function selectSteps(
  clients: Clients,
  document: PipelineDefinition,
  pipelineName: string,
  only: string,
  from: string | undefined,
) {
  const steps = only.split(',').map(name => name.trim())
  const newest = from === undefined ? (await listExecutions(clients, pipelineName, { limit: 1 }))[0] : undefined
  const sourceExecutionArn = from === undefined ? newest?.PipelineExecutionArn : await resolveExecution(clients, from)
  const { checkSelection } = await import('../../pipeline/validate/index.ts')
  const problems = checkSelection(document, {
    selectedSteps: steps,
    ...(sourceExecutionArn === undefined ? {} : { sourceExecutionArn }),
  }).filter(({ severity }) => severity === 'error')
  if (problems.length === 0) return { steps, sourceExecutionArn }
  throw new UserError(problems.map(({ message }) => message).join('\n'), { exitCode: 2, problems })
}

/** Data files of the program take part in local executions, unless their parameter is given. */
async function localValues(
  clients: Clients,
  loaded: LoadedPipeline | undefined,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  if (loaded === undefined || clients.local === undefined) return {}
  const data = Object.fromEntries(Object.entries(loaded.data).filter(([name]) => !Object.hasOwn(given, name)))
  await checkLocalData(loaded.document, data)
  return uploadLocalData(clients, data)
}

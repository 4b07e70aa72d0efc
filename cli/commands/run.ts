import { basename, join, resolve } from 'node:path'
import { placedSteps } from '../../pipeline/definition/index.ts'
import {
  type Clients,
  describeExecution,
  listExecutions,
  retryExecution,
  startExecution,
  stopExecution,
} from '../../pipeline/service/index.ts'
import { UserError } from '../../schemas/problem.ts'
import { allowancesOf, checkPipeline, checkStartValues } from '../check-pipeline.ts'
import { defineCommand } from '../command.ts'
import { deploy } from '../deploy.ts'
import { findCrossValidation } from '../execution/cross-validation.ts'
import { collectOutcome } from '../execution/cross-validation-outcome.ts'
import { executionDocument } from '../execution/find-execution.ts'
import { exitCodeOf, followExecution } from '../execution/follow-execution.ts'
import { reportRun } from '../execution/run-report.ts'
import { assignments, shared, toggle, wholeNumber } from '../flags.ts'
import type { Host } from '../host.ts'
import { type LocalConfig, loadConfig } from '../load-config.ts'
import { type LoadedPipeline, loadPipeline, shown } from '../load-pipeline.ts'
import { checkLocalData, uploadLocalData } from '../local-data.ts'
import { counted, pad } from '../render/table.ts'
import { findServer } from '../serve-file.ts'
import { DEFAULT_STATE, type Target, withLocal } from '../target.ts'

type Values = Readonly<Record<string, string>>

interface RunWish {
  readonly loaded: LoadedPipeline
  readonly parameters: Values
  /** Files to upload, by parameter name. */
  readonly data: Values
  readonly maxParallel: number | undefined
  /** Go on with the newest execution instead of starting one. */
  readonly resume: boolean
  readonly stateDir: string
}

/** `foldwise run`: upload, upsert, start, watch and verdict on this machine. */
export const run = defineCommand({
  positionals: [{ words: '<file>', help: 'pipeline program (.ts, .mts, .js, .mjs) or definition (.json)' }],
  flags: {
    parameter: shared.parameter,
    data: assignments('--data <Name=path>', 'local file to upload; its S3 URI becomes the value of the parameter'),
    maxParallel: wholeNumber('--max-parallel <n>', 'steps that may run at once', 1, 10_000),
    allow: shared.allow,
    resume: toggle('--resume', 'go on with the newest execution: run its failed and missing steps again'),
    port: wholeNumber('--port <n>', 'port of the local SageMaker on 127.0.0.1 (default: a free one)', 0, 65_535),
    runtime: shared.runtime,
    state: shared.state,
  },
  examples: [
    'foldwise run pipeline.ts',
    'foldwise run pipeline.ts -p C=10 -p BaselineObjective=0.98 --max-parallel 2',
    'foldwise run pipeline.ts --data InputDataUri=./other.csv --json',
  ],
  run: async (
    [file],
    { parameter = {}, data = {}, maxParallel, allow: accepted, resume = false, runtime, port, state },
    host,
  ) => {
    const loaded = await loadPipeline(file ?? '')
    if (resume && Object.keys({ ...parameter, ...data }).length > 0) {
      throw new UserError('--resume keeps the start values of the execution — leave out -p and --data.', {
        exitCode: 2,
      })
    }
    const { local: config, allow } = await loadConfig(loaded.file)
    await checkPipeline(loaded, host, { allow: [...allow, ...allowancesOf(accepted)] })
    const wish: RunWish = {
      loaded,
      parameters: parameter,
      data: dataFiles(loaded, parameter, data),
      maxParallel,
      resume,
      stateDir: resolve(state ?? DEFAULT_STATE),
    }
    await checkLocalData(loaded.document, wish.data)
    // What is uploaded gets its value later; for the check it counts as given.
    const uploaded = Object.fromEntries(Object.keys(wish.data).map(name => [name, 's3://bucket/key']))
    await checkStartValues(loaded.document, { ...uploaded, ...parameter })
    // What an earlier run left unfinished is gone on with only when that is asked for.
    const switches = { ...config.switches, interrupted: resume ? 'resume' : 'fail' } as const
    await checkServer(wish.stateDir, { '--port': port, '--runtime': runtime }, config, host)
    return withLocal(
      { stateDir: wish.stateDir, port, config: { ...config, ...(runtime && { runtime }), switches } },
      target => execute(wish, target, host),
    )
  },
})

/** A server that runs on the folder has settings of its own: what this command would set is refused or told, never dropped in silence. */
async function checkServer(
  stateDir: string,
  flags: Readonly<Record<string, unknown>>,
  config: LocalConfig,
  host: Host,
): Promise<void> {
  const server = await findServer(stateDir)
  if (server === undefined) return
  const given = Object.keys(flags).filter(flag => flags[flag] !== undefined)
  if (given.length > 0) {
    throw new UserError(
      `${stateDir}: process ${server.pid} serves this state folder at ${server.endpoint} with its own settings — ${given.join(' and ')} would have no effect — leave ${given.length > 1 ? 'them' : 'it'} out, stop that process, or pass another --state.`,
      { exitCode: 2 },
    )
  }
  const ignored = Object.entries(config).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (ignored.length > 0)
    host.note(
      `Process ${server.pid} serves ${shown(stateDir)} with the settings that it was started with: ${ignored.join(', ')} of foldwise.config.ts beside this pipeline ${ignored.length > 1 ? 'have' : 'has'} no effect on this run.`,
    )
}

/** The program's own data files, replaced by `--data`, without those whose parameter is given. */
function dataFiles(loaded: LoadedPipeline, parameters: Values, given: Values): Values {
  const twice = Object.keys(given).find(name => Object.hasOwn(parameters, name))
  if (twice !== undefined) {
    throw new UserError(`"${twice}" is given by --data and by -p — give it once.`, { exitCode: 2 })
  }
  const files = {
    ...loaded.data,
    ...Object.fromEntries(Object.entries(given).map(([name, path]) => [name, resolve(path)])),
  }
  return Object.fromEntries(Object.entries(files).filter(([name]) => !Object.hasOwn(parameters, name)))
}

async function execute(wish: RunWish, { clients, ownServer }: Target, host: Host) {
  const { loaded, stateDir } = wish
  const began = performance.now()
  const say = (name: string, text: string): void => host.note(`${host.err.colors.dim(pad(name, 10))}  ${text}`)

  say(
    'pipeline',
    `${loaded.name}  ${host.err.colors.dim(`${counted(placedSteps(loaded.document).length, 'step')}, ${shown(loaded.file)}`)}`,
  )
  say('sagemaker', `${clients.local ?? ''}  ${host.err.colors.dim(`state in ${shown(stateDir)}`)}`)
  const { executionArn, startValues } = wish.resume ? await resume(wish, clients) : await begin(wish, clients, say)
  // What goes on was started with the definition of its day.
  const document = (wish.resume ? await executionDocument(clients, executionArn) : undefined) ?? loaded.document
  const id = executionArn.slice(executionArn.lastIndexOf('/') + 1)
  say('execution', `${loaded.name}/${id}`)
  host.note('')

  const followed = await followExecution(clients, executionArn, host, { document })
  if (host.interrupted.aborted) {
    // A server of this command stops its jobs when it closes; another one goes on until it is told.
    if (!ownServer) await stopExecution(clients, executionArn)
    return {}
  }
  const plan = findCrossValidation(document)
  const outcome = plan && (await collectOutcome(clients, plan, followed, join(stateDir, 'reports', loaded.name, id)))
  host.note('')
  const result = reportRun({
    document,
    executionArn,
    startValues,
    followed,
    crossValidation: plan && outcome && { plan, outcome },
    stateDir,
    seconds: (performance.now() - began) / 1000,
  })
  return { ...result, exitCode: exitCodeOf(followed, host) }
}

interface Begun {
  readonly executionArn: string
  readonly startValues: Values
}

/** Uploads, upserts and starts. */
async function begin(wish: RunWish, clients: Clients, say: (name: string, text: string) => void): Promise<Begun> {
  const uploaded = await uploadLocalData(clients, wish.data)
  for (const [name, uri] of Object.entries(uploaded)) say('data', `${basename(wish.data[name] ?? '')} → ${uri}`)
  // The state folder is this machine's own: nobody else's work is lost.
  await deploy(clients, wish.loaded, { force: true })
  const startValues = { ...uploaded, ...wish.parameters }
  const executionArn = await startExecution(clients, {
    pipelineName: wish.loaded.name,
    parameters: startValues,
    maxParallelSteps: wish.maxParallel,
  })
  return { executionArn, startValues }
}

/** Goes on with the newest execution, with the definition and the start values that it has. */
async function resume({ loaded, maxParallel }: RunWish, clients: Clients): Promise<Begun> {
  const [newest] = await listExecutions(clients, loaded.name, { limit: 1 })
  const executionArn = newest?.PipelineExecutionArn
  if (executionArn === undefined) {
    throw new UserError(`Pipeline "${loaded.name}" has no execution to go on with — run it without --resume first.`)
  }
  // The local SageMaker has taken up by itself what a killed one left, and it may have finished it by now.
  if (newest?.PipelineExecutionStatus === 'Failed' || newest?.PipelineExecutionStatus === 'Stopped')
    await retryExecution(clients, executionArn, { maxParallelSteps: maxParallel })
  return { executionArn, startValues: (await describeExecution(clients, executionArn)).parameters }
}

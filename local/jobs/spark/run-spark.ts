import { join } from 'node:path'
import type { Runtime } from '../../runtimes/runtime.ts'
import { type ContainerEnd, runContainers } from '../container-job.ts'
import type { AttemptResult, StepRun } from '../job-runner.ts'
import { createSandboxes } from '../sandbox.ts'
import { ClientFault } from '../step-fault.ts'
import { findSpark, type SparkProgram } from './find-spark.ts'
import { stageS3Folders } from './s3-folders.ts'

/** Four weeks: these services give a job no limit. */
const noLimitSeconds = 28 * 24 * 3600

/** Options of a cluster; here the driver and its executors are one process of this machine. */
const clusterOptions = new Set([
  '--master',
  '--deploy-mode',
  '--queue',
  '--num-executors',
  '--proxy-user',
  '--principal',
  '--keytab',
])

/** Everything that Spark opens, it opens on loopback. */
const localOptions = [
  '--master',
  'local[*]',
  '--conf',
  'spark.ui.enabled=false',
  '--conf',
  'spark.driver.bindAddress=127.0.0.1',
  '--conf',
  'spark.driver.host=127.0.0.1',
]

/**
 * Runs `spark-submit` of this machine with a step's arguments, whose S3 URIs are files here, and stores what it changed.
 *
 * @param given What follows `spark-submit`: options, the program, its arguments.
 * @throws ClientFault with one sentence when Spark is not installed, or the program fails.
 */
export async function runSpark(
  run: StepRun,
  given: readonly string[],
): Promise<Exclude<ContainerEnd['why'], 'timeout'>> {
  const spark = findSpark()
  if (spark === undefined)
    throw new ClientFault(
      `There is no spark-submit on PATH or in SPARK_HOME — a step of type ${run.step.Type} runs it on this machine — install Apache Spark, or run the pipeline in AWS.`,
    )
  const [sandbox] = await createSandboxes(run.world.jobs.folder(run.jobName), 1)
  if (sandbox === undefined) throw new Error('A sandbox is missing')
  const folders = await stageS3Folders(run.world.store, join(run.world.jobs.folder(run.jobName), 's3'), given)
  const submitted = [...localOptions, ...withoutCluster(given).map(folders.place)]
  // The machinery of jobs runs images; Spark is one of its own.
  const world = {
    ...run.world,
    images: [{ matches: () => true, runtime: 'spark' }],
    runtimes: { spark: sparkRuntime(spark) },
  }
  const end = await runContainers(
    { ...run, world },
    { image: 'spark', arguments: submitted, defaultArguments: [], environment: {}, maxRuntimeSeconds: noLimitSeconds },
    [sandbox],
  )
  if (end.why === 'exited' && end.code !== 0)
    throw new ClientFault(
      `spark-submit ended with exit code ${end.code} — its log is jobs/${run.jobName}/log.txt of the state folder`,
    )
  if (end.why === 'exited') await folders.store()
  return end.why === 'exited' ? 'exited' : 'stopped'
}

const sparkRuntime = (spark: SparkProgram): Runtime => ({
  prepare: (container, place) => ({
    file: spark.file,
    arguments: container.arguments,
    environment: {
      ...spark.environment,
      HOME: place.home,
      TMPDIR: place.temporary,
      SPARK_LOCAL_DIRS: place.temporary,
      SPARK_LOCAL_IP: '127.0.0.1',
      LANG: 'C.UTF-8',
    },
    folder: place.home,
  }),
})

/** Without the options of a cluster and their values. */
function withoutCluster(given: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at < given.length; at++) {
    const argument = given[at] as string
    // Behind the program everything is the program's own.
    if (!argument.startsWith('-')) return [...kept, ...given.slice(at)]
    const [name = ''] = argument.split('=')
    const hasValue = !argument.includes('=') && !flags.has(argument)
    if (!clusterOptions.has(name)) kept.push(argument, ...(hasValue ? given.slice(at + 1, at + 2) : []))
    if (hasValue) at++
  }
  return kept
}

/** Options of spark-submit without a value. */
const flags = new Set(['--verbose', '-v', '--supervise', '--version', '--help', '-h'])

/** The step's result: what of it differs between the two services is in `made`. */
export async function sparkStep(
  run: StepRun,
  made: {
    readonly metadata: Readonly<Record<string, unknown>>
    readonly arguments: readonly string[]
    readonly properties: (times: { readonly began: string; readonly ended: string }) => object
    readonly failed: (error: unknown) => AttemptResult
  },
): Promise<AttemptResult> {
  const now = (): string => run.world.clock.now().toISOString()
  const began = now()
  run.executing(made.metadata)
  try {
    const end = await runSpark(run, made.arguments)
    if (end === 'stopped') return { status: 'Stopped', metadata: made.metadata }
    return { status: 'Succeeded', metadata: made.metadata, properties: made.properties({ began, ended: now() }) }
  } catch (error) {
    return made.failed(error)
  }
}

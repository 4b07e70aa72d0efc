import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { findSpark } from '../../../local/jobs/spark/find-spark.ts'
import { shellWords } from '../../../local/jobs/spark/shell-words.ts'
import { bucket, fail, get, type LocalEngine, openLocalEngine, role } from '../../support/local-engine.ts'

let local: LocalEngine
let folder: string
const installed = findSpark()

beforeAll(async () => {
  local = await openLocalEngine()
  folder = mkdtempSync(join(tmpdir(), 'foldwise-spark-'))
  mkdirSync(join(folder, 'bin'))
  // Stands in for Spark: tells its arguments, copies the first path behind the program to the second, in capitals.
  writeFileSync(
    join(folder, 'bin/spark-submit'),
    `#!${process.execPath}
    const { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs')
    const all = process.argv.slice(2)
    console.log(JSON.stringify({ all, environment: Object.keys(process.env).sort() }))
    const at = all.findIndex(one => /\\.(py|jar)$/.test(one))
    const [from, to] = all.slice(at + 1)
    if (from === 'fail') process.exit(3)
    if (from === 'wait') setInterval(() => {}, 1000)
    else if (to !== undefined) {
      mkdirSync(to, { recursive: true })
      for (const name of readdirSync(from)) {
        writeFileSync(to + '/' + name, readFileSync(from + '/' + name, 'utf8').toUpperCase())
        if (name === 'old.txt') rmSync(from + '/' + name)
      }
      writeFileSync(to + '/._SUCCESS.crc', '')
      writeFileSync(to + '/_SUCCESS', '')
    }`,
  )
  chmodSync(join(folder, 'bin/spark-submit'), 0o755)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await local.close()
  rmSync(folder, { recursive: true, force: true })
})

const withSpark = (): void => {
  vi.stubEnv('SPARK_HOME', folder)
}
const withoutSpark = (): void => {
  vi.stubEnv('SPARK_HOME', undefined)
  vi.stubEnv('PATH', dirname(process.execPath))
}

const emr = (step: object, more: object = { ClusterId: 'j-1ABC' }): object => ({
  Name: 'Spark',
  Type: 'EMR',
  Arguments: { ...more, StepConfig: { HadoopJarStep: step } },
})
const submit = (...args: unknown[]): object => emr({ Jar: 'command-runner.jar', Args: ['spark-submit', ...args] })
const serverless = (driver: object, more: object = {}): object => ({
  Name: 'Spark',
  Type: 'EMRServerless',
  Arguments: {
    ExecutionRoleArn: role,
    ApplicationId: '00abc',
    JobConfig: { name: 'count', jobDriver: driver },
    ...more,
  },
})
const s3 = (key: string): string => `s3://${bucket}/${key}`
/** What the stand-in said of itself in an execution. */
const told = (arn: string): { all: string[]; environment: string[] } => {
  const jobs = join(local.folder, 'jobs')
  const job = readdirSync(jobs).find(name => name.includes(arn.split('/').at(-1) as string)) as string
  return JSON.parse(readFileSync(join(jobs, job, 'log.txt'), 'utf8').split('\n')[0] ?? '')
}

test('5.9.1, 5.9.2, 5.9.4: an EMR step runs spark-submit here with its S3 URIs as files, and what it changed goes back', async () => {
  withSpark()
  await local.put('code/count.py', '')
  await local.put('in/a.txt', 'hello')
  await local.put('in/old.txt', 'old')
  await local.put('inside/b.txt', 'not below in/')
  const { arn, execution, steps } = await local.run([
    submit(
      '--deploy-mode',
      'cluster',
      '--conf',
      'spark.x=1',
      '--num-executors=4',
      s3('code/count.py'),
      s3('in/'),
      `s3a://${bucket}/out`,
    ),
    fail('Say', get('Steps.Spark.Status.State')),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Failed')
  expect(steps['Say']?.['FailureReason'], JSON.stringify(steps)).toBe('COMPLETED')
  expect(steps['Spark']?.['Metadata']).toEqual({
    EMR: {
      ClusterId: 'j-1ABC',
      StepId: expect.stringMatching(/^s-LOCAL[A-Z0-9]{10}$/),
      StepName: expect.stringMatching(/^pipelines-.*-Spark-/),
      LogFilePath: expect.stringContaining('/log.txt'),
    },
  })
  expect(await local.keys('out')).toEqual(['out/_SUCCESS', 'out/a.txt', 'out/old.txt'])
  expect(await local.text('out/a.txt')).toBe('HELLO')
  expect(await local.keys('in/')).toEqual(['in/a.txt'])
  const { all, environment } = told(arn)
  expect(all.slice(0, 2)).toEqual(['--master', 'local[*]'])
  expect(all.slice(-5, -3)).toEqual(['--conf', 'spark.x=1'])
  expect(all.join(' ')).not.toMatch(/deploy-mode|num-executors|s3a?:/)
  expect(environment).not.toContain('npm_lifecycle_event')
  expect(environment).toContain('SPARK_LOCAL_IP')
})

test('5.9.1: a jar runs with its main class, and a new cluster has a name of its own', async () => {
  withSpark()
  await local.put('code/a.jar', '')
  const step = { Jar: s3('code/a.jar'), MainClass: 'com.x.Main', Args: ['one'], Properties: [{ Key: 'k', Value: 'v' }] }
  const { arn, steps } = await local.run([
    emr(step, { ClusterConfig: { Instances: {} } }),
    fail('Say', get('Steps.Spark.Config.Args[0]')),
  ])
  expect(steps['Say']?.['FailureReason'], JSON.stringify(steps)).toBe('one')
  expect(steps['Spark']?.['Metadata'].EMR.ClusterId).toMatch(/^j-LOCAL[A-Z0-9]{12}$/)
  expect(told(arn).all.slice(-4)).toEqual(['--class', 'com.x.Main', expect.stringContaining('/code/a.jar'), 'one'])
})

test('5.9.4: an EMR Serverless step takes its parameters apart as a shell does and gives the job run', async () => {
  withSpark()
  await local.put('code/count.py', '')
  const driver = {
    sparkSubmit: {
      entryPoint: s3('code/count.py'),
      entryPointArguments: ['one'],
      sparkSubmitParameters: `--conf spark.a=1 --conf "spark.b=x y"`,
    },
  }
  const { arn, steps } = await local.run([serverless(driver), fail('Say', get('Steps.Spark.jobRun.state'))])
  expect(steps['Say']?.['FailureReason'], JSON.stringify(steps)).toBe('SUCCESS')
  expect(told(arn).all.slice(-6, -2)).toEqual(['--conf', 'spark.a=1', '--conf', 'spark.b=x y'])
})

test('words of a command line are those that were quoted', () => {
  expect(shellWords(`a  'b c' "d \\"e" f\\ g ''`)).toEqual(['a', 'b c', 'd "e', 'f g', ''])
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), words => {
      const line = words.map(word => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ')
      expect(shellWords(line)).toEqual(words)
    }),
  )
})

test.each<[string, object, string]>([
  ['fails', submit('s3://test-bucket/code/count.py', 'fail'), 'spark-submit ended with exit code 3'],
  ['is another program', emr({ Jar: 'command-runner.jar', Args: ['hive-script'] }), 'only spark-submit is run'],
  [
    'has two clusters',
    emr({ Jar: 'x.jar' }, { ClusterId: 'j-1', ClusterConfig: {} }),
    'Failed to invoke elasticmapreduce:AddJobFlowSteps',
  ],
  ['names a way out', submit('s3://test-bucket/../../x.py'), 'would leave the folder'],
  ['is Hive', serverless({ hive: {} }), 'is not sparkSubmit'],
  [
    'has no application',
    serverless({ sparkSubmit: { entryPoint: 'x.py' } }, { ApplicationId: undefined }),
    'emr-serverless:StartJobRun',
  ],
])('a Spark step that %s fails with one sentence', async (_, step, text) => {
  withSpark()
  const { steps } = await local.run([step])
  expect(steps['Spark']).toMatchObject({ StepStatus: 'Failed', FailureReason: expect.stringContaining(text) })
})

test.each(['EMR', 'EMRServerless'])('5.9.1: without Spark a step of type %s fails with one sentence', async type => {
  withoutSpark()
  const step =
    type === 'EMR' ? submit('s3://test-bucket/code/count.py') : serverless({ sparkSubmit: { entryPoint: 'x.py' } })
  const { steps } = await local.run([step])
  expect(steps['Spark']?.['FailureReason']).toBe(
    `ClientError: There is no spark-submit on PATH or in SPARK_HOME — a step of type ${type} runs it on this machine — install Apache Spark, or run the pipeline in AWS.`,
  )
})

test('3.6: a stop ends Spark with its step', async () => {
  withSpark()
  await local.put('code/count.py', '')
  const execution = await local.start([submit(s3('code/count.py'), 'wait')])
  while ((await local.steps(execution))['Spark']?.['StepStatus'] !== 'Executing')
    await new Promise(resolve => setTimeout(resolve, 5))
  await new Promise(resolve => setTimeout(resolve, 300))
  await local.call('StopPipelineExecution', { PipelineExecutionArn: execution })
  expect((await local.ended(execution))['PipelineExecutionStatus']).toBe('Stopped')
  expect((await local.steps(execution))['Spark']?.['StepStatus']).toBe('Stopped')
})

test('the real Spark counts words from S3 to S3', { timeout: 180_000 }, async ({ skip }) => {
  skip(installed === undefined, 'there is no spark-submit on PATH or in SPARK_HOME')
  await local.put(
    'real/count.py',
    `import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
words = spark.read.text(sys.argv[1]).rdd.flatMap(lambda row: row[0].split())
spark.createDataFrame(words.map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b), ['word', 'count']).coalesce(1).orderBy('word').write.mode('overwrite').csv(sys.argv[2])
spark.stop()
`,
  )
  await local.put('real/in/a.txt', 'b a b\n')
  await local.put('real/out/stale.csv', 'gone afterwards')
  const { steps } = await local.run([submit(s3('real/count.py'), s3('real/in/'), s3('real/out'))])
  expect(steps['Spark']?.['StepStatus'], JSON.stringify(steps)).toBe('Succeeded')
  const keys = await local.keys('real/out/')
  expect(keys).not.toContain('real/out/stale.csv')
  const part = keys.find(key => key.endsWith('.csv')) as string
  expect(await local.text(part)).toBe('a,1\nb,2\n')
})

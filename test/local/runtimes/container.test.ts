import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LocalEngine, openLocalEngine, training } from '../../support/local-engine.ts'

/**
 * Stands in for docker: records its arguments and, for `run`, does what the container would do in the mounted folder.
 * `kill` ends the process that `run` left its number of.
 */
const fakeDocker = (log: string): string => `#!${process.execPath}
const { appendFileSync, writeFileSync, readFileSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, secret: process.env.FOLDWISE_SECRET ?? null }) + '\\n')
const after = word => args[args.indexOf(word) + 1]
if (args[0] === 'info') process.exit(process.env.DOCKER_BROKEN ? (console.error('Cannot connect to the Docker daemon'), 1) : 0)
if (args[0] === 'run') {
  const ml = after('--volume').split(':')[0]
  const pid = ${JSON.stringify(log)} + '.' + after('--name')
  writeFileSync(pid, String(process.pid))
  const command = args.slice(args.indexOf('--') + 2)
  if (command.includes('absent')) { console.error('no such image'); process.exit(125) }
  if (command.includes('hang')) { process.on('SIGTERM', () => {}); setInterval(() => {}, 1000) }
  else {
    writeFileSync(ml + '/model/model.txt', JSON.parse(readFileSync(ml + '/input/config/hyperparameters.json', 'utf8')).text ?? '')
    console.log('accuracy=0.75 in ' + args[args.indexOf('--') + 1])
  }
}
if (args[0] === 'kill') { try { process.kill(Number(readFileSync(${JSON.stringify(log)} + '.' + args[1], 'utf8')), 'SIGKILL') } catch {} }
`

let local: LocalEngine
let folder: string
let log: string
const path = process.env['PATH']
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foldwise-docker-'))
  log = join(folder, 'calls')
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'docker'), fakeDocker(log))
  chmodSync(join(folder, 'bin', 'docker'), 0o755)
  process.env['PATH'] = join(folder, 'bin')
  process.env['FOLDWISE_SECRET'] = 'secret'
  local = await openLocalEngine({ runtime: 'container', images: [] })
})
afterEach(async () => {
  await local.close()
  process.env['PATH'] = path
  delete process.env['DOCKER_BROKEN']
  delete process.env['FOLDWISE_SECRET']
  rmSync(folder, { recursive: true, force: true })
})

const calls = (): { args: string[]; secret: string | null }[] =>
  (existsSync(log) ? readFileSync(log, 'utf8') : '')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { args: string[]; secret: string | null })

const step = (name: string, more: object = {}, algorithm: object = {}): object => {
  const made = training(name, 'none', {
    hyperparameters: { text: 'a; rm -rf "$HOME" `x`' },
    metrics: [{ Name: 'accuracy', Regex: 'accuracy=([0-9.]+)' }],
    algorithm: { TrainingImage: 'registry.example.com/team/trees:3', ...algorithm },
    arguments: { Environment: { ODD: 'a b; $(c) "d"' }, ...more },
  }) as { Arguments: { AlgorithmSpecification: { ContainerEntrypoint?: unknown } } }
  if (!('ContainerEntrypoint' in algorithm)) delete made.Arguments.AlgorithmSpecification.ContainerEntrypoint
  return made
}

test('a job runs as docker run with /opt/ml mounted, a label, its name, and nothing through a shell', async () => {
  const { steps } = await local.run([step('Train', { EnableNetworkIsolation: true })])
  expect(steps['Train']).toMatchObject({ StepStatus: 'Succeeded' })
  const name = String(steps['Train']?.['Metadata']?.TrainingJob?.Arn).split('/').at(-1) as string
  expect(calls().map(({ args }) => args[0])).toEqual(['info', 'rm', 'run'])
  const { args, secret } = calls().at(-1) as { args: string[]; secret: string | null }
  expect(args.slice(0, 10)).toEqual([
    'run',
    '--rm',
    '--name',
    name,
    '--label',
    `foldwise.job=${name}`,
    '--volume',
    `${join(local.folder, 'jobs', name, 'ml')}:/opt/ml`,
    '--network',
    'none',
  ])
  expect(args).toContain('ODD=a b; $(c) "d"')
  expect(args).not.toContain('--entrypoint')
  expect(args.slice(args.indexOf('--'))).toEqual(['--', 'registry.example.com/team/trees:3', 'train'])
  expect(secret).toBeNull()
  const job = await local.call('DescribeTrainingJob', { TrainingJobName: name })
  expect(job['FinalMetricDataList']).toMatchObject([{ MetricName: 'accuracy', Value: 0.75 }])
  expect(await local.keys(`models/Train/`)).toHaveLength(1)
})

test('the request’s entrypoint replaces the image’s, and without isolation the container has its network', async () => {
  await local.run([
    step('Own', {}, { ContainerEntrypoint: ['python3', '-u', 'a.py'], ContainerArguments: ['--x', '1'] }),
  ])
  const args = calls().at(-1)?.args ?? []
  expect(args[args.indexOf('--entrypoint') + 1]).toBe('python3')
  expect(args.slice(args.indexOf('--') + 2)).toEqual(['-u', 'a.py', '--x', '1'])
  expect(args).not.toContain('--network')
})

test('a container that does not end by SIGTERM is killed by its name when the engine closes', async () => {
  const arn = await local.start([step('Hang', {}, { ContainerArguments: ['hang'] })])
  for (let look = 0; look < 200; look++) {
    if (calls().some(({ args }) => args[0] === 'run')) break
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  await new Promise(resolve => setTimeout(resolve, 500))
  await local.engine.close()
  expect(arn).toContain('execution')
  const run = calls().find(({ args }) => args[0] === 'run')?.args ?? []
  for (let look = 0; look < 40 && calls().at(-1)?.args[0] !== 'kill'; look++)
    await new Promise(resolve => setTimeout(resolve, 50))
  expect(calls().at(-1)?.args).toEqual(['kill', run[3]])
})

test('an image that the engine cannot run fails the job with a sentence, not as the algorithm’s failure', async () => {
  const { steps } = await local.run([step('Absent', {}, { ContainerArguments: ['absent'] })])
  expect(steps['Absent']?.['FailureReason']).toContain(
    "could not be run by docker or podman — the job's log has their reason",
  )
})

test('when no engine answers, the job fails with what docker and podman said', async () => {
  process.env['DOCKER_BROKEN'] = '1'
  const { steps } = await local.run([step('Train')])
  expect(steps['Train']?.['FailureReason']).toContain(
    'No container can be run on this machine (docker: Cannot connect to the Docker daemon; podman is not on PATH)',
  )
})

const real = ['docker', 'podman'].find(name => spawnSync(name, ['info'], { timeout: 20_000 }).status === 0)
const realImage = process.env['FOLDWISE_CONTAINER_IMAGE']
const reason =
  real === undefined
    ? 'neither docker nor podman reaches an engine'
    : 'FOLDWISE_CONTAINER_IMAGE names no image with /bin/sh'
if (real === undefined || realImage === undefined)
  console.warn(`test/local/runtimes/container: the real run is skipped, ${reason}`)
test.skipIf(real === undefined || realImage === undefined)(
  'a real container sees /opt/ml and leaves its model there',
  async () => {
    process.env['PATH'] = path
    const script = 'cat /opt/ml/input/config/hyperparameters.json > /opt/ml/model/model.txt; echo accuracy=0.5'
    const { steps } = await local.run([
      step('Real', {}, { TrainingImage: realImage, ContainerEntrypoint: ['/bin/sh', '-c', script] }),
    ])
    expect(steps['Real']).toMatchObject({ StepStatus: 'Succeeded' })
    expect(await local.keys(`models/Real/`)).toHaveLength(1)
  },
)

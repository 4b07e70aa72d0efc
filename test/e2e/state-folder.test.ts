import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { expect, test } from 'vitest'
import { folderWith, runCli } from '../support/run-cli.ts'

/** A pipeline of one job that waits until it is ended. */
const definition = JSON.stringify({
  Version: '2020-12-01',
  Metadata: {},
  Parameters: [],
  Steps: [
    {
      Name: 'Wait',
      Type: 'Processing',
      Arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 } },
        AppSpecification: {
          ImageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/waiting:1',
          ContainerEntrypoint: ['node', '/programs/wait.mjs'],
        },
        RoleArn: 'arn:aws:iam::000000000000:role/pipeline',
      },
    },
  ],
})
const config = (programs: string): string =>
  `export default { images: [{ matches: 'waiting', programs: { root: '/programs', folder: ${JSON.stringify(programs)} } }] }`
const files = {
  'pipeline.json': definition,
  'programs/wait.mjs': `console.log('up'); setInterval(() => {}, 1000)`,
  'foldwise.config.mjs': config('programs'),
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1500; tries++) {
    if (await condition()) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error('waited in vain')
}
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** The journal of the only execution; nothing while there is none, or only its folder. */
async function journal(state: string): Promise<string> {
  const [id = ''] = await readdir(join(state, 'executions')).catch(() => [])
  const path = join(state, 'executions', id, 'journal.jsonl')
  return id === '' || !(await isThere(path)) ? '' : await readFile(path, 'utf8')
}

test('list, describe and logs only look at an interrupted execution: it is neither taken up nor stopped', {
  timeout: 120_000,
}, async () => {
  await using folder = await folderWith(files)
  const state = join(folder.path, 'state')
  let child: ChildProcess | undefined
  const run = runCli(['run', 'pipeline.json', '--state', 'state'], {
    cwd: folder.path,
    onStart: started => {
      child = started
    },
  })
  await until(async () => (await journal(state)).includes('step-executing'))
  const cli = (...args: string[]) => runCli([...args, '--local', '--state', 'state'], { cwd: folder.path })

  // The run goes on meanwhile: it can be watched from another terminal.
  const beside = await cli('list', 'pipeline', '--json')
  expect(beside.stderr).toBe('')
  expect(JSON.parse(beside.stdout).executions).toMatchObject([{ status: 'Executing' }])

  child?.kill('SIGKILL')
  await run
  const before = await journal(state)
  for (const words of [
    ['list', 'pipeline'],
    ['describe', 'pipeline'],
    ['logs', 'pipeline', 'Wait'],
  ]) {
    const { stdout, stderr, code } = await cli(...words)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/Executing|up/)
  }
  expect(await journal(state)).toBe(before)

  // A command that changes something goes on with it; Ctrl-C ends the job that was left.
  const again = runCli(['run', 'pipeline.json', '--state', 'state', '--resume'], {
    cwd: folder.path,
    onStart: started => {
      child = started
    },
  })
  await until(async () => (await journal(state)).includes('execution-resumed'))
  child?.kill('SIGINT')
  await again
  expect(await journal(state)).toContain('Stopped')
})

test('run beside a running serve refuses flags that would have no effect, and says so of the configuration', {
  timeout: 120_000,
}, async () => {
  await using folder = await folderWith({
    ...files,
    'pipeline.json': definition.replace('waiting:1', 'unknown:1'),
    'programs/wait.mjs': '',
  })
  const state = join(folder.path, 'state')
  let stop = (): void => {}
  const served = runCli(['serve', '--state', 'state'], {
    cwd: folder.path,
    onStart: child => {
      stop = () => child.kill('SIGTERM')
    },
  })
  await until(() => isThere(join(state, 'serve.json')))
  const run = (...args: string[]) => runCli(['run', 'pipeline.json', '--state', 'state', ...args], { cwd: folder.path })
  const refused = await run('--port', '4999', '--runtime', 'container')
  expect(refused.code).toBe(2)
  expect(refused.stderr).toMatch(
    /process \d+ serves this state folder at http:\/\/127\.0\.0\.1:\d+ with its own settings — --port and --runtime would have no effect — leave them out, stop that process, or pass another --state\./,
  )
  expect(await isThere(join(state, 'pipelines/pipeline'))).toBe(false)
  const told = await run()
  expect(told.stderr).toMatch(
    /Process \d+ serves state with the settings that it was started with: images of foldwise\.config\.ts beside this pipeline has no effect on this run\./,
  )
  stop()
  expect((await served).code).toBe(0)
})

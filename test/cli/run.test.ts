import { readFile, readdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type RunResult, runResultSchema } from '../../schemas/run-result.ts'
import { folderWith, irisPipeline, nestedPipeline, runCli } from '../support/run-cli.ts'

const minute = 60_000
const parse = (text: string): RunResult => runResultSchema.strict().parse(JSON.parse(text))

/** Three folds in file order. The first holds every record of class a, so its training set has one class only. */
const oneBadFold = {
  'pipeline.ts': `import { crossValidation, csv, kFold, maximize, nodeSvm, pipeline, string, float } from 'foldwise'
export default pipeline('OneBadFold', { parameters: { Data: string('s3://nowhere/x.csv'), Baseline: float(0.5) } }, p =>
  crossValidation({
    data: csv(p.Data, { header: true, label: 'label' }),
    folds: kFold({ k: 3 }),
    training: nodeSvm({ instance: 'ml.m5.large' }),
    objective: maximize('validation:accuracy'),
    baseline: p.Baseline,
    register: { group: 'Bad' },
    role: 'arn:aws:iam::111122223333:role/Role',
    output: { bucket: 'results', prefix: 'p' },
    images: {
      processing: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:0.1.0',
      training: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-training:0.1.0',
    },
  }),
)
export const local = { data: { Data: './data.csv' } }
`,
  'data.csv': [
    'x,label',
    ...[1, 2, 3, 4].map(x => `${x},a`),
    ...[11, 12, 13, 14].map(x => `${x},b`),
    ...[15, 16, 17, 18].map(x => `${x},b`),
    '',
  ].join('\n'),
}

describe('foldwise run', () => {
  it('says which candidate every fold and the final training were given', { timeout: 2 * minute }, async () => {
    await using folder = await folderWith()
    const { code, stdout } = await runCli(['run', nestedPipeline, '--state', 'state', '--json'], { cwd: folder.path })
    const { folds, chosen, mean } = parse(stdout)
    expect(code).toBe(0)
    expect([...folds.map(fold => fold.chosen), chosen]).toEqual(['linear', 'hard', 'linear', 'hard'])
    expect(mean).toBeCloseTo(2.9 / 3, 12)
  })

  it('ends with the folds, the verdict, the registered model and the report, as JSON and on disk', {
    timeout: 2 * minute,
  }, async () => {
    await using folder = await folderWith()
    const { code, stdout, stderr } = await runCli(['run', irisPipeline, '--state', 'state', '--json'], {
      cwd: folder.path,
    })
    const result = parse(stdout)
    expect(result).toMatchObject({
      status: 'Succeeded',
      passed: true,
      mean: 0.98,
      modelPackageArn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package/irisclassifier/1',
      executionArn: expect.stringMatching(
        /^arn:aws:sagemaker:us-east-1:000000000000:pipeline\/IrisCrossValidation\/execution\/[a-z0-9]{12}$/,
      ),
    })
    expect(result.std).toBeCloseTo(0.01633, 5)
    expect(result.folds.map(({ index, value, status }) => [index, value, status])).toEqual([
      [0, 1, 'Succeeded'],
      [1, 1, 'Succeeded'],
      [2, 29 / 30, 'Succeeded'],
      [3, 29 / 30, 'Succeeded'],
      [4, 29 / 30, 'Succeeded'],
    ])
    const id = result.executionArn.split('/').at(-1)
    expect(result.report).toBe(join(folder.path, 'state/reports/IrisCrossValidation', id ?? '', 'report.html'))
    expect(await readFile(result.report ?? '', 'utf8')).toContain('<svg')
    expect(stderr).toMatch(/TrainFold-3 +succeeded +[\d.]+ m?i?n? ?s +validation:accuracy 0\.966667/)
    expect(stderr).not.toContain('\u001b')
    expect(code).toBe(0)
  })

  it('reports for people on stdout, and where everything lies', { timeout: 2 * minute }, async () => {
    await using folder = await folderWith()
    const { code, stdout } = await runCli(['run', irisPipeline, '-p', 'BaselineObjective=0.99'], { cwd: folder.path })
    expect(stdout).toMatch(/^fold {2}validation:accuracy {2}training {2}validation {2}duration {2}status$/m)
    expect(stdout).toMatch(/^ {3}4 {13}0\.966667 {7}120 {10}30 .* Succeeded$/m)
    expect(stdout).toMatch(/^accuracy {4}0\.98 ± 0\.0163299 {2}mean and population deviation of 5 folds$/m)
    expect(stdout).toMatch(/^gate {8}0\.98 >= 0\.99: did not pass: nothing was registered$/m)
    expect(stdout).not.toMatch(/^model /m)
    expect(stdout).toMatch(/^Succeeded in /m)
    const artifacts = /^ {12}(\.foldwise\/s3\/\S+)$/m.exec(stdout)?.[1] ?? ''
    expect((await readdir(join(folder.path, artifacts))).sort()).toEqual([
      'all',
      'evaluation',
      'models',
      'report',
      'train',
      'validation',
    ])
    expect(code).toBe(0)
  })

  it('keeps and shows the results of the other folds when one fails, and exits with 1', {
    timeout: 2 * minute,
  }, async () => {
    await using folder = await folderWith(oneBadFold)
    const { code, stdout } = await runCli(['run', 'pipeline.ts', '--json'], { cwd: folder.path })
    const result = parse(stdout)
    expect(result).toMatchObject({ status: 'Failed', mean: null, std: null, passed: null, modelPackageArn: null })
    expect(result.failureReason).toContain('failed')
    expect(result.folds[0]).toMatchObject({ value: null, status: 'Failed' })
    expect(result.folds.slice(1).map(({ status, value }) => [status, value])).toEqual([
      ['Succeeded', 1],
      ['Succeeded', 1],
    ])
    expect(code).toBe(1)
  })

  it('uploads the file of --data instead of the program’s own', { timeout: 2 * minute }, async () => {
    const { 'data.csv': data, ...rest } = oneBadFold
    const shuffled = [
      'x,label',
      ...data
        .trim()
        .split('\n')
        .slice(1)
        .sort((a, b) => (Number.parseInt(a, 10) % 4) - (Number.parseInt(b, 10) % 4)),
      '',
    ].join('\n')
    await using folder = await folderWith({ ...rest, 'other.csv': shuffled })
    const { code, stdout, stderr } = await runCli(['run', 'pipeline.ts', '--data', 'Data=other.csv', '--json'], {
      cwd: folder.path,
    })
    expect(stderr).toContain('other.csv → s3://foldwise-local/data/')
    expect(parse(stdout)).toMatchObject({ status: 'Succeeded' })
    expect(code).toBe(0)
  })

  it('runs a pipeline without cross-validation, and its Fail step gives exit code 1', { timeout: minute }, async () => {
    await using folder = await folderWith({
      'pipeline.ts': `import { failStep, pipeline } from 'foldwise'
export default pipeline('Plain', {}, () => [failStep('Stop', { message: 'on purpose' })])
`,
    })
    const [text, json] = await Promise.all([
      runCli(['run', 'pipeline.ts', '--state', 'a'], { cwd: folder.path }),
      runCli(['run', 'pipeline.ts', '--state', 'b', '--json'], { cwd: folder.path }),
    ])
    expect(text.stdout).toMatch(/^Stop +Failed/m)
    expect(text.stdout).toContain('on purpose')
    expect(text.code).toBe(1)
    expect(parse(json.stdout)).toMatchObject({ status: 'Failed', folds: [], mean: null, report: null })
  })
})

describe('foldwise run stops before anything is written', () => {
  it.each([
    ['a start value that is unknown', ['-p', 'gama=1'], /no such parameter.*Did you mean "gamma"/, 2],
    ['a start value of the wrong type', ['-p', 'C=x'], /"x" is no Float/, 2],
    ['an override of k', ['-p', 'k=3'], /k is 5 and fixed in the definition/, 2],
    [
      'a data file that is missing',
      ['--data', 'InputDataUri=nowhere.csv'],
      /there is no such file \(.*nowhere\.csv\)/,
      2,
    ],
    ['a data file that is empty', ['--data', 'InputDataUri=empty.csv'], /the file is empty/, 1],
    ['a data file for a parameter that is no String', ['--data', 'C=empty.csv'], /no String parameter of that name/, 2],
    [
      'a value given as data and as text',
      ['--data', 'InputDataUri=x', '-p', 'InputDataUri=s3://b/k'],
      /given by --data and by -p/,
      2,
    ],
  ])('for %s', async (_, args, sentence, exitCode) => {
    await using folder = await folderWith({ 'empty.csv': '' })
    const { code, stdout, stderr } = await runCli(['run', irisPipeline, ...args], { cwd: folder.path })
    expect(stderr).toMatch(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(await readdir(folder.path)).toEqual(['empty.csv'])
    expect(code).toBe(exitCode)
  })

  it('for a port in use', async () => {
    const other = createServer()
    await new Promise<void>(done => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as AddressInfo
    await using folder = await folderWith()
    const { code, stderr } = await runCli(['run', irisPipeline, '--port', String(port)], { cwd: folder.path })
    other.close()
    expect(stderr).toMatch(new RegExp(`^error .*${port} is already in use.*--port`))
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).not.toBe(0)
  })

  it('for a state folder that cannot be written', async () => {
    await using folder = await folderWith({ blocked: 'a file' })
    const { code, stderr } = await runCli(['run', irisPipeline, '--state', 'blocked/state'], { cwd: folder.path })
    expect(stderr).toMatch(/^error .*blocked.*--state/)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(1)
  })
})

describe('Ctrl-C during foldwise run', () => {
  it('stops the jobs, leaves a consistent journal and exits with 130', { timeout: 2 * minute }, async () => {
    await using folder = await folderWith()
    let pressed = false
    const { code, stderr } = await runCli(['run', irisPipeline], {
      cwd: folder.path,
      onStart: child =>
        child.stderr?.on('data', chunk => {
          if (pressed || !String(chunk).includes('TrainFold-0')) return
          pressed = true
          child.kill('SIGINT')
        }),
    })
    expect(pressed).toBe(true)
    expect(stderr).toContain('interrupted by SIGINT')
    expect(code).toBe(130)
    expect(await processesIn(folder.path)).toEqual([])
    const executions = join(folder.path, '.foldwise/executions')
    const [id = ''] = await readdir(executions)
    const journal = (await readFile(join(executions, id, 'journal.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(JSON.parse(journal.at(-1) ?? '')).toMatchObject({ type: 'execution-status', status: 'Stopped' })
    const described = await runCli(['describe', 'IrisCrossValidation', '--local', '--json'], { cwd: folder.path })
    const { status, steps } = JSON.parse(described.stdout) as { status: string; steps: { status: string }[] }
    expect(status).toBe('Stopped')
    expect(steps.filter(step => !['Succeeded', 'Stopped'].includes(step.status))).toEqual([])
  })
})

/** Command lines of running processes that mention the folder or work in it. */
async function processesIn(folder: string): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (words.includes(folder) || environment.includes(`SAGEMAKER_BASE_DIR=${folder}`)) found.push(words)
  }
  return found
}

describe('--local', () => {
  it('upserts, lists, starts and describes on a state folder, with and without a server on it', {
    timeout: 3 * minute,
  }, async () => {
    await using folder = await folderWith()
    const cli = (...args: string[]) => runCli([...args, '--state', 'state'], { cwd: folder.path })
    const first = await cli('upsert', irisPipeline, '--local', '--json')
    expect(JSON.parse(first.stdout)).toMatchObject({ action: 'created' })
    expect(JSON.parse((await cli('upsert', irisPipeline, '--local', '--json')).stdout)).toMatchObject({
      action: 'unchanged',
    })
    expect((await cli('list', '--local')).stdout).toContain('IrisCrossValidation')

    const inProcess = await cli('start', irisPipeline, '--local')
    expect(inProcess.stderr).toContain('the execution runs to its end here')
    expect(inProcess.stdout).toContain('Succeeded')
    expect(inProcess.code).toBe(0)

    let stop = (): void => {}
    const served = runCli(['serve', '--state', 'state', '--json'], {
      cwd: folder.path,
      onStart: child => {
        stop = () => child.kill('SIGTERM')
      },
    })
    await waitForFile(join(folder.path, 'state/serve.json'))
    const started = await cli('start', 'IrisCrossValidation', '--local', '-p', 'InputDataUri=s3://nowhere/missing.csv')
    expect(started.stdout).toMatch(/^arn:aws:sagemaker:.*\/execution\/[a-z0-9]{12}\n$/)
    const watched = await cli('watch', started.stdout.trim(), '--local')
    expect(watched.stdout).toContain('Failed')
    expect(watched.code).toBe(1)
    const listed = await cli('list', 'IrisCrossValidation', '--local', '--json')
    const { executions } = JSON.parse(listed.stdout) as { executions: { status: string }[] }
    expect(executions.map(({ status }) => status)).toEqual(['Failed', 'Succeeded'])
    stop()
    const server = await served
    expect(JSON.parse(server.stdout)).toMatchObject({ endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
    expect(server.code).toBe(0)
    await expect(stat(join(folder.path, 'state/serve.json'))).rejects.toThrow('ENOENT')
  })
})

async function waitForFile(path: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${path} did not appear`)
}

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../pipeline/validate/index.ts'
import { folderWith, irisPipeline, runCli } from '../support/run-cli.ts'

const minute = 60_000

describe('foldwise validate', () => {
  it('prints an empty list of problems for the example', async () => {
    const { code, stdout } = await runCli(['validate', irisPipeline, '--json'])
    expect(JSON.parse(stdout)).toEqual({ problems: [] })
    expect(code).toBe(0)
  })

  it('prints every problem of a broken definition, and exits with 1', async () => {
    await using folder = await folderWith({
      'd.json': JSON.stringify({
        Version: '2020-12-01',
        Steps: [
          { Name: 'A', Type: 'Trainig', Arguments: {} },
          { Name: 'A', Type: 'Fail' },
        ],
      }),
    })
    const { code, stdout } = await runCli(['validate', 'd.json', '--json'], { cwd: folder.path })
    const { problems } = JSON.parse(stdout) as {
      problems: { code: string; severity: string; path: string; message: string }[]
    }
    expect(problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThanOrEqual(2)
    for (const problem of problems) expect(Object.keys(catalogue)).toContain(problem.code)
    expect(code).toBe(1)
    const text = await runCli(['validate', 'd.json'], { cwd: folder.path })
    expect(text.stdout).toContain('Did you mean "Training"?')
    expect(text.code).toBe(1)
  })

  it('makes broken JSON a problem like any other', async () => {
    await using folder = await folderWith({ 'd.json': '{"Steps": [' })
    const { code, stdout, stderr } = await runCli(['validate', 'd.json', '--json'], { cwd: folder.path })
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ code: 'FW1001', severity: 'error' }] })
    expect(stderr).toBe('')
    expect(code).toBe(1)
  })

  it('points at the line of the program that made the step', async () => {
    await using folder = await folderWith({
      'pipeline.ts': `import { failStep, pipeline, rawStep } from 'foldwise'

export default pipeline('P', {}, () => [
  rawStep('Odd', { type: 'Processing', arguments: { Nonsense: 1 } }),
])
`,
    })
    const { stdout, stderr } = await runCli(['validate', 'pipeline.ts', '--json'], { cwd: folder.path })
    expect(stderr).toBe('')
    const { problems } = JSON.parse(stdout) as { problems: { at?: string }[] }
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.map(({ at }) => at)).toContain(`${join(folder.path, 'pipeline.ts')}:4`)
  })

  it.each(['sarif', 'junit', 'github'])('writes %s', async format => {
    await using folder = await folderWith({ 'd.json': '{"Version": "2020-12-01", "Steps": [], "Stepz": 1}' })
    const { stdout } = await runCli(['validate', 'd.json', '--format', format], { cwd: folder.path })
    const marks = { sarif: '"version": "2.1.0"', junit: '<testcase', github: '::error' } as const
    expect(stdout).toContain(marks[format as keyof typeof marks])
  })
})

describe('foldwise graph', () => {
  it('draws the example in Mermaid and DOT, with the branch of the gate', async () => {
    const [mermaid, dot] = await Promise.all([
      runCli(['graph', irisPipeline]),
      runCli(['graph', irisPipeline, '--format', 'dot']),
    ])
    expect(mermaid.stdout).toMatch(/^flowchart TD\n/)
    expect(mermaid.stdout).toContain('s7 -- true --> s8')
    expect(dot.stdout).toMatch(/^digraph pipeline \{/)
    expect(dot.stdout).toContain('"CompareWithBaseline" -> "TrainFinal" [label="true"];')
    expect(dot.stdout).not.toContain('"SplitFolds" -> "AggregateFolds"')
  })
})

describe('foldwise diff', () => {
  it('names what differs between two programs, and --fail makes it count', async () => {
    await using folder = await folderWith()
    const text = await readFile(irisPipeline, 'utf8')
    await writeFile(join(folder.path, 'other.ts'), text.replace('k: 5', 'k: 4').replace('float(1)', 'float(2)'))
    const same = await runCli(['diff', irisPipeline, irisPipeline, '--fail'])
    expect(same).toMatchObject({ code: 0, stdout: 'IrisCrossValidation: no differences\n' })
    const other = await runCli(['diff', 'other.ts', irisPipeline, '--fail'], { cwd: folder.path })
    expect(other.stdout).toMatch(/^~ parameter C\n {4}~ DefaultValue: 1 → 2$/m)
    expect(other.stdout).toMatch(/^- step TrainFold-4 \(Training\)$/m)
    expect(other.stdout).toContain('no longer waits for TrainFold-4')
    expect(other.code).toBe(1)
    const without = await runCli(['diff', 'other.ts', irisPipeline, '--json'], { cwd: folder.path })
    expect(JSON.parse(without.stdout)).toMatchObject({ different: true, parameters: [{ name: 'C', kind: 'changed' }] })
    expect(without.code).toBe(0)
  })

  it('compares with what is deployed', { timeout: minute }, async () => {
    await using folder = await folderWith()
    const cli = (...args: string[]) => runCli([...args, irisPipeline, '--local'], { cwd: folder.path })
    expect((await cli('diff')).stdout).toBe('IrisCrossValidation is not deployed: an upsert would create it.\n')
    expect((await cli('upsert')).code).toBe(0)
    expect((await cli('diff')).stdout).toBe('IrisCrossValidation: no differences\n')
  })
})

describe('foldwise explain', () => {
  it('explains a code in either spelling, and lists all', async () => {
    const one = await runCli(['explain', 'fw1001'])
    expect(one.stdout).toMatch(/^FW1001 {2}error {2}The definition is no JSON\n/)
    expect(one.stdout).toContain('Source: ')
    const all = await runCli(['explain', '--json'])
    expect((JSON.parse(all.stdout) as { codes: unknown[] }).codes).toHaveLength(Object.keys(catalogue).length)
  })

  it('refuses a code that does not exist', async () => {
    const { code, stderr } = await runCli(['explain', 'FW0000'])
    expect(stderr).toMatch(/^error There is no code "FW0000"/)
    expect(code).toBe(2)
  })
})

describe('after a run that was interrupted', () => {
  it('--resume finishes it under the same ARN, logs shows a job’s output, and retry refuses a success', {
    timeout: 3 * minute,
  }, async () => {
    await using folder = await folderWith()
    const cli = (...args: string[]) => runCli(args, { cwd: folder.path })
    let pressed = false
    const interrupted = await runCli(['run', irisPipeline], {
      cwd: folder.path,
      onStart: child =>
        child.stderr?.on('data', chunk => {
          if (pressed || !String(chunk).includes('TrainFold-1')) return
          pressed = true
          child.kill('SIGINT')
        }),
    })
    expect(interrupted.code).toBe(130)
    const before = JSON.parse((await cli('list', 'IrisCrossValidation', '--local', '--json')).stdout) as {
      executions: { executionArn: string; status: string }[]
    }
    expect(before.executions.map(({ status }) => status)).toEqual(['Stopped'])

    const refused = await cli('run', irisPipeline, '--resume', '-p', 'C=2')
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('leave out -p and --data') })

    const resumed = await cli('run', irisPipeline, '--resume', '--json')
    expect(JSON.parse(resumed.stdout)).toMatchObject({
      status: 'Succeeded',
      mean: 0.98,
      executionArn: before.executions[0]?.executionArn,
    })
    const logs = await cli('logs', 'IrisCrossValidation', 'TrainFold-4', '--local')
    expect(logs.stdout).toMatch(/^TrainFold-4 {2}pipelines-/)
    expect(logs.stdout).toContain('validation:accuracy=')
    const nothing = await cli('logs', 'IrisCrossValidation', 'TrainFold-9', '--local')
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('TrainFold-0, TrainFold-1') })
    const some = await cli('start', irisPipeline, '--local', '--only', 'TrainFinal,RegisterModel', '--json')
    const { steps } = JSON.parse(some.stdout) as { steps: { name: string; status: string }[] }
    expect(steps.filter(({ status }) => status !== 'Succeeded')).toEqual([])
    const wrong = await cli('start', irisPipeline, '--local', '--only', 'TrainFinl')
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean "TrainFinal"?') })
    const retried = await cli('retry', 'IrisCrossValidation', '--local')
    expect(retried).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be retried') })
  })
})

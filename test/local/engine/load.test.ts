import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { condition, equals, fail, type LocalEngine, openLocalEngine, processing } from '../../support/local-engine.ts'

const noop = (name: string, ...before: string[]): object =>
  condition(name, [equals(1, 1)], [], [], before.length > 0 ? { DependsOn: before } : {})

async function withEngine(work: (local: LocalEngine) => Promise<void>): Promise<void> {
  const local = await openLocalEngine()
  try {
    await work(local)
  } finally {
    await local.close()
  }
}

test('1000 steps that do nothing end within 5 seconds, in a row as well as side by side', { retry: 2 }, () =>
  withEngine(async local => {
    for (const before of [(n: number) => (n === 0 ? [] : [`S${n - 1}`]), () => []]) {
      const begun = Date.now()
      const { execution } = await local.run(Array.from({ length: 1000 }, (_, n) => noop(`S${n}`, ...before(n))))
      expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
      expect(Date.now() - begun).toBeLessThan(5000)
    }
  }),
)

test('50 executions at once all end, each with its own steps', () =>
  withEngine(async local => {
    const runs = await Promise.all(
      Array.from({ length: 50 }, () =>
        local.run([
          noop('A'),
          noop('B', 'A'),
          { Name: 'R', Type: 'RegisterModel', Arguments: { ModelPackageGroupName: 'Many' }, DependsOn: ['B'] },
        ]),
      ),
    )
    expect(runs.map(run => run.execution['PipelineExecutionStatus'])).toEqual(
      Array.from({ length: 50 }, () => 'Succeeded'),
    )
    expect(new Set(runs.map(run => run.steps['R']?.['Metadata'].RegisterModel.Arn)).size).toBe(50)
  }))

test('the limit of parallel steps can be raised while an execution runs', () =>
  withEngine(async local => {
    local.program(
      'until',
      `import { existsSync } from 'node:fs'; const t = setInterval(() => existsSync(process.argv[2]) && clearInterval(t), 10)`,
    )
    const go = join(local.folder, 'go')
    const arn = await local.start(
      [processing('A', 'until', { arguments: [go] }), processing('B', 'until', { arguments: [go] })],
      { maxParallel: 1 },
    )
    while (Object.keys(await local.steps(arn)).length < 1) await new Promise(resolve => setTimeout(resolve, 5))
    await local.call('UpdatePipelineExecution', {
      PipelineExecutionArn: arn,
      ParallelismConfiguration: { MaxParallelExecutionSteps: 2 },
    })
    while (Object.keys(await local.steps(arn)).length < 2) await new Promise(resolve => setTimeout(resolve, 5))
    writeFileSync(go, '')
    expect((await local.ended(arn))['PipelineExecutionStatus']).toBe('Succeeded')
  }))

test('a full disk ends the execution with the reason; nothing hangs, and a later engine goes on from the last whole line', async ({
  skip,
}) => {
  const disk = mkdtempSync(join(tmpdir(), 'foldwise-full-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk], { encoding: 'utf8' })
  if (mounted.status !== 0)
    return skip(`cannot mount a small disk here: ${mounted.error?.message ?? mounted.stderr.trim()}`)
  try {
    const steps = Array.from({ length: 2000 }, (_, n) => noop(`S${n}`, ...(n === 0 ? [] : [`S${n - 1}`])))
    const local = await openLocalEngine({}, disk)
    const arn = await local.start(steps)
    // Leaves room for some hundred lines.
    const free = Number(spawnSync('df', ['--output=avail', '-B1', disk], { encoding: 'utf8' }).stdout.split('\n')[1])
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(Math.max(0, free - 64 * 1024)))
    const execution = await local.ended(arn)
    expect(execution).toMatchObject({
      PipelineExecutionStatus: 'Failed',
      FailureReason: expect.stringMatching(/could not go on: Cannot write .*journal\.jsonl: the disk of .* is full/),
    })
    await local.engine.close()
    rmSync(join(disk, 'ballast'))
    spawnSync('mount', ['-o', 'remount,size=16m', disk])
    const later = await openLocalEngine({}, disk)
    expect((await later.ended(arn))['PipelineExecutionStatus']).toBe('Succeeded')
    expect(Object.keys(await later.call('ListPipelineExecutionSteps', { PipelineExecutionArn: arn }))).toContain(
      'NextToken',
    )
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(1024 * 1024))
    spawnSync('sh', ['-c', 'cat /dev/zero > "$0/rest"; true', disk])
    await expect(
      later.call('CreatePipeline', {
        PipelineName: 'Late',
        RoleArn: 'r',
        PipelineDefinition: JSON.stringify({ Version: '2020-12-01', Steps: steps }),
      }),
    ).rejects.toThrow(/^Cannot write .*: the disk of .* is full\. Free some space/)
    await expect(later.call('DescribePipeline', { PipelineName: 'Late' })).rejects.toThrow(/does not exist/)
    await later.engine.close()
  } finally {
    spawnSync('umount', [disk])
  }
})

test('an execution whose journal is gone is not listed, and does not keep the engine from opening', () =>
  withEngine(async local => {
    const arn = await local.start([fail('A')], { name: 'Lost' })
    await local.ended(arn)
    await local.engine.close()
    rmSync(join(local.folder, 'executions', arn.split('/').pop() as string), { recursive: true })
    mkdirSync(join(local.folder, 'executions', 'aaaaaaaaaaaa'))
    const later = await openLocalEngine({}, local.folder)
    expect(
      (await later.call('ListPipelineExecutions', { PipelineName: 'Lost' }))['PipelineExecutionSummaries'],
    ).toEqual([])
    await later.engine.close()
  }))

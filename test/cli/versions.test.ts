import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startLocalSageMaker } from '../../local/index.ts'
import { createClients } from '../../pipeline/service/index.ts'
import { folderWith, runCli } from '../support/run-cli.ts'

const minute = 60_000

const program = (message: string) => `import { failStep, pipeline } from 'foldwise'

export default pipeline('Guarded', {}, () => [failStep('Stop', { message: '${message}' })])
`

describe('foldwise upsert over a foreign change', () => {
  it('shows the difference, refuses, and overwrites with --force', { timeout: 2 * minute }, async () => {
    await using folder = await folderWith({ 'pipeline.ts': program('ours') })
    const cli = (...args: string[]) => runCli([...args, '--local'], { cwd: folder.path })
    expect((await cli('upsert', 'pipeline.ts')).stdout).toMatch(/^Guarded created\n/)

    const server = await startLocalSageMaker({ stateDir: join(folder.path, '.foldwise') })
    const clients = await createClients({ local: server.endpoint })
    try {
      const { UpdatePipelineCommand } = clients.sagemakerSdk
      const theirs = {
        Version: '2020-12-01',
        Steps: [{ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'theirs' } }],
      }
      await clients.sagemaker.send(
        new UpdatePipelineCommand({ PipelineName: 'Guarded', PipelineDefinition: JSON.stringify(theirs) }),
      )
    } finally {
      clients.close()
      await server.close()
    }

    await writeFile(join(folder.path, 'pipeline.ts'), program('ours, changed'))
    const refused = await cli('upsert', 'pipeline.ts')
    expect(refused.stderr).toContain('~ Arguments.ErrorMessage: "theirs" → "ours, changed"')
    expect(refused.stderr).toMatch(
      /error Pipeline "Guarded": somebody else changed the definition .* pass --force\.\n$/,
    )
    expect(refused).toMatchObject({ code: 1, stdout: '' })

    const forced = await cli('upsert', 'pipeline.ts', '--force')
    expect(forced.stdout).toMatch(/^Guarded updated as version 3 \(definition\)\n/)

    const versions = await cli('versions', 'pipeline.ts', '--json')
    expect(JSON.parse(versions.stdout)).toMatchObject({
      pipeline: 'Guarded',
      versions: [{ version: 3 }, { version: 2 }, { version: 1 }],
    })
    const before = await cli('diff', 'pipeline.ts', '--pipeline-version', '1')
    expect(before.stdout).toContain('~ Arguments.ErrorMessage: "ours" → "ours, changed"')
    expect(await cli('diff', 'pipeline.ts', '--pipeline-version', '7')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no version 7'),
    })
    expect(await cli('diff', 'pipeline.ts', 'pipeline.ts', '--pipeline-version', '1')).toMatchObject({ code: 2 })

    const started = await cli('start', 'pipeline.ts', '--pipeline-version', '1', '--json')
    expect(started.code).toBe(1)
    const { executionArn } = JSON.parse(started.stdout) as { executionArn: string }
    const described = await cli('describe', executionArn)
    expect(described.stdout).toMatch(/version 1, started/)
    expect(described.stdout).toMatch(/Stop +Failed .* ours$/m)
    expect((await cli('versions', 'Guarded')).stdout).toMatch(
      new RegExp(`^ +1 .*${executionArn.split('/').at(-1)}$`, 'm'),
    )
    expect(await cli('start', 'Guarded', '--pipeline-version', '7')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no version 7'),
    })
  })
})

describe('foldwise diff', () => {
  it('shows a change of the parallelism alone, and upsert sends it', { timeout: minute }, async () => {
    const limited = (steps: number) => `import { failStep, pipeline } from 'foldwise'

export default pipeline('Limited', { maxParallelSteps: ${steps} }, () => [failStep('Stop', { message: '' })])
`
    await using folder = await folderWith({ 'pipeline.ts': limited(2) })
    const cli = (...args: string[]) => runCli([...args, 'pipeline.ts', '--local'], { cwd: folder.path })
    await cli('upsert')
    expect((await cli('diff', '--fail')).stdout).toBe('Limited: no differences\n')
    await writeFile(join(folder.path, 'pipeline.ts'), limited(5))
    expect(await cli('diff', '--fail')).toMatchObject({
      code: 1,
      stdout: '~ maxParallelSteps: 2 → 5\n\nLimited: 1 setting differ\n',
    })
    expect(JSON.parse((await cli('diff', '--json')).stdout)).toMatchObject({
      different: true,
      settings: [{ kind: 'changed', path: 'maxParallelSteps', before: 2, after: 5 }],
    })
    expect((await cli('upsert')).stdout).toMatch(/^Limited updated as version 2 \(maxParallelSteps\)/)
    expect((await cli('diff', '--fail')).code).toBe(0)
  })
})

import { describe, expect, it } from 'vitest'
import { folderWith, runCli } from '../support/run-cli.ts'

/** Two errors: a member that no request has, in two steps. */
const definition = JSON.stringify({
  Version: '2020-12-01',
  Steps: ['A', 'B'].map(Name => ({
    Name,
    Type: 'EndpointConfig',
    Arguments: { ProductionVariants: [{ VariantName: Name, ModelName: 'm' }], Novelty: 1 },
  })),
})

describe('foldwise validate --allow', () => {
  it('prints what is allowed with the reason, and passes when nothing else is an error', {
    timeout: 120_000,
  }, async () => {
    await using folder = await folderWith({ 'd.json': definition })
    const validate = (...args: string[]) => runCli(['validate', 'd.json', ...args], { cwd: folder.path })
    expect((await validate()).code).toBe(1)
    const text = await validate('--allow', 'fw5001=the account has the preview')
    expect(text.stdout).toMatch(/allowed FW5001 .*Novelty/)
    expect(text.stdout).toContain('Allowed: the account has the preview')
    expect(text.stdout).toMatch(/0 errors, .*2 allowed\n$/)
    expect(text.code).toBe(0)
    const json = await validate('--allow', 'FW5001=preview', '--json')
    const { problems } = JSON.parse(json.stdout) as { problems: { code: string; allowed?: string }[] }
    expect(problems.filter(({ allowed }) => allowed === 'preview').map(({ code }) => code)).toEqual([
      'FW5001',
      'FW5001',
    ])
  })

  it('refuses a code that does not exist and a reason that is empty as wrong usage', { timeout: 120_000 }, async () => {
    await using folder = await folderWith({ 'd.json': definition })
    const validate = (allow: string) => runCli(['validate', 'd.json', '--allow', allow], { cwd: folder.path })
    expect(await validate('FW501=x')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no code "FW501"\. Did you mean "FW50\d\d"\?/),
    })
    expect(await validate('FW5001= ')).toMatchObject({ code: 2, stderr: expect.stringContaining('has no reason') })
    expect(await validate('FW5001')).toMatchObject({ code: 2, stderr: expect.stringContaining('Name=Value') })
  })

  it('is written down once in foldwise.config.ts, for a step by its name, and counts before an upsert too', {
    timeout: 120_000,
  }, async () => {
    await using folder = await folderWith({
      'd.json': definition,
      'foldwise.config.ts': `export default { allow: [{ code: 'FW5001', path: 'Steps.A', reason: 'preview' }] }\n`,
    })
    const half = await runCli(['validate', 'd.json', '--json'], { cwd: folder.path })
    const { problems } = JSON.parse(half.stdout) as { problems: { severity: string; path: string; allowed?: string }[] }
    expect(problems.filter(({ severity }) => severity === 'error').map(({ path }) => path)).toEqual([
      'Steps[1].Arguments.Novelty',
    ])
    expect(half.code).toBe(1)
    const upsert = (...args: string[]) => runCli(['upsert', 'd.json', '--local', ...args], { cwd: folder.path })
    expect(await upsert()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/1 error.*1 allowed.* nothing was sent/),
    })
    const passed = await upsert('--allow', 'FW5001=preview')
    expect(passed.stderr).toContain('Allowed: preview')
    expect(passed.code).toBe(0)
  })

  it('refuses a configuration whose entry has no reason', { timeout: 120_000 }, async () => {
    await using folder = await folderWith({
      'd.json': definition,
      'foldwise.config.mjs': `export default { allow: [{ code: 'FW5001' }] }\n`,
    })
    const { code, stderr } = await runCli(['validate', 'd.json'], { cwd: folder.path })
    expect(stderr).toMatch(/foldwise\.config\.mjs: allow\[0\]\.reason/)
    expect(code).toBe(2)
  })
})

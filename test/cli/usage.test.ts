import { describe, expect, it } from 'vitest'
import { verbs as table } from '../../cli/commands.ts'
import { irisPipeline, runCli } from '../support/run-cli.ts'

const verbs = Object.keys(table)

describe('wrong usage ends with exit code 2 and a sentence', () => {
  it.each([
    ['a misspelt verb', ['valdate'], "unknown command 'valdate'", 'Did you mean validate?'],
    ['a verb that resembles none', ['frobnicate'], "unknown command 'frobnicate'", ''],
    ['a misspelt flag', ['synth', '--stdot', irisPipeline], "unknown option '--stdot'", 'Did you mean --stdout?'],
    ['a missing argument', ['synth'], "missing required argument 'file'", ''],
    ['an argument too many', ['synth', irisPipeline, 'more'], 'too many arguments', ''],
    ['a flag without its value', ['run', irisPipeline, '--max-parallel'], 'argument missing', ''],
    ['a number that is none', ['run', irisPipeline, '--max-parallel', 'two'], 'whole number from 1 to 10000', ''],
    ['a number out of range', ['serve', '--port', '70000'], 'whole number from 0 to 65535', ''],
    ['a start value without a name', ['run', irisPipeline, '-p', '=1'], 'It must have the form Name=Value.', ''],
    ['a start value without "="', ['start', irisPipeline, '-p', 'C'], 'It must have the form Name=Value.', ''],
    ['a start value given twice', ['run', irisPipeline, '-p', 'C=1', '-p', 'C=2'], '"C" is given twice.', ''],
  ])('%s', async (_, args, sentence, suggestion) => {
    const { code, stdout, stderr } = await runCli(args)
    expect(stderr).toContain(sentence)
    expect(stderr).toContain(suggestion)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  it('no verb at all shows the help on stderr', async () => {
    const { code, stdout, stderr } = await runCli([])
    expect(stderr).toContain('Usage: foldwise')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

describe('help', () => {
  it('lists every verb and the exit codes', async () => {
    const { code, stdout, stderr } = await runCli(['--help'])
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'))
    expect(stdout).toContain('130 interrupted')
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it.each(verbs)('of %s names its flags, --json and an example', async verb => {
    const [flag, word] = await Promise.all([runCli([verb, '--help']), runCli(['help', verb])])
    expect(flag.code).toBe(0)
    expect(flag.stdout).toContain(`Usage: foldwise ${verb}`)
    expect(flag.stdout).toContain('--json')
    expect(flag.stdout).toContain('Examples:')
    expect(word.stdout).toBe(flag.stdout)
  })

  it('keeps every line of the description and the flags within 80 columns', async () => {
    for (const args of [['--help'], ['run', '--help'], ['split', '--help']]) {
      const { stdout } = await runCli(args)
      const [body = ''] = stdout.split('\nExamples:')
      expect(Math.max(...body.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
    }
  })

  it('prints the version of package.json', async () => {
    const { stdout } = await runCli(['--version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

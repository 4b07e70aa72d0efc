import { Command as Commander, CommanderError, Option } from 'commander'
import { isUserError } from '../schemas/problem.ts'
import type { AnyCommand } from './command.ts'
import { verbs } from './commands.ts'
import type { FlagValues, Flags } from './flags.ts'
import { createHost, type Host, signalExitCodes } from './host.ts'
import { packageVersion } from './installation.ts'

const exitCodes = { failed: 1, usage: 2, defect: 3 } as const

const introduction = `Typed pipelines for Amazon SageMaker: definitions, a judge before AWS, k-fold cross-validation,
and a SageMaker on this machine.`

const examples = `
Examples:
  foldwise run pipeline.ts -p C=1            run it here, without AWS
  foldwise validate pipeline.ts              all problems at once
  foldwise upsert pipeline.ts --role-arn …   create or update it in AWS
  foldwise <verb> --help                     the flags of a verb

Exit codes: 0 fine, 1 the pipeline or the check failed, 2 wrong usage, 3 a defect of Foldwise, 130 interrupted.`

/** Runs the command line. @returns the exit code. */
async function main(words: readonly string[]): Promise<number> {
  const host = createHost({ json: words.includes('--json') })
  try {
    return await runWords(words, host)
  } catch (error) {
    if (host.interrupted.aborted) return interruptedBy(host)
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    if (isUserError(error)) {
      host.note(`${host.err.colors.red('error')} ${error.message}`)
      return error.exitCode
    }
    host.note(defectReport(error))
    return exitCodes.defect
  }
}

async function runWords(words: readonly string[], host: Host): Promise<number> {
  let exitCode = 0
  const program = new Commander('foldwise')
    .description(introduction)
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', examples)
  applyHost(program, host)
  const wanted = words.find(word => !word.startsWith('-') && word !== 'help')
  for (const [name, verb] of Object.entries(verbs)) {
    const sub = program.command(name).summary(verb.summary).description(capitalised(verb.summary))
    applyHost(sub, host)
    if (name !== wanted) continue
    const command: AnyCommand = await verb.load()
    configure(sub, command, async (positionals, flags) => {
      const result = await command.run(positionals, flags as never, host)
      if (result !== undefined) host.print(result)
      exitCode = result?.exitCode ?? (host.interrupted.aborted ? interruptedBy(host) : 0)
    })
  }
  await program.parseAsync([...words], { from: 'user' })
  return exitCode
}

/** Wrong usage goes through the host, with the words that were meant, and ends with its own exit code. */
function applyHost(command: Commander, host: Host): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: text => host.out.write(text),
      writeErr: text => host.err.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, host.err.colors.red('error'))),
      getOutHasColors: () => host.out.colors.isColorSupported,
      getErrHasColors: () => host.err.colors.isColorSupported,
      getOutHelpWidth: () => host.out.columns(),
      getErrHelpWidth: () => host.err.columns(),
    })
    .configureHelp({
      styleTitle: text => host.out.colors.bold(text),
      styleSubcommandText: text => host.out.colors.cyan(text),
      styleOptionTerm: text => host.out.colors.cyan(text),
    })
}

function configure(
  sub: Commander,
  command: AnyCommand,
  action: (positionals: (string | undefined)[], flags: FlagValues<Flags>) => Promise<void>,
): void {
  for (const { words, help } of command.positionals) sub.argument(words, help)
  const flags: Flags = command.flags
  const options = Object.entries(flags).map(([key, flag]) => {
    const option = new Option(flag.words, flag.help)
    const { parse } = flag
    if (parse !== undefined) option.argParser(parse)
    sub.addOption(option)
    return { key, name: option.attributeName() }
  })
  sub.option('--json', 'print the result as JSON on stdout')
  if (command.examples.length > 0) {
    sub.addHelpText('after', `\nExamples:\n${command.examples.map(example => `  ${example}`).join('\n')}`)
  }
  sub.action(async () => {
    const values = sub.opts<Record<string, unknown>>()
    await action(
      command.positionals.map((_, index) => sub.args[index]),
      Object.fromEntries(options.map(({ key, name }) => [key, values[name]])),
    )
  })
}

function interruptedBy(host: Host): number {
  const signal = host.interrupted.reason as keyof typeof signalExitCodes
  host.note(`${host.err.colors.yellow('interrupted')} by ${signal}`)
  return signalExitCodes[signal]
}

const defectReport = (error: unknown): string =>
  `${error instanceof Error ? (error.stack ?? error.message) : String(error)}

This is a defect of Foldwise ${packageVersion()} (Node ${process.version}, ${process.platform}), not of your pipeline.
Please report it with the lines above and the command that you ran.`

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

process.exitCode = await main(process.argv.slice(2))

import { parseArgs } from 'node:util'
import type { Candidate, ChooseOptions } from '../../schemas/choose-options.ts'
import { directions } from '../../schemas/direction.ts'
import { UserError } from '../../schemas/problem.ts'

/**
 * The options from the command line, whose order tells which `--set` belongs to which `--candidate`.
 *
 * @throws UserError that names the argument
 */
export function parseChooseOptions(args: readonly string[]): ChooseOptions {
  const tokens = readTokens(args)
  const last = new Map(tokens.map(({ name, value }) => [name, value]))
  const direction = directions.find(each => each === last.get('direction'))
  const objective = last.get('objective') ?? ''
  if (objective === '') throw wrong('objective', 'name the metric that is compared')
  if (direction === undefined) throw wrong('direction', `give ${directions.join(' or ')}`)
  const folds = tokens.filter(({ name }) => name === 'folds').map(({ value }) => value)
  return { objective, direction, folds: readFolds(folds.join(',')), candidates: readCandidates(tokens) }
}

function readFolds(text: string): number[] {
  const folds = text.split(',').map(part => (/^\d+$/.test(part) ? Number(part) : Number.NaN))
  if (folds.every(Number.isSafeInteger)) return folds
  throw wrong('folds', `"${text}" is no list of fold numbers — give them with commas, such as 0,1,2`)
}

function readCandidates(tokens: readonly Token[]): Candidate[] {
  const candidates: { name: string; hyperparameters: Record<string, string> }[] = []
  for (const { name, value } of tokens) {
    if (name === 'candidate') candidates.push({ name: value, hyperparameters: {} })
    if (name !== 'set') continue
    const equals = value.indexOf('=')
    const current = candidates.at(-1)
    if (current === undefined || equals < 1)
      throw wrong('set', `"${value}" — write <name>=<value> after the --candidate that it belongs to`)
    Object.defineProperty(current.hyperparameters, value.slice(0, equals), {
      value: value.slice(equals + 1),
      enumerable: true,
    })
  }
  if (candidates.length === 0) throw wrong('candidate', 'name at least one')
  const twice = candidates.find(({ name }, index) => candidates.findIndex(other => other.name === name) !== index)
  if (twice !== undefined) throw wrong('candidate', `"${twice.name}" is there twice — give each a name of its own`)
  return candidates
}

interface Token {
  readonly name: string
  readonly value: string
}

const text = { type: 'string' } as const

function readTokens(args: readonly string[]): Token[] {
  try {
    const { tokens } = parseArgs({
      args: [...args],
      options: { objective: text, direction: text, folds: text, candidate: text, set: text },
      tokens: true,
    })
    return tokens.flatMap(token => (token.kind === 'option' ? [{ name: token.name, value: token.value ?? '' }] : []))
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), { exitCode: 2, cause: error })
  }
}

const wrong = (name: string, what: string) => new UserError(`Argument --${name}: ${what}.`, { exitCode: 2 })

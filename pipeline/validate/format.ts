import type { Problem, Severity } from '../../schemas/problem.ts'
import { type CatalogueEntry, catalogue } from './catalogue.ts'

/** Colours for the text format; each takes and gives a text. */
export type Painter = Readonly<Record<Severity | 'bold' | 'dim', (text: string) => string>>

export interface FormatOptions {
  /** File that was judged, relative to the root of the repository, for the formats that point into files. */
  readonly file?: string
  /** @default no colours */
  readonly paint?: Painter
}

const plain: Painter = {
  error: text => text,
  warning: text => text,
  info: text => text,
  bold: text => text,
  dim: text => text,
}

/** How problems are written, by name. */
export const problemFormats = {
  text: formatText,
  json: problems => `${JSON.stringify({ problems }, undefined, 2)}\n`,
  sarif: formatSarif,
  junit: formatJunit,
  github: formatGithub,
} as const satisfies Readonly<Record<string, (problems: readonly Problem[], options: FormatOptions) => string>>

export type ProblemFormat = keyof typeof problemFormats

/** Writes problems for people (`text`), programs (`json`), code scanning (`sarif`), test reports (`junit`) or GitHub Actions (`github`). */
export function formatProblems(
  problems: readonly Problem[],
  format: ProblemFormat,
  options: FormatOptions = {},
): string {
  return problemFormats[format](problems, options)
}

/** Groups by the thing that the problems are about, in the order of the document. */
function formatText(problems: readonly Problem[], { paint = plain }: FormatOptions): string {
  if (problems.length === 0) return 'No problems.\n'
  const groups = new Map<string, Problem[]>()
  for (const problem of problems) {
    const [subject] = split(problem)
    const group = groups.get(subject)
    if (group === undefined) groups.set(subject, [problem])
    else group.push(problem)
  }
  const blocks = [...groups].map(([subject, group]) => {
    const at = group.find(problem => problem.at !== undefined)?.at
    const head = paint.bold(subject) + (at === undefined ? '' : paint.dim(`  ${at}`))
    const lines = group.map(problem => {
      const { allowed, code, hint, severity } = problem
      const label =
        allowed === undefined ? paint[severity](`${severity.padEnd(7)} ${code}`) : paint.dim(`allowed ${code}`)
      const notes = [hint, allowed === undefined ? undefined : `Allowed: ${allowed}`].filter(note => note !== undefined)
      return [`  ${label}  ${split(problem)[1]}`, ...notes.map(note => `    ${paint.dim(note)}`)].join('\n')
    })
    return [head, ...lines].join('\n')
  })
  return `${blocks.join('\n\n')}\n\n${summary(problems)}\n`
}

/** `Steps[4] "Evaluate"` and the rest of the message. */
function split({ message }: Problem): readonly [subject: string, rest: string] {
  const owner = /^(?:Steps|Parameters)[^\s"]* "(?:[^"\\]|\\.)*"/.exec(message)?.[0]
  if (owner === undefined) {
    const colon = message.indexOf(': ')
    return colon < 0 ? ['', message] : [message.slice(0, colon), message.slice(colon + 2)]
  }
  return [owner, message.slice(owner.length).replace(/^(, |: )/, '')]
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

function summary(problems: readonly Problem[]): string {
  const open = problems.filter(({ allowed }) => allowed === undefined)
  const count = (severity: Severity): number => open.filter(problem => problem.severity === severity).length
  const allowed = problems.length - open.length
  return `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}, ${plural(count('info'), 'note')}${allowed === 0 ? '' : `, ${allowed} allowed`}`
}

const sarifLevels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>

/** SARIF 2.1.0, for code scanning. */
function formatSarif(problems: readonly Problem[], { file }: FormatOptions): string {
  const codes = [...new Set(problems.map(problem => problem.code))].sort()
  const rules = codes.map(code => {
    const entry = entryOf(code)
    return {
      id: code,
      ...(entry !== undefined && {
        shortDescription: { text: entry.title },
        help: { text: entry.repair },
        defaultConfiguration: { level: sarifLevels[entry.severity] },
      }),
    }
  })
  const results = problems.map(problem => ({
    ruleId: problem.code,
    ruleIndex: codes.indexOf(problem.code),
    level: sarifLevels[problem.severity],
    message: { text: problem.message },
    locations: [sarifLocation(problem, file)],
    ...(problem.allowed !== undefined && { suppressions: [{ kind: 'external', justification: problem.allowed }] }),
  }))
  const driver = { name: 'foldwise', informationUri: 'https://www.npmjs.com/package/foldwise', rules }
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results }],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function sarifLocation(problem: Problem, file: string | undefined): object {
  const place = placeOf(problem, file)
  return {
    ...(place !== undefined && {
      physicalLocation: {
        artifactLocation: { uri: encodeURI(place.file.replaceAll('\\', '/')) },
        ...(place.line !== undefined && { region: { startLine: place.line } }),
      },
    }),
    logicalLocations: [{ fullyQualifiedName: problem.path === '' ? 'definition' : problem.path }],
  }
}

const entryOf = (code: string): CatalogueEntry | undefined =>
  Object.hasOwn(catalogue, code) ? catalogue[code as keyof typeof catalogue] : undefined

/** The line of the user's code when it is known, else the judged file. */
function placeOf({ at }: Problem, file: string | undefined): { file: string; line?: number } | undefined {
  const known = at === undefined ? null : /^(.+?):(\d+)(?::\d+)?$/.exec(at)
  if (known !== null) return { file: known[1] as string, line: Number(known[2]) }
  const name = at ?? file
  return name === undefined ? undefined : { file: name }
}

/** One test case per problem; errors fail, warnings and infos are noted in passing ones. */
function formatJunit(problems: readonly Problem[], { file = 'definition' }: FormatOptions): string {
  const failures = problems.filter(problem => problem.severity === 'error').length
  const cases = problems.map(problem => {
    const title = entryOf(problem.code)?.title ?? problem.code
    const name = `${problem.code} ${title}${problem.path === '' ? '' : ` (${problem.path})`}`
    const text = xml(problem.at === undefined ? problem.message : `${problem.message}\nat ${problem.at}`)
    const body =
      problem.severity === 'error'
        ? `<failure type="${xml(problem.code)}" message="${xml(problem.message)}">${text}</failure>`
        : `<system-out>${xml(problem.allowed === undefined ? problem.severity : `allowed (${problem.allowed})`)}: ${text}</system-out>`
    return `    <testcase classname="${xml(file)}" name="${xml(name)}">${body}</testcase>`
  })
  if (cases.length === 0) cases.push(`    <testcase classname="${xml(file)}" name="no problems"/>`)
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="foldwise validate" ${counts}>
${cases.join('\n')}
  </testsuite>
</testsuites>
`
}

/** Characters that XML 1.0 cannot hold are replaced. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}

const githubCommands = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<
  Severity,
  string
>

/** Workflow commands of GitHub Actions: one annotation per problem. */
function formatGithub(problems: readonly Problem[], { file }: FormatOptions): string {
  return problems
    .map(problem => {
      const place = placeOf(problem, file)
      const properties = [
        ...(place === undefined ? [] : [`file=${property(place.file)}`]),
        ...(place?.line === undefined ? [] : [`line=${place.line}`]),
        `title=${property(problem.code)}`,
      ]
      const why = problem.allowed === undefined ? '' : ` (allowed: ${problem.allowed})`
      return `::${githubCommands[problem.severity]} ${properties.join(',')}::${data(problem.message + why)}\n`
    })
    .join('')
}

/** A message cannot break out of its command. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

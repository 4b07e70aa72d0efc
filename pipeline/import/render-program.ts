import type { Parameter, PipelineDefinition, Step as DocumentStep } from '../../schemas/definition.ts'
import { isUserError, UserError } from '../../schemas/problem.ts'
import { diffDefinitions, diffValues, expressionsOf, isGet, parseGetPath, placedSteps } from '../definition/index.ts'
import { boolean, float, integer, type Parameters, referParameters, string } from '../dsl/parameters.ts'
import { type Pipeline, pipeline, type PipelineOptions } from '../dsl/pipeline.ts'
import { type Doc, flatText, formatCode, list, use, usedNames, WIDTH } from './code.ts'
import { member } from './form.ts'
import { stringLiteral, variableName } from './literals.ts'
import { attempt, type Code, type MadeStep, objectCode, sameJson, scalarCode, type Scope } from './scope.ts'
import { stepCode } from './step-code.ts'
import { stepPrinters } from './step-printers.ts'
import { parametersName, valueCode } from './value.ts'

/** What a definition does not say of its pipeline. */
export interface ProgramOptions {
  /** The pipeline's name. */
  readonly name: string
}

/**
 * A TypeScript program that emits this document: the same canonical bytes, whatever the order of members.
 *
 * It is proved before it is returned: the parts of the program are made by the language itself and compared with the
 * document. What the language has no words for is written as a raw step.
 *
 * @throws UserError with the place that no program can write, such as two steps of one name
 */
export function renderProgram(document: PipelineDefinition, { name }: ProgramOptions): string {
  checkForm(document)
  const declared = parameterCodes(document.Parameters)
  const parameters = objectCode(declared)
  const scope: Scope = {
    parameters: attempt(() => referParameters(name, parameters.value as Parameters)),
    parameterNames: new Set(declared.map(([parameter]) => parameter)),
    steps: new Map(),
  }
  const made = stepsInOrder(document, scope)
  const top = document.Steps.map(({ Name }) => made.get(Name) as MadeStep)
  const options = pipelineOptions(document, parameters, scope)
  prove(document, () =>
    pipeline(name, options.code.value as PipelineOptions<Parameters>, () => top.map(({ step }) => step)),
  )
  return programText(name, options, [...made.values()], top)
}

function programText(name: string, options: Options, made: readonly MadeStep[], top: readonly MadeStep[]): string {
  const statements = [
    ...made.map(({ variable, code }): Doc => ['const ', variable, ' = ', code]),
    [
      'return ',
      list(
        '[]',
        top.map(({ variable }) => variable),
      ),
    ],
  ]
  const used = usedNames([use('pipeline'), options.declaration ?? '', options.code.doc, ...statements])
  const names = used.filter(each => each !== parametersName)
  const parameter = usedNames(statements).includes(parametersName) ? parametersName : '()'
  const start = `export default pipeline(${stringLiteral(name)}, ${flatText(options.code.doc)}, ${parameter} => {`
  const body = (indent: number) => statements.map(statement => formatCode(statement, indent)).join('\n')
  const program =
    start.length <= WIDTH
      ? `${start}\n${body(2)}\n})`
      : `export default pipeline(\n  ${stringLiteral(name)},\n${formatCode([options.code.doc, ','], 2)}\n  ${parameter} => {\n${body(4)}\n  },\n)`
  return [
    `${formatCode(['import ', list('{}', names), " from 'foldwise'"])}\n`,
    ...(options.declaration === undefined ? [] : [`${formatCode(['const parameters = ', options.declaration])}\n`]),
    `${program}\n`,
  ].join('\n')
}

const hasForEach = (document: PipelineDefinition): boolean =>
  placedSteps(document).some(({ step }) => step.Type === 'ForEach')

/** Steps with those that they read from before them; the document's order where nothing forbids it. */
function stepsInOrder(document: PipelineDefinition, { parameters, parameterNames }: Scope): Map<string, MadeStep> {
  const steps = new Map(placedSteps(document).map(({ step }) => [step.Name, step]))
  const taken = new Set([...reservedWords, ...Object.values(stepPrinters).map(({ call }) => call), 'rawStep'])
  const made = new Map<string, MadeStep>()
  const scope: Scope = {
    parameters,
    parameterNames,
    steps: made,
    write: step => stepCode(step, step.Name, scope),
  }
  const begun = new Set<string>()
  const visit = (step: DocumentStep): void => {
    if (begun.has(step.Name)) return
    begun.add(step.Name)
    for (const name of readFrom(step)) {
      const source = steps.get(name)
      if (source !== undefined) visit(source)
    }
    const code = stepCode(step, variableName(step.Name, taken), scope)
    if (code === undefined) throw cannot(`step "${step.Name}"`, 'it has a form that no step of a program has')
    made.set(step.Name, code)
  }
  for (const step of steps.values()) visit(step)
  return made
}

/** Names of the steps that a step waits for or holds in its branches. */
function readFrom(step: DocumentStep): string[] {
  const names = new Set<string>()
  const { DependsOn: dependsOn } = step
  for (const name of Array.isArray(dependsOn) ? dependsOn : []) names.add(name)
  for (const { expression } of expressionsOf(step)) {
    const reference = isGet(expression) ? parseGetPath(expression.Get) : undefined
    if (reference?.root === 'Steps') names.add(reference.step)
  }
  for (const side of ['IfSteps', 'ElseSteps']) {
    const inside = member(step.Arguments, side)
    for (const child of Array.isArray(inside) ? (inside as unknown[]) : []) names.add(String(member(child, 'Name')))
  }
  return [...names]
}

const types = { String: string, Integer: integer, Float: float, Boolean: boolean } as const

function parameterCodes(declared: readonly Parameter[] | undefined): [string, Code][] {
  return (declared ?? []).map(({ Name: name, Type: type = 'String', DefaultValue: value, EnumValues: oneOf }) => {
    if (!Object.hasOwn(types, type)) throw cannot(`parameter "${name}"`, `there is no type ${JSON.stringify(type)}`)
    const options = oneOf === undefined ? undefined : objectCode([['oneOf', valueCode(oneOf, nothing)]])
    const defaultCode =
      value !== undefined
        ? scalarCode(value)
        : options === undefined
          ? undefined
          : { doc: 'undefined', value: undefined }
    const args = [defaultCode, options].filter(code => code !== undefined)
    const make = types[type] as (...given: unknown[]) => unknown
    const doc = [
      use(type.toLowerCase()),
      '(',
      ...args.flatMap(({ doc }, at): Doc[] => (at === 0 ? [doc] : [', ', doc])),
      ')',
    ]
    try {
      return [name, { doc, value: make(...args.map(code => code.value)) }]
    } catch (error) {
      throw isUserError(error) ? cannot(`parameter "${name}"`, error.message) : error
    }
  })
}

const nothing: Scope = { parameters: undefined, parameterNames: new Set(), steps: new Map() }

interface Options {
  /** The parameters, when there are some: written above the pipeline. */
  readonly declaration: Doc | undefined
  readonly code: Code
}

function pipelineOptions(document: PipelineDefinition, parameters: Code, scope: Scope): Options {
  const {
    Parameters: declared,
    Metadata: metadata,
    PipelineExperimentConfig: experiment,
    MlflowConfig: mlflow,
  } = document
  const isDeclared = declared !== undefined && declared.length > 0
  const code = objectCode([
    ['parameters', declared && (isDeclared ? { doc: 'parameters', value: parameters.value } : parameters)],
    ['experimental', hasForEach(document) ? objectCode([['forEach', scalarCode(true)]]) : undefined],
    ['metadata', metadata === undefined ? undefined : valueCode(metadata, nothing)],
    ['experiment', experiment === undefined ? undefined : experimentCode(experiment, scope)],
    ['mlflow', mlflow === undefined ? undefined : headCode(mlflow, mlflowWords, nothing)],
  ])
  return { declaration: isDeclared ? broken(parameters.doc) : undefined, code }
}

const broken = (doc: Doc): Doc =>
  typeof doc === 'object' && 'kind' in doc && doc.kind === 'list' ? { ...doc, broken: true } : doc

const mlflowWords = [
  ['resourceArn', 'MlflowResourceArn'],
  ['experimentName', 'MlflowExperimentName'],
] as const

function experimentCode(json: NonNullable<unknown> | null, scope: Scope): Code {
  const words = [
    ['name', 'ExperimentName'],
    ['trial', 'TrialName'],
  ] as const
  const plain = headCode(json, words, nothing)
  if (!JSON.stringify(json).includes('"Parameters.')) return plain
  const { doc, value } = headCode(json, words, scope)
  return { doc: ['p => (', doc, ')'], value: () => value }
}

function headCode(json: unknown, words: readonly (readonly [string, string])[], scope: Scope): Code {
  if (json === null) return scalarCode(null)
  return objectCode(
    words.map(([word, name]) => {
      const value = member(json, name)
      return [word, value === undefined ? undefined : valueCode(value, scope)] as const
    }),
  )
}

/** The whole program once more: whatever it does not give is named, not lost. */
function prove(document: PipelineDefinition, make: () => Pipeline): void {
  let emitted: PipelineDefinition
  try {
    emitted = make().document
  } catch (error) {
    throw isUserError(error) ? cannot('the definition', error.message.replace(/ \([^()]*:\d+\)$/, '')) : error
  }
  if (sameJson(emitted, document)) return
  const place = firstDifference(document, emitted)
  throw cannot(place, 'a program writes this place differently')
}

function firstDifference(document: PipelineDefinition, emitted: PipelineDefinition): string {
  const head = ({ Steps: _steps, ...rest }: PipelineDefinition) => rest
  const [change] = diffValues(head(document), head(emitted))
  if (change !== undefined) return change.path
  const { steps } = diffDefinitions(document, emitted)
  return steps[0] === undefined ? 'the definition' : `step "${steps[0].name}"`
}

function checkForm(document: PipelineDefinition): void {
  const wrong = placedSteps(document).find(({ step }) => typeof member(step, 'Name') !== 'string')
  if (wrong !== undefined) throw cannot(wrong.path, 'it is no step with a name')
}

function cannot(place: string, why: string): UserError {
  return new UserError(
    `${place} — ${why.replace(/\.$/, '')}, so no program gives this definition; correct the definition (foldwise validate says more), or go on using the JSON.`,
  )
}

/** Names that no variable can have: JavaScript's, the parameters', and those that the program may import. */
const reservedWords = new Set(
  (
    'p parameters arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof undefined var void while with yield ' +
    'boolean equals execution experimentConfig float greaterThan greaterThanOrEqualTo integer isIn join jsonGet lessThan ' +
    'lessThanOrEqualTo not or pipeline reference string'
  ).split(' '),
)

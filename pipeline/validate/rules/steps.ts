import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'

const namePattern = /^[A-Za-z0-9\-_]+$/
const MAX_NAME = 64
/** Job names carry so many characters of the step's name. */
const NAME_IN_JOB = 20

/** Names over the top level and all branches. */
export function stepNames(scope: Scope): void {
  const { report, steps } = scope
  const first = new Map<string, StepView>()
  for (const step of steps) {
    if (typeof step.fields['Name'] !== 'string') continue
    const path = `${step.path}.Name`
    if (!namePattern.test(step.name)) {
      report('FW2005', path, `${show(step.name)} is no step name; letters, digits, "-" and "_" would be right.`)
    }
    if (step.name.length > MAX_NAME) {
      report(
        'FW2006',
        path,
        `${step.name.length} characters; a step name has at most ${MAX_NAME}. Choose a shorter one and put the long text into DisplayName.`,
      )
    }
    const other = first.get(step.name)
    if (other === undefined) first.set(step.name, step)
    else report('FW2004', path, `${show(step.name)} is also the name of ${other.path}. ${sameTwice(step, other)}`)
  }
  reportCutNames([...first.keys()], scope)
}

function sameTwice(step: StepView, other: StepView): string {
  const sameBranch = JSON.stringify(step.placed.branches) === JSON.stringify(other.placed.branches)
  return sameBranch
    ? 'Give each step a name of its own.'
    : 'A step stands in one place only: at the top, or in one branch. Give the second one a name of its own.'
}

function reportCutNames(names: readonly string[], { report }: Scope): void {
  const groups = new Map<string, string[]>()
  for (const name of names) {
    if (name.length <= NAME_IN_JOB) continue
    const cut = name.slice(0, NAME_IN_JOB)
    const group = groups.get(cut)
    if (group === undefined) groups.set(cut, [name])
    else group.push(name)
  }
  for (const [cut, group] of groups) {
    if (group.length > 1) {
      report(
        'FW2007',
        'Steps',
        `${oneOf(group.map(show), 4)} begin with the same ${NAME_IN_JOB} characters ${show(cut)}, which is all that their job names show. Put what differs at the beginning.`,
      )
    }
  }
}

const longestTexts = [
  ['DisplayName', 256],
  ['Description', 3072],
] as const

/** Display name, description, and types that not every account has. */
export function stepTexts(step: StepView, { report }: Scope): void {
  for (const [member, most] of longestTexts) {
    const text = step.fields[member]
    if (typeof text === 'string' && text.length > most) {
      report('FW2008', `${step.path}.${member}`, `${text.length} characters; at most ${most} would be right.`)
    }
  }
  if (gated.has(step.type)) {
    report(
      'FW2011',
      `${step.path}.Type`,
      `${step.type} steps are not available in every region and account. Try one in yours before you build on it.`,
    )
  }
}

const gated = new Set([
  'Job',
  'BedrockCustomModel',
  'BedrockCustomModelDeployment',
  'BedrockModelImport',
  'BedrockProvisionedModelThroughput',
])

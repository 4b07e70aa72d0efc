import type { Code } from './catalogue.ts'
import { show } from './show.ts'

/** How the service words a refusal, and how to find what it means. */
export interface ServiceRefusal {
  readonly pattern: RegExp
  readonly code: Code
  readonly explain: (match: RegExpExecArray) => {
    readonly summary: string
    readonly repair: string
    readonly search: Search
  }
}

/** What to look for: a member, a value, a reference, a step, or what the judge says about a code. */
export type Search =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'reference'; readonly path: string }
  | { readonly kind: 'step'; readonly name: string; readonly member?: string }
  | { readonly kind: 'code'; readonly codes: readonly Code[] }

/** What the service was seen to say about definitions and start values. */
export const serviceRefusals: readonly ServiceRefusal[] = [
  {
    pattern: /Unknown Argument member '?([\w-]+)'?/i,
    code: 'FW5001',
    explain: ([, name = '']) => ({
      summary: `the service does not know the argument ${show(name)}`,
      repair: 'Remove it: the workflow service knows a part of the public API only.',
      search: { kind: 'member', name },
    }),
  },
  {
    pattern: /unknown property '?([\w:-]+)'?/i,
    code: 'FW2003',
    explain: ([, name = '']) => ({
      summary: `the definition language has no member ${show(name)} there`,
      repair: 'Remove it or correct its spelling.',
      search: { kind: 'member', name },
    }),
  },
  {
    pattern: /Cannot assign property reference \[?([^\]\s]+)\]? to argument of type \[?(\w+)/i,
    code: 'FW3012',
    explain: ([, path = '', type = '']) => ({
      summary: `${show(path)} is of another type than ${type}`,
      repair: 'Write {"Std:Join": {"On": "", "Values": [ … ]}} around it, or change the type of the parameter.',
      search: { kind: 'reference', path },
    }),
  },
  {
    pattern: /Value '([^']*)' for '([^']*)' failed to satisfy enum value set/i,
    code: 'FW5002',
    explain: ([, value = '', shape = '']) => ({
      summary: `${show(value)} is not allowed for ${shape}`,
      repair: 'Use one of the values that the message lists; in the default of a parameter too.',
      search: { kind: 'value', value },
    }),
  },
  {
    pattern: /Value '?([^']*?)'? at '([^']*)' failed to satisfy constraint/i,
    code: 'FW5003',
    explain: ([, value = '', place = '']) => ({
      summary: `${show(value)} does not fit ${place}`,
      repair: 'Correct the value to what the message asks for.',
      search: { kind: 'value', value },
    }),
  },
  {
    pattern: /Expecting start of Json (Array|Object)/i,
    code: 'FW3013',
    explain: ([, kind = '']) => ({
      summary: `an expression or single value stands where ${kind === 'Array' ? 'a list' : 'an object'} is expected`,
      repair: kind === 'Array' ? 'Write [ … ] around it.' : 'Write the object out, with expressions inside.',
      search: { kind: 'code', codes: ['FW3013', 'FW5006', 'FW2001', 'FW1006'] },
    }),
  },
  {
    pattern: /([A-Za-z0-9_-]+) can(?: ?not) depends? on ([A-Za-z0-9_-]+)/i,
    code: 'FW2015',
    explain: ([, name = '', other = '']) => ({
      summary: `${show(name)} cannot wait for ${show(other)}`,
      repair: 'Remove the DependsOn entry or the reference.',
      search: { kind: 'step', name, member: 'DependsOn' },
    }),
  },
  {
    pattern: /\bcycl(e|ic)\b/i,
    code: 'FW2014',
    explain: () => ({
      summary: 'steps wait for each other',
      repair: 'Remove one of the references or DependsOn entries in the cycle.',
      search: { kind: 'code', codes: ['FW2014', 'FW2013'] },
    }),
  },
  {
    pattern: /Step '?([A-Za-z0-9_-]+)'? is undefined/i,
    code: 'FW3003',
    explain: ([, name = '']) => ({
      summary: `there is no step ${show(name)}`,
      repair: 'Correct the name, or add the step.',
      search: { kind: 'reference', path: `Steps.${name}` },
    }),
  },
  {
    pattern: /\[string ""? is too short/i,
    code: 'FW9004',
    explain: () => ({
      summary: 'a parameter has an empty value',
      repair: 'Leave it out to use the default, or pass a word such as "none".',
      search: { kind: 'code', codes: ['FW1019'] },
    }),
  },
  {
    pattern: /Cannot use both 'Pipe' and 'FastFile'/i,
    code: 'FW5012',
    explain: () => ({
      summary: 'one training reads channels in Pipe and in FastFile mode',
      repair: 'Choose one mode for all channels of the job.',
      search: { kind: 'code', codes: ['FW5012'] },
    }),
  },
  {
    pattern:
      /Invalid SourcePipelineExecutionArn: null\. The selected steps \[([^\]]*)\] have dependencies on \[([^\]]*)\]/i,
    code: 'FW9012',
    explain: ([, selected = '', needed = '']) => ({
      summary: `the results of ${needed} are needed by ${selected}, and no earlier execution is named`,
      repair: 'Name one with SourcePipelineExecutionArn (--from), or select those steps too.',
      search: { kind: 'step', name: selected.split(',')[0]?.trim() ?? '' },
    }),
  },
  {
    pattern: /Unknown parameter '?([\w-]+)'?/i,
    code: 'FW9001',
    explain: ([, name = '']) => ({
      summary: `the deployed pipeline has no parameter ${show(name)}`,
      repair: 'Correct its name, or upsert the pipeline that declares it first.',
      search: { kind: 'reference', path: `Parameters.${name}` },
    }),
  },
  {
    pattern: /Parameter '?([\w-]+)'? is undefined/i,
    code: 'FW9002',
    explain: ([, name = '']) => ({
      summary: `the parameter ${show(name)} has no value`,
      repair: `Pass one, such as -p ${name}=value, or give it a default.`,
      search: { kind: 'reference', path: `Parameters.${name}` },
    }),
  },
  {
    pattern: /Unexpected type for parameter '?([\w-]+)'?/i,
    code: 'FW9003',
    explain: ([, name = '']) => ({
      summary: `the value of the parameter ${show(name)} is of another type than declared`,
      repair: 'Write a value of the declared type.',
      search: { kind: 'reference', path: `Parameters.${name}` },
    }),
  },
]

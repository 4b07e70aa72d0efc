import { serviceModel } from '../schemas/service-model/service-model.ts'

/** What a failure means and what to do about it. */
export interface Diagnosis {
  readonly cause: string
  readonly advice: string
  /** IAM actions that the role lacks, with those that the same step calls next. */
  readonly actions?: readonly string[]
}

interface Symptom {
  readonly pattern: RegExp
  readonly diagnose: (match: RegExpExecArray) => Diagnosis
}

/** What the service, the jobs and the operating system say, in the order in which it is looked for. */
const symptoms: readonly Symptom[] = [
  {
    pattern: /not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+?))?(?=[\s,;]|\.?$)/,
    diagnose: ([, action = '', resource]) => {
      const actions = actionsOf(action)
      return {
        cause: `the role may not call ${action}${resource === undefined ? '' : ` on ${resource}`}`,
        advice: `Allow ${actions.join(', ')} in a policy of the role that the message names: a step calls all of them.`,
        actions,
      }
    },
  },
  {
    pattern:
      /(?:permission denied|EACCES)[^/]{0,60}(\/[^\s"',:;)]{1,200})|(\/[^\s"',:;)]{1,200})\W{1,5}(?:permission denied|EACCES)/i,
    diagnose: ([, after, before]) => {
      const file = after ?? before ?? 'the script'
      return {
        cause: `${file} may not be run or read`,
        advice: `Make a script that is started by its own name executable before it is uploaded or built in ("chmod +x ${file.split('/').at(-1)}"), or start it with its interpreter: ["python3", "${file}"].`,
      }
    },
  },
  {
    pattern: /ResourceLimitExceeded|account-level service limit '([^']*)' is (\d+)/,
    diagnose: ([, quota, limit]) => ({
      cause: `a quota of the account is used up${quota === undefined ? '' : ` (${quota}: ${limit})`}`,
      advice:
        'Run fewer steps at once (--max-parallel), let the step be tried again (a retry policy for SageMaker.RESOURCE_LIMIT), or ask for a higher quota.',
    }),
  },
  {
    pattern: /CapacityError|InsufficientInstanceCapacity|insufficient capacity/i,
    diagnose: () => ({
      cause: 'AWS has no free instance of this type',
      advice:
        'Let the step be tried again (a retry policy for SageMaker.CAPACITY_ERROR), or use another instance type.',
    }),
  },
  {
    pattern: /exec format error/i,
    diagnose: () => ({
      cause: 'the image is built for another processor',
      advice:
        'Build it for the instance: "docker build --platform linux/amd64", or linux/arm64 for Graviton instances.',
    }),
  },
  {
    pattern: /exit code:? 137\b|OutOfMemory|out of memory|MemoryError/i,
    diagnose: () => ({
      cause: 'the container ran out of memory',
      advice: 'Use a larger instance type, or let the program hold less at once.',
    }),
  },
]

/** So much of a failure is looked into; the service's reasons have at most 1024 characters. */
const MAX_READ = 4_000

/** Explains why a step failed, from its failure reason or from what its job wrote last. Undefined for what is not known. */
export function diagnoseFailure(message: string): Diagnosis | undefined {
  const text = message.slice(0, MAX_READ)
  for (const { pattern, diagnose } of symptoms) {
    const match = pattern.exec(text)
    if (match !== null) return diagnose(match)
  }
  return undefined
}

/** The action, and for one that makes something what the step does with it afterwards. */
function actionsOf(action: string): string[] {
  const made = /^sagemaker:Create(\w+)$/.exec(action)?.[1]
  const input = serviceModel.operations[`Create${made}`]?.input
  if (made === undefined || input === undefined) return [action]
  const members = Object.keys(serviceModel.shapes[input]?.members ?? {})
  return [
    action,
    ...['Describe', 'Stop', 'Update'].flatMap(verb =>
      Object.hasOwn(serviceModel.operations, verb + made) && (verb !== 'Update' || made === 'Endpoint')
        ? [`sagemaker:${verb}${made}`]
        : [],
    ),
    ...(members.includes('Tags') ? ['sagemaker:AddTags'] : []),
    ...(members.some(member => /^(Execution)?RoleArn$/.test(member)) ? ['iam:PassRole'] : []),
  ]
}

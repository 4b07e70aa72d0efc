/** A hyperparameter as the toolkit decodes it: JSON where the text is JSON, else the text; numbers keep how they were written. */
export interface ScriptValue {
  readonly text: string
  readonly value: unknown
}

export type ScriptParameters = ReadonlyMap<string, ScriptValue>

/** Hyperparameters of the toolkit that do not begin with `sagemaker_`. Source: sagemaker-training-toolkit, `params.py`. */
const platformNames = new Set(['default_user_module_name', '_tuning_objective_metric'])

/** The toolkit's own hyperparameters and the script's, decoded. */
export function splitHyperparameters(given: Readonly<Record<string, string>>): {
  readonly platform: ReadonlyMap<string, string>
  readonly script: ScriptParameters
} {
  const platform = new Map<string, string>()
  const script = new Map<string, ScriptValue>()
  for (const [name, text] of Object.entries(given).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const value = decode(text)
    if (name.startsWith('sagemaker_') || platformNames.has(name)) {
      platform.set(name, typeof value === 'string' ? value : text)
    } else {
      script.set(name, { text, value })
    }
  }
  return { platform, script }
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** `--name value`, sorted by name; `-k value` for names of one letter. Values as Python's `str` writes them. */
export const scriptArguments = (script: ScriptParameters): string[] =>
  [...script].flatMap(([name, { text, value }]) => [
    name.length === 1 ? `-${name}` : `--${name}`,
    typeof value === 'number' ? text.trim() : typeof value === 'string' ? value : pythonText(value),
  ])

/** Values of environment variables: texts as they are, everything else as JSON. */
export const variableText = ({ text, value }: ScriptValue): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? text.trim() : JSON.stringify(value)

/** As Python's `repr`, for what JSON can hold. */
function pythonText(value: unknown): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  return `{${Object.entries(value)
    .map(([name, member]) => `${pythonText(name)}: ${pythonText(member)}`)
    .join(', ')}}`
}

export interface Spread {
  readonly count: number
  readonly mean: number
  /** Standard deviation of the sample; 0 for a single value. */
  readonly deviation: number
}

/** Mean and spread of numbers in a text, separated by commas. */
export function spread(text: string): Spread {
  const values = text.split(',').map(Number)
  const wrong = values.findIndex(value => !Number.isFinite(value))
  if (wrong >= 0) throw new Error(`value ${wrong + 1} of ${JSON.stringify(text)} is no number`)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { count: values.length, mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) }
}

import type { SvmModel } from './model-file.ts'

/** For every row one score per class, in the model's order: the higher, the more the model believes in the class. */
export type DecisionFunction = (row: readonly number[]) => number[]

/**
 * scikit-learn's `decision_function` (`ovr`) of a model: for two classes the distance to the boundary, for more the
 * votes of the pairwise decisions with their confidence as the tie-break.
 */
export function decisionFunction(model: SvmModel): DecisionFunction {
  const { rho, vectors } = parseLibsvm(model.libsvm)
  const starts = model.supportVectors.map((_, index) =>
    model.supportVectors.slice(0, index).reduce((sum, count) => sum + count, 0),
  )
  const kernel = kernels[model.hyperparameters.kernel]
  const classes = model.classes.length
  return row => {
    const values = vectors.map(({ cells }) => kernel(row, cells, model))
    const partial = (of: number, coefficient: number) => {
      let sum = 0
      const start = starts[of] ?? 0
      for (let at = start; at < start + (model.supportVectors[of] ?? 0); at++) {
        sum += (vectors[at]?.coefficients[coefficient] ?? 0) * (values[at] ?? 0)
      }
      return sum
    }
    const votes = Array.from({ length: classes }, () => 0)
    const confidences = Array.from({ length: classes }, () => 0)
    let pair = 0
    for (let i = 0; i < classes; i++) {
      for (let j = i + 1; j < classes; j++) {
        const decision = partial(i, j - 1) + partial(j, i) - (rho[pair++] ?? 0)
        const winner = decision > 0 ? i : j
        votes[winner] = (votes[winner] ?? 0) + 1
        confidences[i] = (confidences[i] ?? 0) + decision
        confidences[j] = (confidences[j] ?? 0) - decision
      }
    }
    if (classes === 2) return confidences
    return votes.map((count, index) => {
      const confidence = confidences[index] ?? 0
      return count + confidence / (3 * (Math.abs(confidence) + 1))
    })
  }
}

type KernelFunction = (a: readonly number[], b: readonly number[], model: SvmModel) => number

const kernels = {
  linear: (a, b) => dot(a, b),
  poly: (a, b, { gamma, hyperparameters: { coef0, degree } }) => (gamma * dot(a, b) + coef0) ** degree,
  rbf: (a, b, { gamma }) => Math.exp(-gamma * (dot(a, a) + dot(b, b) - 2 * dot(a, b))),
  sigmoid: (a, b, { gamma, hyperparameters: { coef0 } }) => Math.tanh(gamma * dot(a, b) + coef0),
} satisfies Record<SvmModel['hyperparameters']['kernel'], KernelFunction>

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}

function parseLibsvm(text: string) {
  const lines = text.trimEnd().split('\n')
  const from = lines.indexOf('SV') + 1
  const rho =
    lines
      .find(line => line.startsWith('rho '))
      ?.split(' ')
      .slice(1)
      .map(Number) ?? []
  const vectors = lines.slice(from).map(line => {
    const parts = line.split(' ')
    return {
      coefficients: parts.filter(part => !part.includes(':')).map(Number),
      cells: parts.filter(part => part.includes(':')).map(part => Number(part.slice(part.indexOf(':') + 1))),
    }
  })
  return { rho, vectors }
}

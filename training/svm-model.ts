import SVM from 'libsvm-js/asm.js'
import type { Hyperparameters, Kernel } from './hyperparameters.ts'
import libsvm from './libsvm-heap.cjs'

/** libsvm's kernel numbers. */
const kernelNumbers = { linear: '0', poly: '1', rbf: '2', sigmoid: '3' } as const satisfies Record<Kernel, string>

/** libsvm's model file with numbers that read back exactly, and what scikit-learn calls `n_support_`. */
export interface FittedSvm {
  readonly libsvm: string
  /** Support vectors per class. */
  readonly supportVectors: readonly number[]
}

/**
 * Fits a C-SVC to `rows`, whose classes are `targets` (0 to classes - 1).
 *
 * Rows are given to libsvm class by class in class order, which is how scikit-learn's copy of libsvm groups them, so
 * the order of the file has no influence. gamma 0 makes every kernel but `linear` a constant; libsvm would take it for
 * its default, so the same constant is had from rows of zeros.
 */
export function fitSvm(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  parameters: Pick<Hyperparameters, 'C' | 'kernel' | 'degree' | 'coef0' | 'tol'> & { readonly gamma: number },
): FittedSvm {
  const order = targets.map((_, index) => index).sort((a, b) => (targets[a] ?? 0) - (targets[b] ?? 0))
  const constant = isConstantKernel(parameters)
  const samples = order.map(index => (constant ? (rows[index] ?? []).map(() => 0) : (rows[index] ?? [])))
  const svm = new SVM({
    type: '0',
    kernel: kernelNumbers[parameters.kernel],
    degree: parameters.degree,
    gamma: constant ? 1 : parameters.gamma,
    coef0: parameters.coef0,
    cost: parameters.C,
    tolerance: parameters.tol,
    cacheSize: 200,
    quiet: true,
  })
  try {
    svm.train(
      samples,
      order.map(index => targets[index] ?? 0),
    )
    return exactModel(svm, samples, parameters)
  } finally {
    svm.free()
  }
}

/** True when the kernel has the same value for any two rows: gamma 0, except for `linear`, which has no gamma. */
export function isConstantKernel(parameters: { readonly kernel: Kernel; readonly gamma: number }): boolean {
  return parameters.gamma === 0 && parameters.kernel !== 'linear'
}

/**
 * The model as text, every number in full.
 *
 * libsvm writes 8 digits of a support vector and 6 of rho, which moves predictions near a boundary. The support vectors
 * are known from the data; rho and the coefficients are read from the heap and checked against the digits that libsvm
 * wrote.
 */
function exactModel(svm: SVM, samples: readonly (readonly number[])[], parameters: { gamma: number; coef0: number }) {
  const written = svm.serializeModel().split('\n')
  const vectorsFrom = written.indexOf('SV') + 1
  const indices = svm.getSVIndices()
  const heap = readHeap(svm, svm.getLabels().length, indices.length)
  const header = written.slice(0, vectorsFrom).map(line => {
    const [name = '', ...rounded] = line.split(' ')
    if (name === 'rho') return ['rho', ...exact(rounded, heap.rho)].join(' ')
    if (name === 'gamma' && parameters.gamma !== 0) return ['gamma', ...exact(rounded, [parameters.gamma])].join(' ')
    if (name === 'coef0') return ['coef0', ...exact(rounded, [parameters.coef0])].join(' ')
    return line
  })
  const vectors = indices.map((sample, index) => {
    const rounded = (written[vectorsFrom + index] ?? '').split(' ').filter(part => part !== '' && !part.includes(':'))
    const coefficients = heap.coefficients.map(ofClass => ofClass[index] ?? Number.NaN)
    const cells = (samples[sample] ?? []).map((value, feature) => `${feature + 1}:${value}`)
    return [...exact(rounded, coefficients), ...cells].join(' ')
  })
  const counts =
    written
      .find(line => line.startsWith('nr_sv '))
      ?.split(' ')
      .slice(1)
      .map(Number) ?? []
  return { libsvm: `${[...header, ...vectors].join('\n')}\n`, supportVectors: counts }
}

/** Places of two pointers in libsvm 3.22's `svm_model`, in 32-bit words: after svm_parameter, nr_class, l and SV. */
const SV_COEF_WORD = 27
const RHO_WORD = 28

function readHeap(svm: SVM, classes: number, vectors: number) {
  const words = libsvm.HEAP32
  const model = (svm.model ?? 0) / 4
  const doubles = (pointer: number, count: number) =>
    Array.from(libsvm.HEAPF64.subarray(pointer / 8, pointer / 8 + count))
  const rows = (words[model + SV_COEF_WORD] ?? 0) / 4
  return {
    rho: doubles(words[model + RHO_WORD] ?? 0, (classes * (classes - 1)) / 2),
    coefficients: Array.from({ length: classes - 1 }, (_, index) => doubles(words[rows + index] ?? 0, vectors)),
  }
}

/** `values`, having made sure that they are the numbers that libsvm wrote rounded to 6 digits or more. */
function exact(rounded: readonly string[], values: readonly number[]): readonly number[] {
  const near = (value: number, index: number) => Math.abs(Number(rounded[index]) - value) <= 1e-5 * Math.abs(value)
  if (rounded.length === values.length && values.every(near)) return values
  throw new Error(`libsvm wrote ${rounded.join(' ')}, but its heap says ${values.join(' ')}`)
}

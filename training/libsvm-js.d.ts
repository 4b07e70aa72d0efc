/** The part of libsvm-js 0.2.1 (no types of its own) that the C-SVC trainer uses. */
declare module 'libsvm-js/asm.js' {
  export interface SvmOptions {
    /** `0` is C-SVC. */
    type?: string
    /** `0` linear, `1` polynomial, `2` radial basis function, `3` sigmoid. */
    kernel?: string
    degree?: number
    /** 0 and undefined mean 1 / number of features here, unlike scikit-learn. */
    gamma?: number
    coef0?: number
    cost?: number
    tolerance?: number
    /** MB. */
    cacheSize?: number
    quiet?: boolean
  }

  /** Lives in the heap of the compiled libsvm: whoever makes one calls `free()`. */
  export default class SVM {
    constructor(options?: SvmOptions)
    /** Address of the `svm_model` struct in the heap; null before training and after `free`. */
    readonly model: number | null
    static load(serialized: string): SVM
    train(samples: readonly (readonly number[])[], labels: readonly number[]): void
    predictOne(sample: readonly number[]): number
    /** Indices of the support vectors in the training samples, in the model's order (0-based). */
    getSVIndices(): number[]
    getLabels(): number[]
    /** libsvm's model file: 8 digits per support vector, 6 per rho. */
    serializeModel(): string
    free(): void
  }
}

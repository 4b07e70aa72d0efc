/** One record's out-of-fold prediction. */
export interface PredictionRecord {
  readonly fold: number
  readonly key: string
  readonly label: string
  readonly prediction: string
  /** Class name to score; empty when the training wrote none. */
  readonly scores: ReadonlyMap<string, number>
}

import type { Engine } from '../engine/engine.ts'
import { ServiceError } from '../service-error.ts'
import { page, type PageRequest, sorted } from './page.ts'
import { toResponse } from './response.ts'

type Candidate = Readonly<Record<string, unknown>>

interface CandidatesInput extends PageRequest {
  readonly AutoMLJobName: string
  readonly StatusEquals?: string
  readonly CandidateNameEquals?: string
  readonly SortBy?: string
  readonly SortOrder?: string
}

/** The text that an order sorts by, by SortBy. */
const orders: Readonly<Record<string, (candidate: Candidate) => string>> = {
  CreationTime: candidate => String(candidate['CreationTime']),
  Status: candidate => String(candidate['CandidateStatus']),
  FinalObjectiveMetricValue: candidate => {
    const metric = candidate['FinalAutoMLJobObjectiveMetric'] as { readonly Value: number } | undefined
    return (metric?.Value ?? 0).toFixed(12)
  },
}

/** What is asked of AutoML jobs beyond describing and listing them. */
export function autoMLOperations(engine: Engine) {
  return {
    /** The best first, unless the request asks for another order. */
    ListCandidatesForAutoMLJob: async (input: CandidatesInput): Promise<object> => {
      const job = await engine.jobs.find('AutoMLJob', input.AutoMLJobName)
      if (job === undefined) throw new ServiceError('ResourceNotFound', 'Requested resource not found.')
      const found = ((job.description['Candidates'] ?? []) as readonly Candidate[]).filter(
        candidate =>
          (input.StatusEquals ?? candidate['CandidateStatus']) === candidate['CandidateStatus'] &&
          (input.CandidateNameEquals ?? candidate['CandidateName']) === candidate['CandidateName'],
      )
      const { SortBy = 'FinalObjectiveMetricValue' } = input
      const order = sorted(
        found,
        orders[SortBy] ?? (() => ''),
        input.SortOrder,
        input.SortBy === undefined ? 'Descending' : 'Ascending',
      )
      const { items, ...rest } = page(order, input, candidate => String(candidate['CandidateName']), 10)
      return { Candidates: items.map(candidate => toResponse('AutoMLCandidate', candidate)), ...rest }
    },
  }
}

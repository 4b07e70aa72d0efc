import { resolve } from 'node:path'
import { defineCommand } from '../command.ts'
import { diagnoseFailure } from '../diagnose-failure.ts'
import { examine, thisInstallation } from '../doctor-checks.ts'
import { shared } from '../flags.ts'
import { packageVersion } from '../installation.ts'
import { renderTable } from '../render/table.ts'
import { DEFAULT_STATE } from '../target.ts'

/** `foldwise doctor`: what this set-up has, exit 1 when something needed is broken; or what a step's failure means. */
export const doctor = defineCommand({
  positionals: [{ words: '[failure]', help: 'failure reason of a step, to be explained instead' }],
  flags: { state: shared.state, region: shared.region, profile: shared.profile },
  examples: [
    'foldwise doctor',
    'foldwise doctor --profile production --json',
    'foldwise doctor "AccessDeniedException: … is not authorized to perform: sagemaker:CreateTrainingJob"',
  ],
  run: async ([failure], { state, region, profile }) => {
    if (failure !== undefined) return explain(failure)
    const findings = await examine({
      ...thisInstallation,
      stateDir: resolve(state ?? DEFAULT_STATE),
      region,
      profile,
    })
    return {
      data: { version: packageVersion(), checks: findings },
      text: colors => {
        const paint = { ok: colors.green, missing: colors.dim, broken: colors.red } as const
        return renderTable(
          [{ title: 'check' }, { title: 'verdict' }, { title: 'detail' }],
          findings.map(({ check, verdict, detail }) => [check, paint[verdict](verdict), detail]),
        ).join('\n')
      },
      exitCode: findings.some(({ verdict }) => verdict === 'broken') ? 1 : 0,
    }
  },
})

function explain(failure: string) {
  const diagnosis = diagnoseFailure(failure)
  return {
    data: { failure, ...diagnosis },
    text: () =>
      diagnosis === undefined
        ? 'Foldwise does not know this failure. "foldwise logs" shows what the job wrote.'
        : `${diagnosis.cause}\n${diagnosis.advice}`,
    exitCode: diagnosis === undefined ? 1 : 0,
  }
}

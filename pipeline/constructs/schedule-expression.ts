import { mistake, show } from '../dsl/mistake.ts'
import { findCronProblem } from './cron-expression.ts'

type RateUnit = 'minute' | 'minutes' | 'hour' | 'hours' | 'day' | 'days'

/** When a schedule starts executions; made by {@link rate}, {@link cron} and {@link at}. */
export interface ScheduleExpression {
  readonly kind: 'foldwise.schedule-expression'
  /** Such as `rate(5 minutes)`. */
  readonly text: string
  /** Happens once. */
  readonly isOnce: boolean
}

/** A schedule as EventBridge Scheduler writes it; the text is checked when the program runs. */
export type ScheduleText = `rate(${number} ${RateUnit})` | `cron(${string})` | `at(${number}-${number}-${string})`

/**
 * A schedule in fixed intervals, from its start date on.
 *
 * @param value A whole number of 1 or more.
 */
export function rate(value: number, unit: RateUnit): ScheduleExpression {
  const call = `rate(${show(value)}, ${show(unit)})`
  if (!Number.isSafeInteger(value) || value < 1) {
    throw mistake(`${call} — ${show(value)} is no whole number of 1 or more; give one, such as rate(5, "minutes").`)
  }
  if (!/^(minute|hour|day)s?$/.test(unit)) {
    throw mistake(`${call} — ${show(unit)} is no unit; give minutes, hours or days.`)
  }
  const singular = unit.replace(/s$/, '')
  return expression(`rate(${value} ${value === 1 ? singular : `${singular}s`})`)
}

/**
 * A schedule by the clock: minutes, hours, day-of-month, month, day-of-week and year, such as `0 8 ? * MON-FRI *`.
 *
 * One of day-of-month and day-of-week is `?`. Days of the week are 1 (SUN) to 7 (SAT).
 */
export function cron(fields: string): ScheduleExpression {
  const call = `cron(${show(fields)})`
  if (typeof fields !== 'string')
    throw mistake(`${call} — ${show(fields)} is no text; give six fields, such as "0 8 * * ? *".`)
  const problem = findCronProblem(fields)
  if (problem !== undefined) throw mistake(`${call} — ${problem}.`)
  return expression(`cron(${fields.trim().replace(/\s+/g, ' ')})`)
}

/**
 * A schedule that happens once.
 *
 * @param time Such as `2027-01-31T08:00:00`, in the time zone of the schedule.
 */
export function at(time: string): ScheduleExpression {
  const call = `at(${show(time)})`
  const form = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})$/
  const parts = typeof time === 'string' ? form.exec(time) : null
  if (parts === null) {
    throw mistake(
      `${call} — ${show(time)} is no time of the form yyyy-mm-ddThh:mm:ss; give one without a zone, such as "2027-01-31T08:00:00", and the zone as timeZone.`,
    )
  }
  // A day that does not exist, such as 30 February, comes back as another.
  const date = new Date(`${time}Z`)
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 19) !== time) {
    throw mistake(`${call} — ${show(time)} is on no calendar; give a day and a time that exist.`)
  }
  return { ...expression(`at(${time})`), isOnce: true }
}

/** @throws UserError for a text that is no schedule of EventBridge Scheduler */
export function readSchedule(where: string, schedule: ScheduleExpression | ScheduleText): ScheduleExpression {
  if (typeof schedule === 'object' && schedule.kind === 'foldwise.schedule-expression') return schedule
  const [, kind, inside = ''] = (typeof schedule === 'string' && /^(rate|cron|at)\((.*)\)$/.exec(schedule)) || []
  if (kind === 'cron') return cron(inside)
  if (kind === 'at') return at(inside)
  const [, value = '', unit = ''] = /^(\S+) (\S+)$/.exec(inside) ?? []
  if (kind === 'rate' && value !== '')
    return rate(/^\d+$/.test(value) ? Number(value) : (value as never), unit as RateUnit)
  throw mistake(
    `${where} — ${show(schedule)} is no schedule; give rate(5, "minutes"), cron("0 8 * * ? *") or at("2027-01-31T08:00:00").`,
  )
}

const expression = (text: string): ScheduleExpression =>
  Object.freeze({ kind: 'foldwise.schedule-expression', text, isOnce: false })

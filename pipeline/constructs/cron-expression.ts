/**
 * The grammar of EventBridge Scheduler's cron expressions: six fields, of which exactly one of day-of-month and day-of-week
 * is `?`.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  /** Words in the place of the numbers from 1. */
  readonly words?: readonly string[]
  /** Further forms, such as `L`. */
  readonly special?: (text: string, isValue: (text: string) => boolean) => boolean
}

const isDayOfMonthForm = (text: string, isValue: (text: string) => boolean): boolean => {
  // The last day, some days before it, the weekday nearest to a day, and the last weekday.
  if (text === 'L' || text === 'LW') return true
  const before = /^L-(\d{1,2})$/.exec(text)?.[1]
  if (before !== undefined) return Number(before) >= 1 && Number(before) <= 30
  const near = /^(\d{1,2})W$/.exec(text)?.[1]
  return near !== undefined && isValue(near)
}

const isDayOfWeekForm = (text: string, isValue: (text: string) => boolean): boolean => {
  if (text === 'L') return true
  const last = /^(\w+)L$/.exec(text)?.[1]
  if (last !== undefined) return isValue(last)
  const nth = /^(\w+)#([1-5])$/.exec(text)?.[1]
  return nth !== undefined && isValue(nth)
}

const fields = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day-of-month', min: 1, max: 31, special: isDayOfMonthForm },
  {
    name: 'month',
    min: 1,
    max: 12,
    words: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  {
    name: 'day-of-week',
    min: 1,
    max: 7,
    words: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
    special: isDayOfWeekForm,
  },
  { name: 'year', min: 1970, max: 2199 },
] as const satisfies readonly Field[]

const DAY_OF_MONTH = 2
const DAY_OF_WEEK = 4

/** @returns what is wrong with the text inside `cron(…)` and what would be right, or undefined */
export function findCronProblem(text: string): string | undefined {
  const parts = text.trim().split(/\s+/)
  if (parts.length !== fields.length || text.trim() === '') {
    const found = text.trim() === '' ? 0 : parts.length
    return `it has ${found} field${found === 1 ? '' : 's'}, and six are needed: minutes hours day-of-month month day-of-week year, such as 0 8 * * ? *`
  }
  for (const [index, field] of fields.entries()) {
    const part = parts[index] as string
    const isDay = index === DAY_OF_MONTH || index === DAY_OF_WEEK
    if (part === '?' && isDay) continue
    const problem = findFieldProblem(part, field)
    if (problem !== undefined) return problem
  }
  const marks = [DAY_OF_MONTH, DAY_OF_WEEK].filter(index => parts[index] === '?').length
  if (marks === 1) return undefined
  return marks === 0
    ? `day-of-month and day-of-week cannot both be given; put ? in one of them, such as ${parts.map((each, index) => (index === DAY_OF_WEEK ? '?' : each)).join(' ')}`
    : 'day-of-month and day-of-week are both ?; give one of them, such as * for every day of the month'
}

function findFieldProblem(part: string, field: Field): string | undefined {
  const items = part.split(',')
  if (items.length > 1 && items.some(item => item.includes('#'))) {
    return `${field.name} ${quote(part)} has "#" in a list, which takes one day only; give a single one`
  }
  const wrong = items.find(item => !isItem(item, field))
  if (wrong === undefined) return undefined
  const words = field.words === undefined ? '' : ` or ${field.words[0]} to ${field.words.at(-1)}`
  return `${field.name} has ${quote(wrong)}; a value is ${field.min} to ${field.max}${words}, with "," between values, "-" for a range, "/" for a step and "*" for all`
}

function isItem(item: string, field: Field): boolean {
  const isValue = (text: string): boolean => {
    if (field.words?.includes(text.toUpperCase())) return true
    return /^\d{1,4}$/.test(text) && Number(text) >= field.min && Number(text) <= field.max
  }
  const isRange = (text: string): boolean => {
    const ends = text.split('-')
    return ends.length <= 2 && ends.every(isValue)
  }
  const [base = '', step, ...more] = item.split('/')
  if (more.length > 0) return false
  if (step === undefined) return base === '*' || isRange(base) || field.special?.(base.toUpperCase(), isValue) === true
  const isStep = /^\d{1,4}$/.test(step) && Number(step) >= 1 && Number(step) <= field.max
  return isStep && (base === '*' || isRange(base))
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 40))

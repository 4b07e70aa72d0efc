import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { at, boolean, cron, failStep, float, integer, pipeline, rate, scheduleRequest, string } from 'foldwise'
import { messageOf } from '../dsl/message-of.ts'

const role = 'arn:aws:iam::111122223333:role/Scheduler'
const place = { account: '111122223333', region: 'eu-central-1' } as const
const made = pipeline(
  'Nightly',
  {
    parameters: {
      Uri: string(),
      Mode: string('fast', { oneOf: ['fast', 'slow'] }),
      Rate: float(0.5),
      Count: integer(1),
      Deep: boolean(false),
    },
  },
  () => failStep('F', { message: 'x' }),
)
const plain = pipeline('Plain', {}, () => failStep('F', { message: 'x' }))
const base = { schedule: rate(1, 'day'), pipeline: place, role } as const
const refused = (options: object) => messageOf(() => scheduleRequest(plain, { ...base, ...options }))

describe('rate', () => {
  it.each([
    [1, 'minutes', 'rate(1 minute)'],
    [5, 'minute', 'rate(5 minutes)'],
    [1, 'hour', 'rate(1 hour)'],
    [36, 'hours', 'rate(36 hours)'],
    [2, 'days', 'rate(2 days)'],
  ] as const)('of %d %s is %s', (value, unit, text) => {
    expect(rate(value, unit).text).toBe(text)
  })

  it.each([
    [-5, 'moons', 'rate(-5, "moons") — -5 is no whole number of 1 or more; give one, such as rate(5, "minutes").'],
    [5, 'moons', 'rate(5, "moons") — "moons" is no unit; give minutes, hours or days.'],
    [0, 'days', 'rate(0, "days") — 0 is no whole number of 1 or more; give one, such as rate(5, "minutes").'],
    [1.5, 'hours', 'rate(1.5, "hours") — 1.5 is no whole number of 1 or more; give one, such as rate(5, "minutes").'],
    [
      Number.NaN,
      'hours',
      'rate(NaN, "hours") — NaN is no whole number of 1 or more; give one, such as rate(5, "minutes").',
    ],
    [1, 'seconds', 'rate(1, "seconds") — "seconds" is no unit; give minutes, hours or days.'],
  ])('refuses %d %s', (value, unit, message) => {
    expect(messageOf(() => rate(value, unit as 'days'))).toBe(message)
  })
})

describe('cron', () => {
  it.each([
    '0 8 * * ? *',
    '0 8 ? * MON-FRI *',
    '0/15 * * * ? *',
    '*/10 8-17 ? * 2-6 2027',
    '0 0 L * ? *',
    '0 0 LW * ? *',
    '0 0 L-3 * ? *',
    '0 0 15W * ? *',
    '30 9 ? * 6L 2022-2023',
    '30 9 ? * FRIL *',
    '15 10 ? * 2#1 *',
    '15 10 ? JAN,JUL tue,THU *',
    '0,30 22-2 1,15 * ? *',
    '59 23 31 12 ? 2199',
  ])('takes %s', fields => {
    expect(cron(fields).text).toBe(`cron(${fields})`)
  })

  it.each([
    ['', 'it has 0 fields, and six are needed'],
    ['* * * * *', 'it has 5 fields, and six are needed'],
    ['0 8 * * ? * *', 'it has 7 fields, and six are needed'],
    ['60 8 * * ? *', 'minutes has "60"; a value is 0 to 59'],
    ['0 24 * * ? *', 'hours has "24"; a value is 0 to 23'],
    ['0 8 0 * ? *', 'day-of-month has "0"; a value is 1 to 31'],
    ['0 8 32W * ? *', 'day-of-month has "32W"'],
    ['0 8 * 13 ? *', 'month has "13"; a value is 1 to 12 or JAN to DEC'],
    ['0 8 * MAI ? *', 'month has "MAI"'],
    ['0 8 ? * 0 *', 'day-of-week has "0"; a value is 1 to 7 or SUN to SAT'],
    ['0 8 ? * 2#6 *', 'day-of-week has "2#6"'],
    ['0 8 ? * 2#1,3#2 *', 'day-of-week "2#1,3#2" has "#" in a list, which takes one day only'],
    ['0 8 * * ? 1969', 'year has "1969"; a value is 1970 to 2199'],
    ['0 8 * * * *', 'day-of-month and day-of-week cannot both be given; put ? in one of them, such as 0 8 * * ? *'],
    ['0 8 1 * MON *', 'day-of-month and day-of-week cannot both be given'],
    ['0 8 ? * ? *', 'day-of-month and day-of-week are both ?'],
    ['? 8 * * ? *', 'minutes has "?"'],
    ['0/0 8 * * ? *', 'minutes has "0/0"'],
    ['1/2/3 8 * * ? *', 'minutes has "1/2/3"'],
    ['1-2-3 8 * * ? *', 'minutes has "1-2-3"'],
    ['1,,2 8 * * ? *', 'minutes has ""'],
    ['L 8 * * ? *', 'minutes has "L"'],
    ['-5 8 * * ? *', 'minutes has "-5"'],
    ['1.5 8 * * ? *', 'minutes has "1.5"'],
  ])('refuses %j', (fields, message) => {
    expect(messageOf(() => cron(fields))).toContain(message)
  })

  it('never fails otherwise than with its sentence, and is quick, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-*?/,LW#0-9A-Z ]{0,60}$/)), fields => {
        let text: string | undefined
        try {
          text = cron(fields).text
        } catch (error) {
          expect((error as Error).message).toMatch(/^cron\(/)
        }
        if (text !== undefined) expect(text.slice(5, -1).split(' ')).toHaveLength(6)
      }),
      { numRuns: 2000 },
    )
    expect(messageOf(() => cron('*'.repeat(1_000_000)))).toContain('it has 1 field')
  })
})

describe('at', () => {
  it('takes a time that exists', () => {
    expect(at('2028-02-29T23:59:59').text).toBe('at(2028-02-29T23:59:59)')
  })

  it.each([
    ['2027-02-29T00:00:00', 'is on no calendar'],
    ['2027-13-01T00:00:00', 'is on no calendar'],
    ['2027-01-01T24:00:00', 'is on no calendar'],
    ['2027-01-01', 'is no time of the form yyyy-mm-ddThh:mm:ss'],
    ['2027-01-01T08:00:00Z', 'is no time of the form yyyy-mm-ddThh:mm:ss'],
    ['tomorrow', 'is no time of the form'],
  ])('refuses %s', (time, message) => {
    expect(messageOf(() => at(time))).toContain(message)
  })
})

describe('scheduleRequest', () => {
  it('is the request of CreateSchedule', () => {
    expect(
      scheduleRequest(made, {
        schedule: cron('0 2 ? * MON-FRI *'),
        timeZone: 'Europe/Berlin',
        pipeline: place,
        role,
        parameters: { Uri: 's3://b/x', Rate: 0.25, Deep: true, Mode: 'slow' },
        start: new Date('2027-01-01T00:00:00Z'),
        end: '2028-01-01T00:00:00+01:00',
        flexibleMinutes: 15,
        enabled: false,
        group: 'ml',
        description: 'every working day',
        retry: { attempts: 2, maxAgeInSeconds: 3600 },
        deadLetterQueue: 'arn:aws:sqs:eu-central-1:111122223333:dead',
        kmsKey: 'arn:aws:kms:eu-central-1:111122223333:key/1',
        afterCompletion: 'DELETE',
      }),
    ).toEqual({
      Name: 'Nightly',
      GroupName: 'ml',
      Description: 'every working day',
      ScheduleExpression: 'cron(0 2 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      StartDate: '2027-01-01T00:00:00.000Z',
      EndDate: '2027-12-31T23:00:00.000Z',
      State: 'DISABLED',
      ActionAfterCompletion: 'DELETE',
      KmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: {
        Arn: 'arn:aws:sagemaker:eu-central-1:111122223333:pipeline/Nightly',
        RoleArn: role,
        SageMakerPipelineParameters: {
          PipelineParameterList: [
            { Name: 'Uri', Value: 's3://b/x' },
            { Name: 'Mode', Value: 'slow' },
            { Name: 'Rate', Value: '0.25' },
            { Name: 'Deep', Value: 'true' },
          ],
        },
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-central-1:111122223333:dead' },
      },
    })
  })

  it('takes the text of a schedule, and the ARN that the service may have written in lower case', () => {
    const arn = 'arn:aws:sagemaker:eu-central-1:111122223333:pipeline/plain'
    expect(scheduleRequest(plain, { schedule: 'rate(1 hours)', pipeline: arn, role, name: 'every.hour' })).toEqual({
      Name: 'every.hour',
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arn, RoleArn: role },
    })
    expect(scheduleRequest(plain, { ...base, schedule: 'at(2027-01-01T08:00:00)' }).ScheduleExpression).toContain('at(')
  })

  it.each([
    ['cn-north-1', 'arn:aws-cn:'],
    ['us-gov-west-1', 'arn:aws-us-gov:'],
    ['us-east-1', 'arn:aws:'],
  ])('writes the partition of %s', (region, start) => {
    expect(scheduleRequest(plain, { ...base, pipeline: { ...place, region } }).Target.Arn.startsWith(start)).toBe(true)
  })

  it('names every parameter without default that is missing', () => {
    expect(messageOf(() => scheduleRequest(made, { ...base } as never))).toBe(
      'scheduleRequest("Nightly"): parameters — "Uri" has no default, so every start without a value fails; give a value here, or a default in the pipeline.',
    )
  })

  it.each([
    [{ Url: 's3://b' }, 'the pipeline has no parameter "Url". Did you mean "Uri"?'],
    [{ Uri: 5 }, 'parameters.Uri — 5 is no String'],
    [{ Uri: 'x', Count: 1.5 }, 'parameters.Count — 1.5 is no Integer'],
    [{ Uri: 'x', Deep: 'true' }, 'parameters.Deep — "true" is no Boolean'],
    [{ Uri: 'x', Rate: Number.NaN }, 'parameters.Rate — NaN is no Float'],
    [{ Uri: 'x', Mode: 'medium' }, 'parameters.Mode — "medium" is not one of "fast", "slow"'],
    [{ Uri: 'x'.repeat(1025) }, 'the value has 1025 characters, and a schedule takes at most 1024'],
  ])('refuses the values %j', (parameters, message) => {
    expect(messageOf(() => scheduleRequest(made, { ...base, parameters } as never))).toContain(message)
  })

  it.each([
    [{ schedule: 'rate(-5 moons)' }, '"-5" is no whole number of 1 or more'],
    [{ schedule: 'rate(0x5 days)' }, '"0x5" is no whole number'],
    [{ schedule: 'rate(5)' }, 'schedule — "rate(5)" is no schedule; give rate(5, "minutes")'],
    [{ schedule: 'every 5 minutes' }, '"every 5 minutes" is no schedule'],
    [{ schedule: 'cron(* * * * *)' }, 'it has 5 fields'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone — "Mars/Olympus" is no time zone'],
    [{ timeZone: '+01:00' }, 'timeZone — "+01:00" is no time zone'],
    [{ name: 'two words' }, 'name — "two words" is not right'],
    [{ name: 'x'.repeat(65) }, '1 to 64 letters'],
    [{ role: 'admin' }, 'role — "admin" is not right; give the ARN of a role.'],
    [{ pipeline: { ...place, account: '1' } }, 'an account of 12 digits'],
    [{ pipeline: { ...place, region: 'here' } }, 'a region such as'],
    [{ pipeline: 'arn:aws:sagemaker:eu-central-1:111122223333:pipeline/other' }, 'is the ARN of another pipeline'],
    [{ flexibleMinutes: 1441 }, 'flexibleMinutes — 1441 is no whole number from 0 to 1440'],
    [{ retry: { attempts: 186 } }, 'retry.attempts — 186 is no whole number from 0 to 185'],
    [{ retry: { maxAgeInSeconds: 59 } }, 'from 60 to 86400'],
    [{ start: '2027-01-01' }, 'start — "2027-01-01" is no time with a zone'],
    [{ start: '2027-01-02T00:00:00Z', end: '2027-01-01T00:00:00Z' }, 'is not after the start'],
    [{ schedule: at('2027-01-01T00:00:00'), end: '2027-01-01T00:00:00Z' }, 'end — a schedule that happens once'],
    [{ deadLetterQueue: 'queue' }, 'the ARN of an SQS queue'],
    [{ description: 'x'.repeat(513) }, 'at most 512 characters'],
  ])('refuses %j', (options, message) => {
    expect(refused(options)).toContain(message)
  })
})

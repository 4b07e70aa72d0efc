import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleDocument } from '../../../pipeline/validate/catalogue/sample.ts'
import {
  catalogue,
  checkOverrides,
  checkSelection,
  validateDefinition,
  validateText,
} from '../../../pipeline/validate/index.ts'
import { anyDocument } from '../../support/any-document.ts'

/** `FOLDWISE_DOCUMENTS=100000` judges as many arbitrary documents; the default keeps the suite quick. */
const arbitraryDocuments = Number(process.env['FOLDWISE_DOCUMENTS'] ?? 1_000)

const codes = (document: unknown): string[] => validateDefinition(document).map(problem => problem.code)

describe('the judge', () => {
  it('never throws on arbitrary JSON and documents that are almost right', {
    timeout: 60_000 + arbitraryDocuments * 60,
  }, () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 5 }), anyDocument), document => {
        const start = performance.now()
        const problems = validateDefinition(document)
        expect(performance.now() - start).toBeLessThan(2_000)
        for (const { code, message } of problems) {
          expect(catalogue).toHaveProperty(code)
          expect(message).toMatch(/: ./s)
        }
        checkOverrides(document, { K: '5', C: '' })
        checkSelection(document, { selectedSteps: ['A', 'C'] })
      }),
      { numRuns: arbitraryDocuments },
    )
  })

  it('never throws on arbitrary text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), text => void validateText(text)))
  })

  it('stops at once at a document that is nested 100,000 levels deep', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"Std:Join":', '}'],
      ['{"Steps":[', ']}'],
    ] as const) {
      const text = open.repeat(100_000) + '1' + close.repeat(100_000)
      expect(validateText(text).filter(({ code }) => code === 'FW1028')).toHaveLength(1)
    }
  })

  it('ends for values that JSON cannot hold: one that holds itself, undefined members, NaN', () => {
    const self: Record<string, unknown> = { Version: '2020-12-01' }
    self['Steps'] = [self]
    self['Parameters'] = self
    expect(codes(self)).toEqual(['FW1028'])
    const undefinedMembers = { ...sampleDocument, MlflowConfig: undefined, Unheard: undefined }
    expect(codes(undefinedMembers)).toEqual([])
    expect(codes({ ...sampleDocument, Parameters: [{ Name: 'C', DefaultValue: Number.NaN }] })).toContain('FW1014')
  })

  it('judges huge strings everywhere in less than two seconds', () => {
    const huge = 'a-'.repeat(500_000)
    const document = {
      Version: huge,
      Parameters: [{ Name: huge, DefaultValue: huge, EnumValues: [huge] }],
      Steps: [
        {
          Name: huge,
          Type: 'Training',
          DependsOn: [huge],
          Arguments: { RoleArn: huge, HyperParameters: { [huge]: { Get: huge } } },
        },
        { Name: 'B', Type: huge, Arguments: { Get: `Steps.${huge}` } },
        {
          Name: 'C',
          Type: 'Condition',
          Arguments: {
            Conditions: [
              {
                Type: 'Equals',
                LeftValue: { 'Std:JsonGet': { PropertyFile: { Get: huge }, Path: `[${huge}` } },
                RightValue: huge,
              },
            ],
            IfSteps: [],
            ElseSteps: [],
          },
        },
      ],
    }
    const start = performance.now()
    for (const problem of validateDefinition(document)) expect(problem.message.length).toBeLessThan(3_000)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  it('treats __proto__, constructor and toString as ordinary unknown names', () => {
    const document = JSON.parse(`{"Version": "2020-12-01", "__proto__": {"a": 1}, "constructor": 1, "Steps": [
      {"Name": "__proto__", "Type": "constructor", "Arguments": {"__proto__": {"Get": "Steps.__proto__.toString"}}},
      {"Name": "toString", "Type": "Training", "__proto__": 1, "Arguments": {"__proto__": 1, "HyperParameters": {"__proto__": "x", "constructor": {"Get": "Parameters.__proto__"}}}}
    ]}`)
    expect(codes(document)).toEqual(expect.arrayContaining(['FW1005', 'FW2003', 'FW2010', 'FW3002', 'FW5001']))
    expect(({} as { a?: number }).a).toBeUndefined()
  })

  it('checks start values against enum values that cannot be written as text', () => {
    const document = JSON.parse('{"Parameters": [{"Name": "K", "EnumValues": [{"toString": 1, "valueOf": null}]}]}')
    expect(checkOverrides(document, { K: 'x' }).map(({ code }) => code)).toContain('FW9005')
  })

  it('keeps within seconds when a document is full of unknown names', () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `Step-number-${index}-of-many`)
    const steps = names.map(name => ({
      Name: name,
      Type: 'Fail',
      DependsOn: [`${name}x`],
      Arguments: { ErrorMessage: { Get: `Steps.${name}y.Z` } },
    }))
    const start = process.cpuUsage()
    validateDefinition({ Version: '2020-12-01', Steps: steps })
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(3_000)
  })
})

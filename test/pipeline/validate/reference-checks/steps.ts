import { sampleDocument } from '../../../../pipeline/validate/catalogue/sample.ts'
import { condition0, fail, gate, get, lambda, more, read, register, sampleGate, set, split } from './builders.ts'
import type { ReferenceCheck } from './check.ts'

/** Rules 21 to 38: steps and graph. */
export const stepsChecks: Readonly<Record<number, ReferenceCheck>> = {
  21: {
    rule: 'step names are unique over the top and all branches',
    mistakes: [
      ['FW2004', set('Steps[4]', fail('Train'))],
      ['FW2004', set(`${gate}.IfSteps[1]`, fail('Train'))],
    ],
  },
  22: {
    rule: 'a step name has its pattern and at most 64 characters',
    mistakes: [
      ['FW2005', set('Steps[4]', fail('a b'))],
      ['FW2006', set('Steps[4]', fail('a'.repeat(65)))],
    ],
  },
  23: {
    rule: 'step names differ in their first 20 characters',
    mistakes: [
      [
        'FW2007',
        {
          set: [
            ['Steps[4]', fail('train-the-final-model-A')],
            ['Steps[5]', fail('train-the-final-model-B')],
          ],
        },
      ],
    ],
  },
  24: {
    rule: 'display names and descriptions have their lengths',
    mistakes: [
      ['FW2008', set('Steps[1].DisplayName', 'x'.repeat(257))],
      ['FW2008', set('Steps[1].Description', 'x'.repeat(3073))],
    ],
  },
  25: {
    rule: 'a step type is known',
    mistakes: [
      ['FW2009', set('Steps[1].Type', 'Trainin')],
      ['FW2010', set('Steps[1].Type', 'Quantum')],
    ],
  },
  26: {
    rule: 'a step type may not be available everywhere',
    mistakes: [
      ['FW2011', more('Job', {})],
      ['FW2011', more('BedrockModelImport', {})],
    ],
  },
  27: { rule: 'DependsOn names steps that exist', mistakes: [['FW2012', set('Steps[1].DependsOn', ['Spilt'])]] },
  28: {
    rule: 'no step waits for itself, directly or through DependsOn, references and branches',
    mistakes: [
      ['FW2013', set('Steps[1].DependsOn', ['Train'])],
      ['FW2014', set('Steps[0].DependsOn', ['Train'])],
      ['FW2014', set(`${split}.Environment`, { E: get('Steps.Evaluate.ProcessingJobArn') })],
      ['FW2014', set('Steps[2].DependsOn', ['Register'])],
    ],
  },
  29: {
    rule: 'nothing depends on a Fail step or refers to it',
    mistakes: [
      [
        'FW2015',
        {
          set: [
            ['Steps[4]', fail('Stop')],
            ['Steps[3].DependsOn', ['Stop']],
          ],
        },
      ],
      ['FW2015', { set: [['Steps[4]', fail('Stop')], ...read('Steps.Stop.ErrorMessage')] }],
      [
        'FW2016',
        {
          set: [
            ['Steps[4]', fail('Stop')],
            ['Steps[1].DependsOn', ['Stop']],
          ],
        },
      ],
    ],
  },
  30: {
    rule: 'nothing outside its branches depends on a Condition step',
    mistakes: [['FW2018', set('Steps[4]', fail('After', { DependsOn: ['Gate'] }))]],
  },
  31: {
    rule: 'no step depends on steps of both sides of one condition',
    mistakes: [['FW2019', set('Steps[4]', fail('Both', { DependsOn: ['Register', 'Reject'] }))]],
  },
  32: {
    rule: 'a step outside a branch that depends on one inside may be left out',
    mistakes: [['FW2022', set('Steps[4]', fail('After', { DependsOn: ['Register'] }))]],
  },
  33: {
    rule: 'the two sides of a condition do not refer to each other',
    mistakes: [
      [
        'FW2020',
        {
          set: [
            [`${gate}.ElseSteps[1]`, lambda('L')],
            [`${register}.CustomerMetadataProperties`, { o: get("Steps.L.OutputParameters['o']") }],
          ],
        },
      ],
      ['FW2020', set(`${gate}.IfSteps[1]`, lambda('L', { DependsOn: ['Reject'] }))],
    ],
  },
  34: {
    rule: 'there is no Condition inside a branch',
    mistakes: [
      [
        'FW2021',
        set(`${gate}.IfSteps[1]`, {
          ...sampleDocument.Steps[3],
          Name: 'Inner',
          Arguments: { Conditions: [condition0], IfSteps: [], ElseSteps: [] },
        }),
      ],
    ],
  },
  35: {
    rule: 'no step stands in both branches',
    mistakes: [['FW2004', set(`${gate}.ElseSteps[1]`, sampleGate.IfSteps[0])]],
  },
  36: { rule: 'there is a condition', mistakes: [['FW3032', set(`${gate}.Conditions`, [])]] },
  37: {
    rule: 'a DependsOn that a reference makes needless',
    mistakes: [['FW2023', set('Steps[1].DependsOn', ['Split'])]],
  },
  38: {
    rule: 'a step that waits for more steps than run at once',
    mistakes: [
      [
        'FW2027',
        {
          set: [['Steps[4]', fail('Last', { DependsOn: ['Split', 'Train', 'Evaluate'] })]],
          pipeline: { maxParallelSteps: 2 },
        },
      ],
    ],
  },
}

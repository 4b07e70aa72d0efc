export { type ProgramOptions, renderProgram } from './render-program.ts'

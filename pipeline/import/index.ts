export { renderProgram } from './render-program.ts'

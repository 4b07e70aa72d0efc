'use strict'

// The module that `libsvm-js/asm` runs in, here for its heap. Emscripten gives it a `then` that resolves with itself, so
// whoever awaits it (an import() or a test runner) waits for ever.
const libsvm = require('libsvm-js/out/asm/libsvm.js')
delete libsvm.then

module.exports = libsvm

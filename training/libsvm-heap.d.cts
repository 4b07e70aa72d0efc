/** The memory of the compiled libsvm, seen as numbers. The views are replaced when it grows: read them anew each time. */
declare const libsvm: { readonly HEAP32: Int32Array; readonly HEAPF64: Float64Array }
export = libsvm

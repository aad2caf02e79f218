'use strict';
// danfojs-node touches Tensor, tensor1d, tensor2d, scalar, moments and data.array; nothing is loaded until one of them is used

let real;

function load() {
  real ??= installed();
  return real;
}

function installed() {
  try {
    return require('@tensorflow/tfjs');
  } catch (cause) {
    throw new Error('danfojs needs tensors here (DataFrame arithmetic, .tensor, scalers, sample): install @tensorflow/tfjs, or use Series and query', { cause });
  }
}

exports.Tensor = { [Symbol.hasInstance]: (value) => real !== undefined && value instanceof real.Tensor };
for (const name of ['tensor', 'tensor1d', 'tensor2d', 'scalar', 'moments', 'tidy', 'dispose']) exports[name] = (...args) => load()[name](...args);
exports.data = { array: (...args) => load().data.array(...args) };

import { defineErrors } from '@millrace/kernel';

export const modelErrors = defineErrors({
  MILLRACE_MODEL_NOT_LOADED: { retryable: false, help: 'A handler asked for a model that its process did not load; list it in the domain’s `models`.' },
  MILLRACE_MODEL_UNREADABLE: { retryable: false, help: 'A model file is missing, cannot be read or is not an ONNX model; restore the file.' },
  MILLRACE_MODEL_CHECKSUM: { retryable: false, help: 'A model file is not the one its definition names; restore the file or update the definition’s sha256.' },
  MILLRACE_MODEL_SHAPE: { retryable: false, help: 'A feature matrix does not have rows × features values; fix the handler that built it.' },
});

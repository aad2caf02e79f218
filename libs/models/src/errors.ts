import { defineErrors } from '@millrace/kernel';

export const modelErrors = defineErrors({
  MILLRACE_MODEL_NOT_LOADED: { retryable: false, help: 'A handler asked for a model that its process did not load; list it in the domain’s `models`.' },
  MILLRACE_MODEL_UNREADABLE: { retryable: false, help: 'A model file is missing, cannot be read or is not an ONNX model; restore the file.' },
  MILLRACE_MODEL_CHECKSUM: { retryable: false, help: 'A model file is not the one its definition names; restore the file or update the definition’s sha256.' },
  MILLRACE_MODEL_SHAPE: { retryable: false, help: 'A matrix or a graph does not have the rows and features that the model is defined with; fix the handler or the definition.' },
  MILLRACE_MODEL_MANIFEST: { retryable: false, help: 'A file in the model folder does not describe a model that can take the place of one in use; the message says why. What was loaded stays in use.' },
});

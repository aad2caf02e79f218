import { apiClientErrors } from '@millrace/api-client';
import { blobErrors } from '@millrace/blob-store';
import { brokerErrors } from '@millrace/broker';
import { canvasErrors } from '@millrace/canvas';
import { domainErrors } from '@millrace/catalog';
import { cliErrors } from '@millrace/cli';
import { clientErrors } from '@millrace/client';
import { apiErrors, messageErrors } from '@millrace/contracts';
import { controlErrors } from '@millrace/control';
import { benchErrors } from '@millrace/domain-bench';
import { documentStoreErrors } from '@millrace/document-store';
import { engineErrors } from '@millrace/engine';
import { frameErrors, rowErrors } from '@millrace/frame';
import { analystErrors } from '@millrace/http-analyst';
import type { ErrorCatalogue } from '@millrace/kernel';
import { modelErrors } from '@millrace/models';
import { pipelineErrors } from '@millrace/pipeline';
import { configErrors, listenErrors, wiringErrors } from '@millrace/platform';
import { runStoreErrors } from '@millrace/run-store';
import { taskErrors } from '@millrace/tasks';
import { webhookErrors } from '@millrace/webhooks';
import { receiverErrors } from '@millrace/webhook-receiver';
import { poolErrors } from '@millrace/worker';

/** Every catalogue of the product, in the order of a message's way through it. */
export const catalogues: ReadonlyArray<{ readonly title: string; readonly catalogue: ErrorCatalogue }> = [
  { title: 'Starting a service', catalogue: { ...configErrors.catalogue, ...listenErrors.catalogue, ...wiringErrors.catalogue } },
  { title: 'Taking data in', catalogue: { ...apiErrors.catalogue, ...engineErrors.catalogue, ...pipelineErrors.catalogue } },
  { title: 'Calling the API, and being called back', catalogue: { ...apiClientErrors.catalogue, ...receiverErrors.catalogue } },
  { title: 'Reading row files', catalogue: rowErrors.catalogue },
  { title: 'Columnar datasets', catalogue: frameErrors.catalogue },
  ...domainErrors.map(({ domain, catalogue }) => ({ title: `The ${domain} domain`, catalogue })),
  { title: 'Running tasks', catalogue: { ...taskErrors.catalogue, ...poolErrors.catalogue, ...messageErrors.catalogue } },
  { title: 'Canvases and runs', catalogue: { ...canvasErrors.catalogue, ...clientErrors.catalogue } },
  { title: 'Models', catalogue: modelErrors.catalogue },
  { title: 'Models elsewhere', catalogue: analystErrors.catalogue },
  { title: 'Broker', catalogue: brokerErrors.catalogue },
  { title: 'Run store', catalogue: runStoreErrors.catalogue },
  { title: 'Document store', catalogue: documentStoreErrors.catalogue },
  { title: 'Blob store', catalogue: blobErrors.catalogue },
  { title: 'Callbacks', catalogue: webhookErrors.catalogue },
  { title: 'Remote control and schedules', catalogue: { ...controlErrors.catalogue, ...cliErrors.catalogue } },
  { title: 'Load tests', catalogue: benchErrors.catalogue },
];

/** docs/errors.md: every error code, whether trying again may help, and what to do. */
export function errorsPage(): string {
  const sections = catalogues.map(({ title, catalogue }) => {
    const rows = Object.entries(catalogue).map(([code, { retryable, help }]) => `| <a id="${code.toLowerCase()}"></a>\`${code}\` | ${retryable ? 'yes' : 'no'} | ${help} |`);
    return `## ${title}\n\n| code | may pass | meaning, and what to do |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Errors\n\nCodes as they stand in logs, in problem details and in the tasks of a callback.\n\n${sections.join('\n')}`;
}

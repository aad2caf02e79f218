import { environment } from '@millrace/platform';
import { z } from 'zod';

/** docs/config.md: every environment variable a service reads. */
export function configPage(): string {
  const rows = Object.entries(environment).map(([name, schema]) => {
    const parsed = (schema as z.ZodType).safeParse(undefined);
    const fallback = parsed.success && parsed.data !== undefined ? `\`${String(parsed.data)}\`` : '';
    return `| \`${name}\` | ${fallback} | ${(schema as z.ZodType).description ?? ''} |`;
  });
  return `# Configuration

Services read environment variables, all of them optional. \`<NAME>_FILE\` names a file with the value instead, as mounted secrets have it. A wrong value is one line on standard error and exit code 1.

Credentials for AWS come from where the SDK looks for them.

| variable | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

import { z } from 'zod';
import { artifactRef } from './artifact.js';

/** The content type of a raw artifact that is a manifest. */
export const manifestContentType = 'application/vnd.millrace.manifest+json';

/** What an ingestion of several files has in the place of its raw data: where each of them lies, in the order they came. */
export const manifest = z.strictObject({ files: z.array(artifactRef).min(1).max(25).readonly() });
export type Manifest = Readonly<z.infer<typeof manifest>>;

import { setSourceMapsSupport } from 'node:module';

/** Stack traces in terms of our sources; the maps of the packages in node_modules would cost every service megabytes. */
setSourceMapsSupport(true, { nodeModules: false });

import { createProgram, helpOf } from '@millrace/cli';

type Program = ReturnType<typeof createProgram>;

/** docs/cli.md: every command of `millrace`, as its help has it. */
export function cliPage(): string {
  const program = createProgram(async () => undefined);
  const commands = leavesOf(program).filter(({ command }) => helpOf(command));
  const contents = commands.map(({ name, command }) => `| [\`${name}\`](#${anchorOf(name)}) | ${command.summary()} |`);
  return `# The command line

\`npm run millrace -- <command>\`, or \`npx millrace <command>\`. It reads the environment variables that the services read ([config.md](config.md)); without any, in a folder where \`npm start\` runs, it talks to what runs there.

Every command takes \`--json\` and prints JSON then, \`events\` a line for each. \`--help\` shows what a command takes, with examples. Colours are for terminals, and not there with \`NO_COLOR\`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | not done, or not by every worker; one line on standard error says why and what to do |
| 2 | the command line was not understood |

Completion for a shell, until it ends: \`source <(millrace complete zsh)\`, or \`bash\`; for good, put the output where the shell looks. \`fish\` and \`powershell\` as well.

| command | |
|---|---|
${contents.join('\n')}

${commands.map(sectionOf).join('\n')}`;
}

interface Leaf {
  readonly name: string;
  readonly command: Program;
}

function leavesOf(program: Program, before = ''): readonly Leaf[] {
  return program.commands.flatMap((command) => {
    const name = `${before}${command.name()}`;
    return command.commands.length > 0 ? leavesOf(command, `${name} `) : [{ name, command }];
  });
}

function sectionOf({ name, command }: Leaf): string {
  const given = command.registeredArguments.map((argument) => `| \`${argument.required ? `<${argument.name()}>` : `[${argument.name()}]`}\` | ${argument.description} |`);
  const options = command.options.map(({ flags, description }) => `| \`${flags}\` | ${description} |`);
  const { about, examples = [] } = helpOf(command) ?? {};
  return `## ${name}

${[command.description(), about].filter(Boolean).join(' ')}

| | |
|---|---|
${[...given, ...options].join('\n')}

\`\`\`sh
${examples.map(([line, does]) => `# ${does}\nmillrace ${line}`).join('\n')}
\`\`\`
`;
}

const anchorOf = (name: string): string => name.replaceAll(' ', '-');

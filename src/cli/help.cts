/** The help, from a file of the build: it needs no running service. Loaded only when it is asked for. */
import fs = require('node:fs');
import path = require('node:path');

/** As `HelpDocument`, of which only this is used here. */
interface Help {
  text: string;
  commands: { name: string; text: string }[];
}

const done = { code: 0, stderr: '' };

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

function readFile(): string {
  return fs.readFileSync(path.join(__dirname, 'help.json'), 'utf8');
}

function read(): Help {
  return JSON.parse(readFile()) as Help;
}

/** @param words - what stands behind `hearthkey help` */
function help(words: readonly string[]): Answer {
  if (words.includes('--json')) return { ...done, stdout: readFile() };
  const [name = '--help'] = words;
  const stdout = name === '--help' ? read().text : textOf(name);
  if (stdout !== undefined) return { ...done, stdout };
  return {
    code: 3,
    stdout: '',
    stderr: `Error: there is no command ${name.slice(0, 100)} (hearthkey help lists them)\n`,
  };
}

/** @returns undefined where there is no such command */
function textOf(name: string): string | undefined {
  return read().commands.find((command) => command.name === name)?.text;
}

export = { help, textOf };

// Reads a page of the docs as its reader does: files to save, commands to run, and the answers that it
// promises. Blocks of `sh` are commands to run; blocks of `bash` change a machine, such as an installation,
// and are never run. Runs nothing itself.

export interface PageFile {
  name: string;
  /** The word behind the fence, such as `python`. */
  language: string;
  text: string;
}

export interface PageCommands {
  text: string;
  /** Why it is not run, as the page says before the block. */
  notRun?: string;
  /** It goes on until it is stopped: what follows is typed in another terminal. */
  staysOpen: boolean;
  /** How long its reader has looked at something else before. */
  afterSeconds: number;
  /** The statuses outside of 200 to 299 that the block's comments promise, in order. */
  refusals: readonly number[];
  /** The answers in JSON that the block's comments show, each in one line. */
  answers: readonly string[];
}

export type PageStep = { file: PageFile } | { commands: PageCommands };

export interface PageSection {
  /** The languages of the section's programs, when it has some. */
  languages: readonly string[];
  steps: readonly PageStep[];
}

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm;

const isData = (language: string): boolean => ['json', 'yaml'].includes(language);

/** By headings of any level, in the order of the page. */
export function readPage(markdown: string): PageSection[] {
  const starts = [0, ...headingsOf(markdown)];
  return starts.map((start, index) => readSection(markdown.slice(start, starts[index + 1])));
}

/** Commands of a page that no reader could copy as they stand: those outside of a block of `sh`. */
export function looseCommands(markdown: string): string[] {
  const outside = markdown.replace(fence, (block, language: string) => (language === 'sh' ? '' : block));
  return outside.split('\n').filter((line) => /^\s*(\$ )?curl\s/.test(line));
}

/** Whether a page calls the server, and is played for it. */
export function callsServer(sections: readonly PageSection[]): boolean {
  return sections.some(({ steps }) =>
    steps.some(
      (step) => 'commands' in step && step.commands.notRun === undefined && /\bcurl\b/.test(step.commands.text),
    ),
  );
}

function headingsOf(markdown: string): number[] {
  // A comment of a shell in a block looks like a heading.
  const blank = markdown.replace(fence, (block) => block.replace(/[^\n]/g, ' '));
  return [...blank.matchAll(/^#+ /gm)].map(({ index }) => index).filter((index) => index > 0);
}

function readSection(text: string): PageSection {
  const steps: PageStep[] = [];
  let end = 0;
  for (const match of text.matchAll(fence)) {
    const [whole, language = '', content = ''] = match;
    // The paragraph right before the block.
    const before = text.slice(end, match.index).trimEnd().split(/\n\n/).at(-1) ?? '';
    end = match.index + whole.length;
    const [, name] = /\bas `([\w.-]+)`/.exec(before) ?? [];
    if (language === 'sh') steps.push({ commands: readCommands(content, before) });
    else if (name !== undefined) steps.push({ file: { name, language, text: content } });
  }
  const files = steps.flatMap((step) => ('file' in step ? [step.file] : []));
  return { languages: files.map(({ language }) => language).filter((language) => !isData(language)), steps };
}

function readCommands(text: string, before: string): PageCommands {
  const [, notRun] = /<!-- not run: (.+?) -->/.exec(before) ?? [];
  const promised = [...text.matchAll(/^# .*?(?:\bHTTP\/1\.1 |"status":)(\d{3})\b/gm)].map(([, status]) =>
    Number(status),
  );
  return {
    text,
    ...(notRun === undefined ? {} : { notRun }),
    afterSeconds: Number(/<!-- after (\d+) s -->/.exec(before)?.[1] ?? 0),
    staysOpen: before.includes('<!-- stays open -->'),
    refusals: promised.filter((status) => status < 200 || status > 299),
    answers: readAnswers(text),
  };
}

/** An answer begins with a brace; lines that are indented behind the `#` go on with it. Lines of a log are none. */
function readAnswers(text: string): string[] {
  const shown = [...text.matchAll(/^# (\{.*(?:\n# {2,}.*)*)/gm)].map(([, answer = '']) =>
    answer.replaceAll(/\n# +/g, ''),
  );
  return shown.filter((answer) => !answer.startsWith('{"level"'));
}

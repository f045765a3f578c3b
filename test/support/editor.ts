import { readFileSync } from 'node:fs';
import { TextDocument } from 'vscode-languageserver-textdocument';
import server from 'yaml-language-server';
import { repository } from './cli.ts';

const service = server.getLanguageService({
  schemaRequestService: async (uri) => readFileSync(new URL(uri), 'utf8'),
  workspaceContext: { resolveRelativePath: (path, document) => new URL(path, document).href },
  clientCapabilities: {},
});
service.configure({ validate: true, hover: true, completion: true });

const firstLine = '# yaml-language-server: $schema=./schema.json\n';
let documents = 0;

interface Offer {
  label: string;
  explanation: string;
}

/** What the language server behind VS Code's YAML extension and its likes says about a pipeline that lies beside the demo's. */
export const editor = {
  /** Offers where `|` stands. */
  async offers(text: string): Promise<Offer[]> {
    const [document, position] = documentWithCursor(text);
    const { items } = await service.doComplete(document, position, false);
    return items.map(({ label, documentation }) => ({ label, explanation: inText(documentation) }));
  },

  /** The text that appears over the place where `|` stands. */
  async hover(text: string): Promise<string> {
    const hover = await service.doHover(...documentWithCursor(text));
    return inText(hover?.contents);
  },

  /** Each underlined piece of text, and why it is underlined. */
  async complaints(text: string): Promise<{ at: string; message: string }[]> {
    const document = documentOf(text);
    const diagnostics = await service.doValidation(document, false);
    return diagnostics.map(({ range, message }) => ({ at: document.getText(range), message }));
  },
};

function documentWithCursor(text: string) {
  const document = documentOf(text.replace('|', ''));
  return [document, document.positionAt(firstLine.length + text.indexOf('|'))] as const;
}

function documentOf(text: string) {
  documents += 1;
  return TextDocument.create(`file://${repository}pipelines/${documents}.yaml`, 'yaml', 1, firstLine + text);
}

/** Markdown without the backslashes that keep it from being taken for more than text. */
function inText(content: unknown): string {
  const text = typeof content === 'object' && content !== null && 'value' in content ? content.value : content;
  return typeof text === 'string' ? text.replace(/\\(?=[^A-Za-z0-9\s])/g, '') : '';
}

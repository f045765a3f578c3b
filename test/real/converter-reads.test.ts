import '../support/own-machine.ts';
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTokenizerCode, runTokenizerCodeAtLast } from '../../src/facts/select-code.ts';
import { selectFiles } from '../../src/facts/select-files.ts';
import { runProgram } from '../support/cli.ts';
import { realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** What the tables of src/facts say of the pinned converter, compared with its source. A new release shows here what it opens or runs beyond them. */
const space = workspace();
let source: { opened: string[]; runsCode: string[] };

beforeAll(async () => {
  const { converter } = await realTools();
  const script = space.path('look.py');
  writeFileSync(script, look);
  const { code, stdout, stderr } = await runProgram(converter?.python ?? '', [script, dirname(converter?.script ?? '')], {
    cwd: space.root,
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (code !== 0) throw new Error(stderr);
  source = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
});
afterAll(() => space[Symbol.dispose]());

/** Files that the converter opens and that are not taken. */
const exceptions: Record<string, string> = {
  'params.json': "only of Mistral's own layout, for which its environment lacks a package",
  'tokenizer.model.v3': 'only to say that it has to be renamed',
  'pytorch_model.bin.index.json': 'only with pickled weights',
};

test('every file that the converter opens is taken when it is there', () => {
  const index = '{"weight_map": {"a": "model.safetensors"}}';
  const names = ['config.json', 'model.safetensors', ...source.opened.map((name) => name.replace('*/', '2_Dense/'))];
  const text = (name: string) => (name === 'modules.json' ? '[{"path": "2_Dense"}]' : name.endsWith('.index.json') ? index : '{}');
  const { files } = selectFiles({ names, text, where: 'x', trust: [] });
  const untaken = names.filter((name) => !files.includes(name));
  expect(source.opened.length).toBeGreaterThan(25);
  expect(untaken.toSorted()).toEqual(Object.keys(exceptions).toSorted());
});

describe('architectures that run code of the model', () => {
  /** Found by the class whose method they borrow, and by a tokenizer that every Llama may have. */
  const beyondMethods = ['KimiK3ForConditionalGeneration', 'InternS1ForConditionalGeneration'];

  test('are those whose tokenizer is loaded with trust_remote_code', () => {
    const known = [...runTokenizerCode, ...runTokenizerCodeAtLast];
    expect(known.toSorted()).toEqual([...source.runsCode, ...beyondMethods].toSorted());
  });
});

/**
 * Prints the names that are joined to the model's folder, those that transformers itself looks for, and the architectures from whose methods
 * a call with trust_remote_code=True can be reached. Methods that are called under a condition which the table knows are left out.
 */
const look = `
import ast, inspect, json, pathlib, re, sys
root = pathlib.Path(sys.argv[1])
sys.path[:0] = [str(root), str(root / "gguf-py")]
sys.argv = ["look"]
import conversion
from conversion.base import ModelBase, ModelType
from transformers import BertTokenizerFast, GPT2TokenizerFast, LlamaTokenizerFast, T5TokenizerFast, XLMRobertaTokenizerFast
from transformers import tokenization_utils_base as base
from transformers.utils import CHAT_TEMPLATE_DIR, CHAT_TEMPLATE_FILE, CONFIG_NAME, GENERATION_CONFIG_NAME, LEGACY_PROCESSOR_CHAT_TEMPLATE_FILE, SAFE_WEIGHTS_INDEX_NAME, WEIGHTS_INDEX_NAME

def joined(node):
    """[root, "a", "b"] of root / "a" / "b"; whatever is no text is *."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        right = node.right.value if isinstance(node.right, ast.Constant) and isinstance(node.right.value, str) else "*"
        return joined(node.left) + [right]
    return [node]

opened = {
    base.TOKENIZER_CONFIG_FILE, base.SPECIAL_TOKENS_MAP_FILE, base.ADDED_TOKENS_FILE, base.FULL_TOKENIZER_FILE, CONFIG_NAME, GENERATION_CONFIG_NAME,
    CHAT_TEMPLATE_FILE, LEGACY_PROCESSOR_CHAT_TEMPLATE_FILE, CHAT_TEMPLATE_DIR + "/tools.jinja", SAFE_WEIGHTS_INDEX_NAME, WEIGHTS_INDEX_NAME,
}
for tokenizer in (BertTokenizerFast, GPT2TokenizerFast, LlamaTokenizerFast, T5TokenizerFast, XLMRobertaTokenizerFast):
    opened.update(tokenizer.vocab_files_names.values())
for file in [root / "convert_hf_to_gguf.py", *(root / "conversion").glob("*.py"), *(root / "gguf-py/gguf").glob("*.py")]:
    inner = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div) or node in inner:
            continue
        inner.add(node.left)
        start, *parts = joined(node)
        # Beside the converter's own files lie its templates and vocabularies.
        if "__file__" in ast.unparse(start) or "sys.path" in ast.unparse(start) or "." not in str(parts[-1]):
            continue
        folder = {"tok_dir": ["audio_tokenizer"]}.get(ast.unparse(start), [])
        opened.add("/".join(folder + parts))

conversion.load_all_models()
conditional = {"_set_vocab_hybriddna", "_set_vocab_interns1"}

def runs_code(cls):
    seen, todo = set(), ["set_vocab", "__init__", "prepare_metadata", "prepare_tensors", "write"]
    while todo:
        name = todo.pop()
        if name in seen or name in conditional:
            continue
        seen.add(name)
        for owner in cls.__mro__:
            method = owner.__dict__.get(name)
            if method is None:
                continue
            try:
                text = inspect.getsource(getattr(method, "__func__", method))
            except (OSError, TypeError):
                break
            if "trust_remote_code=True" in text:
                return True
            todo += re.findall(r"(?:self|cls|super\\(\\))\\.(\\w+)\\(", text)
            if "super()" not in text:
                break
    return False

classes = [pair for kind in (ModelType.TEXT, ModelType.MMPROJ) for pair in ModelBase._model_classes[kind].items()]
print(json.dumps({"opened": sorted(opened), "runsCode": sorted({name for name, cls in classes if runs_code(cls)})}))
`;

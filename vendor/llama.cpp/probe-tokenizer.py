"""Says what a tokenizer's files make of a fixed set of texts, so that it can be compared with the converted model.

    python probe-tokenizer.py FOLDER

Prints one line of JSON: tokens of the texts, special tokens, the chat template. The texts are such that no way of normalising Unicode changes
them: llama.cpp knows none.
"""

import json
import re
import sys
from pathlib import Path

from transformers import AutoTokenizer

TEXTS = {
    "English text": "The quick brown fox doesn't jump over 'lazy' dogs; they're asleep (mostly).",
    "digits": "0 1 23 456 7890 12345678901 3.14159 1,000,000 2026-11-21 0xff 50%",
    "spaces": "a b  c   d    e     f        g\ta\t\tb \n c\n\n\nd  \n  e",
    "Latin scripts": "Größe, naïve café, señor, København, Łódź, İstanbul, Việt Nam",
    "Greek and Cyrillic": "Η γρήγορη αλεπού. Съешь ещё этих мягких французских булок.",
    "Arabic and Hebrew": "مرحبا بالعالم، كيف حالك؟ שלום עולם",
    "Indic scripts": "नमस्ते दुनिया। வணக்கம் உலகம் สวัสดีชาวโลก",
    "East Asian scripts": "你好,世界。今日は良い天気ですね。 안녕하세요 세계",
    "emoji": "Fine 🙂 great 👍🏽 family 👨‍👩‍👧‍👦 flag 🇩🇪 heart ❤️",
    "code": "def f(x: int) -> str:\n    return f'{x!r}' if x != 0 else \"null\"  # 100%\n\tpass\n",
    "symbols": "€100 ± 5 °C ≤ x → ∞ — “quotes” ‹a› §3 @user #tag http://example.org/a?b=c&d=%20",
    "long words": "Donaudampfschifffahrtsgesellschaft aaaaaaaaaaaaaaaaaaaaaaaa ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}

CONVERSATIONS = {
    "conversation of one question": [{"role": "user", "content": "Why is the sky blue?"}],
    "conversation of three turns": [
        {"role": "user", "content": "Hello!"},
        {"role": "assistant", "content": "Hello. What can I do for you?"},
        {"role": "user", "content": "Count to 3:\n1"},
    ],
    "conversation with a system prompt": [
        {"role": "system", "content": "Answer in one sentence."},
        {"role": "user", "content": "Why does bread rise?"},
    ],
}


def main():
    folder = Path(sys.argv[1])
    # Python files lie here only where the pipeline trusts the model's code.
    trusted = any(folder.glob("*.py"))
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=trusted)
    template = tokenizer.get_chat_template() if tokenizer.chat_template else None
    texts = {**TEXTS, **special_texts(tokenizer), **(conversations(tokenizer) if template else {})}
    probed = [{"name": name, "text": text, "ids": encode(tokenizer, text), "apart": apart(tokenizer, text)} for name, text in texts.items()]
    used = sorted({id for one in probed for id in one["ids"] + one["apart"]})
    pieces = {id: tokenizer.convert_ids_to_tokens(id) for id in used}
    print(json.dumps({"texts": probed, "pieces": pieces, "special": special(tokenizer), "template": template}), flush=True)


def encode(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False)


def apart(tokenizer, text):
    """The tokens when what follows a special token is read as a text of its own: of SentencePiece llama.cpp begins it with a space then."""
    added = {token.content: id for id, token in tokenizer.added_tokens_decoder.items()}
    if not added:
        return encode(tokenizer, text)
    pattern = "|".join(re.escape(content) for content in sorted(added, key=len, reverse=True))
    pieces = [piece for piece in re.split(f"({pattern})", text) if piece]
    return [id for piece in pieces for id in ([added[piece]] if piece in added else encode(tokenizer, piece))]


def special_texts(tokenizer):
    """Tokens that are read as a whole, one after the other."""
    added = [token.content for _, token in sorted(tokenizer.added_tokens_decoder.items())]
    # Thousands of reserved ones tell nothing that the first and the last do not.
    chosen = added if len(added) <= 256 else added[:128] + added[-128:]
    return {"special tokens": "".join(chosen)} if chosen else {}


def conversations(tokenizer):
    rendered = {}
    for name, messages in CONVERSATIONS.items():
        try:
            rendered[name] = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        except Exception:
            # A template may refuse who speaks when; what it takes is tried all the same.
            continue
    return rendered


def special(tokenizer):
    named = {"bos": tokenizer.bos_token, "eos": tokenizer.eos_token, "unknown": tokenizer.unk_token, "padding": tokenizer.pad_token}
    return {name: text and {"id": tokenizer.convert_tokens_to_ids(text), "text": text} for name, text in named.items()}


if __name__ == "__main__":
    main()

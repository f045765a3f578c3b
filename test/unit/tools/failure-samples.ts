/** What a tool prints, verbatim or put together from the format in its source, and the sentence for it. */
export type Sample = [printed: string, sentence: string];

const newer = 'take a newer release of llama.cpp';

/** Said by the system, whatever the program. */
export const machine: Sample[] = [
  [
    './llama-bench: error while loading shared libraries: libcudart.so.12: cannot open shared object file: No such file or directory',
    'its library libcudart.so.12 is not on this machine: install it, or build llama.cpp here',
  ],
  [
    'dyld[812]: Library not loaded: @rpath/libggml-base.dylib\n  Referenced from: <0A1B> /opt/llama/bin/llama-quantize',
    'its library @rpath/libggml-base.dylib is not on this machine: install it, or build llama.cpp here',
  ],
  [
    "./llama-quantize: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./llama-quantize)",
    'it was built on a newer system, which has GLIBC_2.38: build llama.cpp on this machine',
  ],
  [
    './llama-bench: symbol lookup error: ./llama-bench: undefined symbol: llama_model_load_from_file',
    'its libraries are of another build, which has no llama_model_load_from_file: build llama.cpp anew',
  ],
  [
    './llama-quantize: 1: Syntax error: "(" unexpected',
    'this machine cannot run it: it was built for another processor or system, or it is damaged',
  ],
  [
    'bash: ./llama-quantize: cannot execute binary file: Exec format error',
    'this machine cannot run it: it was built for another processor or system, or it is damaged',
  ],
  ['setpriv: failed to execute ./llama-quantize: Permission denied', 'it may not be executed: chmod +x ./llama-quantize'],
  [
    'setpriv: failed to execute ./llama-quantize: No such file or directory',
    './llama-quantize is gone, or the interpreter that its first line names',
  ],
  [
    "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc",
    'memory ran out: free some, or take a smaller model',
  ],
  ['OSError: [Errno 12] Cannot allocate memory', 'memory ran out: free some, or take a smaller model'],
  [
    'libgomp: Thread creation failed: Resource temporarily unavailable',
    'it could not start its threads: a limit of processes or of memory is reached (ulimit -u, ulimit -v)',
  ],
  ['OSError: [Errno 28] No space left on device', 'the disk is full: make room, or name another folder with --out'],
  ['OSError: [Errno 122] Disk quota exceeded', 'the disk is full: make room, or name another folder with --out'],
  ["OSError: [Errno 30] Read-only file system: 'model.gguf'", 'the file system may only be read: name another folder with --out'],
  ['OSError: [Errno 5] Input/output error', 'the disk could not be read or written: it may be failing'],
  ["OSError: [Errno 24] Too many open files: 'model.safetensors'", 'it may not open so many files: raise the limit (ulimit -n 4096)'],
];

const gpuMemory = 'the memory of the GPU ran out: say a smaller `gpuLayers` under tools, or end what else uses it';
const noMemory = 'memory ran out: free some, or take a smaller model';
const unwritable = 'its output cannot be written: the disk is full, or the folder is closed to writing';
const anotherRelease = 'another release may not have this fault';

/** Said by every program of llama.cpp. */
export const common: Sample[] = [
  [
    `CUDA error: out of memory
  current device: 0, in function alloc at /llama.cpp/ggml/src/ggml-cuda/ggml-cuda.cu:519
  cuMemCreate(&handle, reserve_size, &prop, 0)
/llama.cpp/ggml/src/ggml-cuda/ggml-cuda.cu:108: CUDA error`,
    gpuMemory,
  ],
  [
    `0.01.200.000 E ggml_backend_cuda_buffer_type_alloc_buffer: allocating 15021.20 MiB on device 0: cudaMalloc failed: out of memory
0.01.200.000 E alloc_tensor_range: failed to allocate CUDA0 buffer of size 15750870016
0.01.210.000 E llama_model_load: error loading model: unable to allocate CUDA0 buffer
0.01.210.000 E llama_model_load_from_file_impl: failed to load model`,
    gpuMemory,
  ],
  [
    `0.01.200.000 E alloc_tensor_range: failed to allocate Vulkan0 buffer of size 15750870016
0.01.210.000 E llama_model_load: error loading model: unable to allocate Vulkan0 buffer`,
    gpuMemory,
  ],
  [
    "terminate called after throwing an instance of 'vk::OutOfDeviceMemoryError'\n  what():  vk::Device::allocateMemory: ErrorOutOfDeviceMemory",
    gpuMemory,
  ],
  [
    `0.09.000.000 E ggml_metal_synchronize: error: command buffer 0 failed with status 5
0.09.000.000 E error: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)`,
    gpuMemory,
  ],
  [
    '0.01.200.000 E ggml_backend_metal_buffer_type_alloc_buffer: failed to allocate Metal buffer of 15750870016 bytes (out of memory)',
    gpuMemory,
  ],
  [
    'CUDA error: no kernel image is available for execution on the device\n  current device: 0, in function ggml_cuda_compute_forward at ggml-cuda.cu:2423',
    'this build has no code for this GPU: build it with -DCMAKE_CUDA_ARCHITECTURES=native',
  ],
  [
    'CUDA error: the provided PTX was compiled with an unsupported toolchain.',
    'the driver of the GPU is older than the CUDA of this build: update the driver',
  ],
  [
    'CUDA error: an illegal memory access was encountered\n  current device: 0',
    'the GPU failed (CUDA: an illegal memory access was encountered)',
  ],
  [
    '0.09.000.000 E ggml_vulkan: device lost on Vulkan0, likely caused by previous submission (nodes 0 to 12):',
    'the GPU was lost in the middle of the work: its driver may have reset it; try again',
  ],
  [
    "terminate called after throwing an instance of 'vk::InitializationFailedError'\n  what():  vk::createInstance: ErrorInitializationFailed",
    'the GPU failed (Vulkan: InitializationFailed in createInstance)',
  ],
  [
    `0.09.000.000 E ggml_metal_synchronize: error: command buffer 0 failed with status 5
0.09.000.000 E error: Caused GPU Timeout Error (00000002:kIOGPUCommandBufferCallbackErrorTimeout)`,
    'the GPU failed (Metal: Caused GPU Timeout Error (00000002:kIOGPUCommandBufferCallbackErrorTimeout))',
  ],
  ['ggml_vulkan: Error: Vulkan 1.2 required.', 'the driver of the GPU is too old: Vulkan 1.2 is needed'],
  [
    'error while handling argument "-dev": invalid device: CUDA0\n\nusage:\n-dev,  --device <dev1,dev2,..>',
    'there is no device CUDA0: no such GPU, or a build without its backend; llama-bench --list-devices names them',
  ],
  [
    `0.00.001.000 E ggml_cuda_init: failed to initialize CUDA: no CUDA-capable device is detected
0.09.000.000 E llama_model_load: error loading model: something else`,
    'it found no GPU (CUDA: no CUDA-capable device is detected): look at the driver, or use a build without one',
  ],
  [
    `0.00.010.476 E alloc_tensor_range: failed to allocate CPU buffer of size 33554432
0.00.010.476 E llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache
0.00.010.498 E cmn  common_init_: failed to create context with model 'model.gguf'`,
    'memory ran out when it made room for the context: free memory, or say a smaller `context`',
  ],
  ['llama_model_quantize: failed to quantize: mmap failed: Cannot allocate memory', noMemory],
  ['0.00.010.476 E ggml_aligned_malloc: insufficient memory (attempted to allocate 390625.00 MB)', noMemory],
  ['/llama.cpp/ggml/src/ggml.c:1644: GGML_ASSERT(ctx->mem_buffer != NULL) failed', noMemory],
  ['0.00.010.476 E llama_model_load: error loading model: unable to allocate CPU_REPACK buffer', noMemory],
  [
    "terminate called after throwing an instance of 'std::system_error'\n  what():  Resource temporarily unavailable",
    'it could not start its threads: a limit of processes or of memory is reached (ulimit -u, ulimit -v)',
  ],
  [
    "gguf_init_from_file: failed to open GGUF file 'model.gguf' (Permission denied)\nllama_model_quantize: failed to quantize: llama_model_loader: failed to load model from model.gguf",
    'model.gguf cannot be opened: Permission denied',
  ],
  [
    'error while handling argument "-f": error: failed to open file \'text.txt\'\n\n\nusage:\n-f,    --file FNAME',
    'text.txt cannot be opened',
  ],
  [
    'llama_model_quantize: failed to quantize: failed to open model.gguf: Permission denied',
    'model.gguf cannot be opened: Permission denied',
  ],
  [
    `0.01.464.375 E gguf_write_to_file_ptr: failed to write GGUF data: unexpected fwrite number of bytes written, '544' instead of '1024'
0.01.464.390 E gguf_write_to_file: failed to write GGUF data into 'imatrix.gguf'`,
    unwritable,
  ],
  ['llama_model_quantize: failed to quantize: basic_ios::clear: iostream error', unwritable],
  ["0.01.307.531 E gguf_write_to_file: failed to open file 'imatrix.gguf' for writing GGUF data", 'imatrix.gguf cannot be written'],
  [
    'error while handling argument "-c": stoi\n\nusage:\n-c,    --ctx-size N',
    'it does not take the value of its argument -c: it has to be a number',
  ],
  [
    'error while handling argument "-ctk": Unsupported cache type: q99\n\nusage:',
    'it does not take the value of its argument -ctk: Unsupported cache type: q99',
  ],
  [
    'error: invalid range format\nerror: invalid parameter for argument: -p',
    'it does not take the value of its argument -p: invalid range format',
  ],
  ['error: invalid argument: --colour', `it does not take the argument --colour: mend \`args\` under tools, or ${newer}`],
  ['error: invalid parameter for argument: --colour', `it does not take the argument --colour: mend \`args\` under tools, or ${newer}`],
  [
    `0.00.002.900 E gguf_init_from_reader: invalid magic characters: 'vers', expected 'GGUF'
0.00.002.973 E llama_model_load: error loading model: llama_model_loader: failed to load model from model.gguf`,
    'its model file is only a pointer of Git LFS: fetch the file itself (git lfs pull)',
  ],
  ["0.00.002.900 E gguf_init_from_reader: invalid magic characters: '<!DO', expected 'GGUF'", 'its model file is not a GGUF'],
  ['0.00.002.900 E gguf_init_from_reader: failed to read magic', 'its model file is not a GGUF'],
  [
    `gguf_init_from_reader: this GGUF file is version 9 but this software only supports up to version 3
gguf_init_from_reader: failed to read header`,
    `the model file is of GGUF version 9, and this llama.cpp reads up to 3: ${newer}`,
  ],
  [
    'gguf_init_from_reader: GGUFv1 is no longer supported, please use a more up-to-date version\ngguf_init_from_reader: failed to read header',
    'the model file is of a GGUF version that is no longer read: convert the model again',
  ],
  [
    'gguf_init_from_reader: failed to load model: this GGUF file version 50331648 is extremely large, is there a mismatch between the host and model endianness?\ngguf_init_from_reader: failed to read header',
    'the model file is for machines of the other byte order: convert the model again',
  ],
  [
    "gguf_init_from_reader: tensor 'blk.0.attn_q.weight' has invalid ggml type 77. should be in [0, 43)\ngguf_init_from_reader: failed to read tensor info",
    `the tensor blk.0.attn_q.weight is of a type that this llama.cpp does not know (number 77): ${newer}`,
  ],
  [
    "llama_model_quantize: failed to quantize: tensor 'blk.1.ffn_down.weight' data is not within the file bounds, model is corrupted or incomplete",
    'the model file is cut: blk.1.ffn_down.weight lies beyond its end',
  ],
  [
    'llama_model_load: error loading model: corrupted model: 39 tensors expected but 24 found',
    'parts of the model are missing: 24 of 39 tensors',
  ],
  ['gguf_init_from_reader: failed to read header', 'the model file is cut or damaged: fetch it or make it again'],
  ['gguf_init_from_reader: failed to read key-value pairs', 'the model file is cut or damaged: fetch it or make it again'],
  [
    'llama_model_load: error loading model: unexpectedly reached end of file',
    'the model file is cut or damaged: fetch it or make it again',
  ],
  [
    'llama_model_quantize: failed to quantize: llama_model_loader: failed to load GGUF split from model-00002-of-00003.gguf',
    'model-00002-of-00003.gguf, a part of the model, cannot be read',
  ],
  [
    'llama_model_quantize: failed to quantize: missing key split.no in GGUF split model-00002-of-00003.gguf',
    'model-00002-of-00003.gguf is no part of this model, or not this one',
  ],
  [
    'llama_model_quantize: failed to quantize: illegal split file idx: 2 (file: model-00003-of-00003.gguf), model must be loaded with the first split',
    'a model of several files is named by its first one (-00001-of-...)',
  ],
  [
    'llama_model_load: error loading model: CLIP cannot be used as main model, use it with --mmproj instead',
    'it is only the eyes of a model (mmproj), which cannot be used alone',
  ],
  [
    "llama_model_quantize: failed to quantize: unknown model architecture: 'fancy'",
    `this llama.cpp does not know the architecture fancy: ${newer}`,
  ],
  [
    "llama_model_load: error loading model: unknown model architecture: ''",
    `this llama.cpp does not know the architecture (the file names none): ${newer}`,
  ],
  [
    "llama_model_load: error loading model: error loading model vocabulary: unknown pre-tokenizer type: 'fancy'",
    `this llama.cpp does not know the model's tokenizer (fancy): ${newer}`,
  ],
  [
    "llama_model_load: error loading model: error loading model vocabulary: unknown tokenizer: 'fancy'",
    `this llama.cpp does not know the model's tokenizer (fancy): ${newer}`,
  ],
  [
    'llama_model_load: error loading model: error loading model vocabulary: cannot find tokenizer merges in model file',
    'the model file has no whole tokenizer (merges is missing): convert the model again',
  ],
  [
    'llama_model_load: error loading model: error loading model vocabulary: key not found in model: tokenizer.ggml.model',
    'the model file has no whole tokenizer (ggml.model is missing): convert the model again',
  ],
  [
    'llama_model_load: error loading model: error loading model hyperparameters: key not found in model: llama.embedding_length',
    'the model file lacks llama.embedding_length: it was made for another release of llama.cpp; convert the model again',
  ],
  [
    "llama_model_load: error loading model: check_tensor_dims: tensor 'blk.2.ffn_down.weight' not found",
    'the model file lacks the tensor blk.2.ffn_down.weight',
  ],
  ["llama_model_load: error loading model: missing tensor 'token_embd.weight'", 'the model file lacks the tensor token_embd.weight'],
  [
    "llama_model_load: error loading model: check_tensor_dims: tensor 'token_embd.weight' has wrong shape; expected    512,   3072, got    256,   3072,      1,      1",
    `the tensor token_embd.weight has not the shape that this llama.cpp expects: the file is damaged, or ${newer}`,
  ],
  [
    'llama_model_load: error loading model: done_getting_tensors: wrong number of tensors; expected 39, got 21',
    `the model file has 39 tensors, and this llama.cpp knows 21 of them: ${newer}`,
  ],
  [
    'llama_model_load_from_file_impl: no backends are loaded. hint: use ggml_backend_load() or ggml_backend_load_all() to load a backend before calling this function',
    'this build finds none of its parts: keep its libraries (libggml-*) beside its programs',
  ],
  [
    '/llama.cpp/src/llama-quant.cpp:253: GGML_ASSERT(nelements % block_size == 0) failed',
    `a check inside llama.cpp failed (nelements % block_size == 0 at llama-quant.cpp:253): ${anotherRelease}`,
  ],
  ['/llama.cpp/ggml/src/ggml-cpu/ops.cpp:5540: fatal error', `llama.cpp gave up (fatal error at ops.cpp:5540): ${anotherRelease}`],
  ["terminate called after throwing an instance of 'std::out_of_range'\n  what():  unordered_map::at\n", 'it gave up: unordered_map::at'],
  [
    'llama_model_load: error loading model: invalid n_rot: 32, expected 64',
    'the model could not be loaded: invalid n_rot: 32, expected 64',
  ],
  ['llama_model_load_from_file_impl: failed to load model', 'the model could not be loaded'],
  ['llama_init_from_model: failed to initialize the context: n_ctx_seq == 0', 'the model was loaded, but it could not begin to work'],
];

const takeFull = 'which the converter cannot undo: take the full-precision weights';
const mayKnow = 'a newer release of llama.cpp may know it';
const noTokenizer = 'the model has no tokenizer: tokenizer.json or tokenizer.model has to be in its folder';

/** Said by one tool, by its name in src/tools. */
export const own: Record<'convert' | 'quantize' | 'imatrix' | 'perplexity' | 'bench' | 'completion', Sample[]> = {
  convert: [
    [
      'ERROR:hf-to-gguf:Model FancyForCausalLM is not supported',
      `this llama.cpp cannot convert the architecture FancyForCausalLM; ${mayKnow}`,
    ],
    [
      "NotImplementedError: Architecture 'FancyForCausalLM' not supported!",
      `this llama.cpp cannot convert the architecture FancyForCausalLM; ${mayKnow}`,
    ],
    ['ValueError: Failed to detect model architecture', 'config.json names no architecture: it has to have `architectures`'],
    ["NotImplementedError: Quant method is not yet supported: 'bitsandbytes'", `the weights are quantized (bitsandbytes), ${takeFull}`],
    [
      "NotImplementedError: Quant format 'marlin-24' for method 'compressed-tensors' is not yet supported",
      `the weights are quantized (compressed-tensors, marlin-24), ${takeFull}`,
    ],
    [
      "NotImplementedError: Can't handle multiple config groups for compressed-tensors yet",
      `the weights are quantized (compressed-tensors of several kinds), ${takeFull}`,
    ],
    ['NotImplementedError: 3-bit gptq dequantization is not yet implemented', `the weights are quantized (3-bit gptq), ${takeFull}`],
    [
      "ValueError: Can not map tensor 'model.layers.0.mlp.down_proj.weight.absmax'",
      'the weights are quantized (model.layers.0.mlp.down_proj.weight.absmax) and config.json does not say how: take the full-precision weights',
    ],
    [
      'WARNING:hf-to-gguf:** WARNING: The BPE pre-tokenizer was not recognized!\nNotImplementedError: BPE pre-tokenizer was not recognized - update get_vocab_base_pre()',
      'its tokenizer is not known to this llama.cpp (BPE pre-tokenizer was not recognized); a newer release may know it',
    ],
    [
      `FileNotFoundError: File not found: Model/tokenizer.model

During handling of the above exception, another exception occurred:

FileNotFoundError: [Errno 2] No such file or directory: 'Model/tokenizer.json'

During handling of the above exception, another exception occurred:

TypeError: expected str, bytes or os.PathLike object, not NoneType`,
      noTokenizer,
    ],
    [
      `  File "/venv/lib/python3.11/site-packages/transformers/models/qwen2/tokenization_qwen2.py", line 172, in __init__
    with open(vocab_file, encoding="utf-8") as vocab_handle:
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
TypeError: expected str, bytes or os.PathLike object, not NoneType`,
      noTokenizer,
    ],
    [
      "OSError: Can't load tokenizer for 'Model'. If you were trying to load it from 'https://huggingface.co/models', make sure you don't have a local directory with the same name.",
      noTokenizer,
    ],
    ["ValueError: Couldn't instantiate the backend tokenizer from one of: \n(1) a `tokenizers` library serialization file, ", noTokenizer],
    [
      'RuntimeError: INTERNAL: could not parse ModelProto from Model/tokenizer.model',
      'tokenizer.model is damaged, or only a pointer of Git LFS: fetch it again',
    ],
    [
      '    assert max(tokenizer.vocab.values()) < vocab_size  # ty: ignore[unresolved-attribute]\n           ^^^^^^^^^^^^^^^^^^^\nAssertionError',
      'the tokenizer has more tokens than config.json says (vocab_size): a fine-tune that added some has to say so there',
    ],
    [
      'ValueError: Tokenizer class FancyTokenizer does not exist or is not currently imported.',
      "its tokenizer (FancyTokenizer) is not known to the converter's Python packages: it may need newer ones",
    ],
    [
      'ValueError: The checkpoint you are trying to load has model type `fancy` but Transformers does not recognize this architecture.',
      "the converter's Python packages do not know models of the type fancy: it may need newer ones",
    ],
    [
      'ValueError: The repository Model contains custom code which must be executed to correctly load the model.',
      "its tokenizer is code of the model's own, which the converter does not run for this architecture: look for the model in another form",
    ],
    [
      "OSError: own does not appear to have a file named tokenization_own.py. Checkout 'https://huggingface.co/own/tree/main' for available files.",
      "its tokenizer is code of the model's own (tokenization_own.py), which runs only with `trust: [code]` under model",
    ],
    [
      "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.",
      "its tokenizer is code of another repo, and nothing is fetched while it converts: put the code into the model's folder",
    ],
    [
      'ERROR:hf-to-gguf:--mtp / --no-nextn are not supported for Gemma3ForConditionalGeneration',
      'this llama.cpp makes no file of its own of the layers for further tokens of Gemma3ForConditionalGeneration: leave `mtp` out of companions',
    ],
    [
      'ValueError: vision_config / audio_config not found in hparams',
      'config.json tells of nothing that sees or hears: leave `mmproj` out of companions',
    ],
    [
      'convert_hf_to_gguf.py: error: unrecognized arguments: --mtp',
      "this llama.cpp's converter is too old for the companion (it knows no --mtp): name a newer one",
    ],
    [
      'RuntimeError: PytorchStreamReader failed reading zip archive: failed finding central directory',
      'a file of weights is cut: fetch it again',
    ],
    [
      "ValueError: Missing or incomplete model files: ['model-00002-of-00002.safetensors']\nMissing tensors: ['model.extra.weight']",
      'weights are missing: model-00002-of-00002.safetensors is not whole; fetch it again',
    ],
    [
      "ValueError: Mismatch between weight map and model parts for tensor names:\nMissing tensors: []\nExtra tensors: ['a']",
      'model.safetensors.index.json and the weights do not belong together: fetch both again',
    ],
    ["ValueError: Can't load 'weight_map' from 'model.safetensors.index.json'", 'model.safetensors.index.json is damaged: fetch it again'],
    [
      'ValueError: Could not read complete metadata. Need 4184 bytes, got 1000',
      'a file of weights is cut, or only a pointer of Git LFS: fetch it again',
    ],
    [
      'safetensors_rust.SafetensorError: Error while deserializing header: InvalidHeaderDeserialization',
      'a file of weights is cut, or only a pointer of Git LFS: fetch it again',
    ],
    ['ValueError: mmap length is greater than file size', 'a file of weights is cut: fetch it again'],
    [
      "    dtype = cls._dtype_str_map[t.dtype]\n            ~~~~~~~~~~~~~~~~~~^^^^^^^^^\nKeyError: 'F6X1'",
      `the weights are stored as F6X1, which this converter does not read; ${mayKnow}`,
    ],
    [
      "ValueError: Can not map tensor 'model.norx.weight'",
      `it does not know what to do with the tensor model.norx.weight: the model was changed, or ${mayKnow}`,
    ],
    [
      "ValueError: Duplicated tensor name 'output.weight'",
      'the tensor output.weight is there twice: old weights may lie beside new ones in the folder',
    ],
    ["KeyError: \"could not find any of: ['hidden_size', 'n_embd', 'dim']\"", 'config.json has none of hidden_size, n_embd, dim'],
    [
      'json.decoder.JSONDecodeError: Expecting value: line 1 column 12 (char 11)',
      'a JSON file of the model is damaged (Expecting value: line 1 column 12 (char 11)): fetch the .json files again',
    ],
    ["ModuleNotFoundError: No module named 'torch'", 'its Python environment lacks torch; run qpipe setup'],
    ['RuntimeError: sentencepiece is not installed', 'its Python environment lacks sentencepiece; run qpipe setup'],
    [
      "ImportError: cannot import name 'AutoConfig' from 'transformers' (unknown location)",
      "its Python packages do not fit this converter (cannot import name 'AutoConfig' from 'transformers' (unknown location)); run qpipe setup",
    ],
    [
      'ImportError: This modeling file requires the following packages that were not found in your environment: tiktoken. Run `pip install tiktoken`',
      'its tokenizer needs Python packages that are not there: tiktoken; name an interpreter that has them with --python',
    ],
    ['convert_hf_to_gguf.py: error: unrecognized arguments: --colour', 'it does not take the argument --colour: mend `args` under tools'],
    [
      "convert_hf_to_gguf.py: error: argument --outtype: invalid choice: 'q9' (choose from 'f32', 'f16', 'bf16', 'q8_0', 'tq1_0', 'tq2_0', 'auto')",
      "it does not take the value of its argument --outtype: invalid choice: 'q9'",
    ],
    [
      'numpy._core._exceptions._ArrayMemoryError: Unable to allocate 1.96 GiB for an array with shape (128256, 4096) and data type float32',
      'memory ran out: free some; the converter needs about the size of the largest tensor, four times',
    ],
    [
      "RuntimeError: [enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 2101346304 bytes. Error code 12 (Cannot allocate memory)",
      'memory ran out: free some; the converter needs about the size of the largest tensor, four times',
    ],
    [
      'ImportError: libtorch_cpu.so: failed to map segment from shared object',
      'memory ran out: free some; the converter needs about the size of the largest tensor, four times',
    ],
    ['OSError: 786432 requested and 226112 written', 'the disk is full: make room, or name another folder with --out'],
    [
      "PermissionError: [Errno 13] Permission denied: 'Model/config.json'",
      'Model/config.json may not be opened: look at its owner and rights',
    ],
    [
      "FileNotFoundError: [Errno 2] No such file or directory: 'Model/model-00002-of-00002.safetensors'",
      'model-00002-of-00002.safetensors is not there',
    ],
    [
      '    assert strategy == "channel" or strategy == "block"\n           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\nAssertionError\n',
      'the model is not as the converter expects it (assert strategy == "channel" or strategy == "block")',
    ],
  ],
  quantize: [
    [
      `============================================================================
 ERROR: this quantization requires an importance matrix!
        - offending tensor: blk.0.attn_k.weight
        - target type: iq2_xxs`,
      'this type needs an importance matrix (first for blk.0.attn_k.weight)',
    ],
    [
      'Missing importance matrix for tensor blk.0.ffn_gate.weight in a very low-bit quantization\nThe result will be garbage, so bailing out',
      'the importance matrix has no entry for blk.0.ffn_gate.weight, and this type cannot do without',
    ],
    [
      'llama_model_quantize: failed to quantize: imatrix size 256 is different from tensor size 192 for blk.0.attn_k.weight',
      'the importance matrix was made for another model (blk.0.attn_k.weight)',
    ],
    [
      '/llama.cpp/src/llama-quant.cpp:94: \nremap_imatrix: imatrix mapping error for blk.2.attn_q.weight\n',
      'the importance matrix cannot be matched with the pruned layers (blk.2.attn_q.weight)',
    ],
    [
      `gguf_init_from_reader: invalid magic characters: '---?', expected 'GGUF'
common_imatrix_load_legacy: failed reading name for entry 1 from README.md
load_imatrix: failed to load imatrix from 'README.md'`,
      'the importance matrix cannot be read: it is damaged, or no importance matrix',
    ],
    [
      'load_imatrix: missing imatrix metadata in file F16.gguf',
      'the importance matrix cannot be read: it is damaged, or no importance matrix',
    ],
    [
      'llama_model_quantize: failed to quantize: imatrix contains non-finite value nan\n',
      'the importance matrix holds infinity or NaN: compute it again, with a text that the model can follow',
    ],
    [
      'llama_model_quantize: failed to quantize: requantizing from type q4_K is disabled',
      'the source is quantized already (q4_K); say `requantize: true` to allow it',
    ],
    [
      'llama_model_quantize: failed to quantize: no tensor type fallback is defined for type q1_0',
      'the rows of this model do not fit Q1_0, and llama.cpp has no other type in its place',
    ],
    [
      'llama_model_quantize: failed to quantize: cannot dequantize/convert tensor type i32',
      'it cannot read tensors of the type I32: take the full-precision model',
    ],
    [
      'llama_model_quantize: failed to quantize: type q8_1 unsupported for integer quantization: no dequantization available',
      'it cannot read tensors of the type Q8_1: take the full-precision model',
    ],
    ["\nparse_ggml_type: invalid ggml_type 'q99'\n\nusage: ./llama-quantize [--help]", 'it does not know the tensor type q99'],
    ["llama_quantize: invalid ftype 'Q9_X'", 'it does not know the type Q9_X'],
    [
      `ggml_validate_row_data: found nan value at block 0
llama_model_quantize: failed to quantize: tensor 'blk.1.ffn_down.weight' has invalid data`,
      'the tensor blk.1.ffn_down.weight holds infinity or NaN: the weights are broken, or beyond the range of F16 (say `convert: { type: bf16 }`)',
    ],
    [
      'llama_model_quantize: failed to quantize: quantized data validation failed',
      'what it made holds infinity or NaN: the weights may be broken',
    ],
    [
      'llama_model_quantize: failed to quantize: Failed to determine layer for tensor blk.x.ffn_down.weight',
      'it cannot tell the layer of the tensor blk.x.ffn_down.weight: the model has a layout that it does not know',
    ],
    [
      'llama_model_quantize: failed to quantize: Bad layer 9 for tensor blk.9.ffn_down.weight. Must be in [0, 8)',
      'it cannot tell the layer of the tensor blk.9.ffn_down.weight: the model has a layout that it does not know',
    ],
    [
      "cmn  string_parse: string_parse_kv_override: malformed KV override 'general.note=str:xxxx', value cannot exceed 127 chars",
      'the value of general.note under overrideKv is longer than 127 characters',
    ],
    [
      "cmn  string_parse: string_parse_kv_override: invalid type for KV override 'a=b'",
      'it does not take `a=b` under overrideKv: write key=type:value with int, float, bool or str for the type',
    ],
    [
      "llama_model_quantize: failed to quantize: Mismatched '(' and ')' in regular expression",
      'a pattern under tensors is no regular expression that it knows',
    ],
    [
      "\nparse_tensor_type: malformed tensor type 'attn_q'\n\nusage: ./llama-quantize [--help]",
      'a tensor type has to be written as pattern=type (attn_q)',
    ],
    [
      '\nparse_tensor_type: missing quantization type\n\nusage: ./llama-quantize [--help]',
      'a tensor type has to be written as pattern=type (its quantization type is missing)',
    ],
    ["llama_quantize: error: input and output files are the same: 'F16.gguf'", 'it cannot write over the file that it reads'],
    [
      "\nparse_tensor_type_file: failed to open file 'types.txt': No such file or directory\n\nusage: ./llama-quantize [--help]",
      'types.txt cannot be opened',
    ],
    [
      'usage: ./llama-quantize [--help] [--allow-requantize] [--leave-output-tensor]',
      'it does not take one of its arguments: mend `args` under tools, or take another release of llama.cpp',
    ],
    ['llama_model_quantize: failed to quantize: invalid output file type 99\n', 'it gave up: invalid output file type 99'],
  ],
  imatrix: [
    [
      `0.00.019.624 E compute_imatrix: you need at least 8192 tokens for a context of 4096 tokens
0.00.019.637 E compute_imatrix: the data file you provided tokenizes to only 745 tokens`,
      'the calibration text has only 745 tokens; it needs 8192 at least',
    ],
    [
      `0.00.003.317 I No prompt provided; combining precomputed matrices only.
0.00.003.318 E Error: No prompt provided and no precomputed matrices (--in-file) to combine.`,
      'the calibration text is empty',
    ],
    [
      '0.00.888.548 E collect_imatrix: non-finite values detected in blk.2.attn_q.weight',
      'the model computes infinity or NaN (seen before blk.2.attn_q.weight): its weights or its type are broken',
    ],
    [
      '0.00.888.548 E collect_imatrix: inconsistent size for blk.2.attn_q.weight (256 vs 512)',
      'the tensor blk.2.attn_q.weight changed its size in the middle: a newer release of llama.cpp may know this model better',
    ],
    [
      `0.00.003.847 E gguf_init_from_reader: invalid magic characters: '---?', expected 'GGUF'
0.00.949.645 E main : failed to load README.md`,
      'README.md is no importance matrix',
    ],
    ['0.00.888.548 E compute_imatrix : failed to eval', 'the model could not compute a chunk'],
  ],
  perplexity: [
    [
      `0.34.769.483 E perplexity: you need at least 1024 tokens to evaluate perplexity with a context of 512
0.34.769.483 E perplexity: the data file you provided tokenizes to only 693 tokens`,
      'the evaluation text has only 693 tokens; it needs 1024 at least',
    ],
    [
      '0.01.000.000 E kl_divergence: inconsistent vocabulary (1000 vs 800)',
      "its vocabulary (800) is not the base model's (1000): it is another model",
    ],
    [
      '0.01.000.000 E kl_divergence: base.kld has been computed with 512, while the current context is 256. Increase it with -c and retry',
      'the base was recorded with a context of 512',
    ],
    ['0.01.000.000 E kl_divergence: failed reading log-probs for chunk 1', "the base's recording ends in chunk 2"],
    ['0.01.000.000 E kl_divergence: failed reading evaluation tokens from base.kld', "the base's recording is cut"],
    ['0.01.000.000 E kl_divergence: failed reading n_vocab, n_chunk from base.kld', "the base's recording is cut"],
    [
      '0.01.000.000 E kl_divergence: base.kld does not look like a file containing log-probabilities',
      "the base's recording is no such file",
    ],
    ['0.01.000.000 E kl_divergence: failed to open base.kld', 'base.kld cannot be opened'],
    ['0.00.057.518 E perplexity: failed to open base.kld for writing', 'base.kld cannot be written'],
    [
      `0.02.000.000 E ggml_gallocr_reserve_n_impl: failed to allocate CPU buffer of size 409600000
0.02.000.000 E llama_decode: failed to decode, ret = -2
0.02.000.000 I perplexity : failed to decode`,
      'it could not compute a chunk, as memory ran out: free some, or take a smaller model',
    ],
    [
      '0.02.000.000 E llama_decode: failed to decode, ret = -3\n0.02.000.000 E kl_divergence : failed to decode',
      'it could not compute a chunk (failed to decode)',
    ],
    [
      '0.00.283.654 E Unexpected negative standard deviation of log(prob)',
      'every token had the same probability: the weights or the build are broken',
    ],
    ["0.00.005.934 E llama_perplexity: perplexity tool requires '--ctx-size' > 0", 'it needs a context: say `context` under evaluate'],
  ],
  completion: [
    ['0.00.962.988 E llama_completion: prompt is too long (734 tokens, max 252)', 'the prompt has 734 tokens, and its context holds 252'],
    ['0.00.963.000 E cmn  common_promp: failed to eval', 'it could not compute a token (failed to decode)'],
    ['0.00.100.000 E input is empty', 'the prompt is empty'],
  ],
  bench: [
    [
      "llama_bench: error: failed to load model 'model.gguf'",
      'model.gguf could not be loaded; llama-bench does not say why, but with -v added to the command below it does',
    ],
    [
      "llama_bench: error: failed to create context with model 'model.gguf'",
      'model.gguf was loaded but could not begin to work, most likely for lack of memory; llama-bench does not say why, but with -v added to the command below it does',
    ],
    [
      'test_prompt: failed to decode prompt batch, res = -3\nllama_bench: error: failed to run prompt',
      'the prompt could not be computed; llama-bench does not say why, but with -v added to the command below it does',
    ],
  ],
};

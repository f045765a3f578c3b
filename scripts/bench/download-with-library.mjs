// Brings a repo into the cache as Hugging Face's library for Node does: node download-with-library.mjs REPO

import { snapshotDownload } from '@huggingface/hub';

const { HF_ENDPOINT: hubUrl, HF_HUB_CACHE: cacheDir } = process.env;
await snapshotDownload({ repo: process.argv[2], hubUrl, cacheDir });

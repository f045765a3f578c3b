"""Writes the archives and tables in test/fixtures/texts with the programs that people make them with.

    pip install pyarrow==26.0.1
    python scripts/record-texts.py test/fixtures/texts

Every documents-*.parquet holds the rows of documents.txt, written in another way; every *.zip holds story/first.txt and story/second.txt.
"""

import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

LINES = [" \n", " = Harbour = \n", " \n", " The boats come home at six . \n", " Nets – and ropes – dry on the wall . \n", " \n", " \n", " = = Nets = = \n", " \n"]
DOCUMENTS = ["A first document.\nWith two lines.", None, "", "Änderung: 日本語, 🙂.", "ends its line\n", "\r\n", None] + [f"Document {i} is one of many, {'and long ' * (i % 7)}and says so." for i in range(60)]


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lines.txt").write_text("".join(LINES), newline="")
    (folder / "documents.txt").write_text("".join(ended(row) for row in DOCUMENTS if row), newline="")
    write_tables(folder)
    write_zips(folder)


def ended(row):
    return row if row.endswith("\n") else row + "\n"


def write_tables(folder):
    # As the Hub's wikitext has them: a row for each line, and nothing of a line without words.
    pq.write_table(pa.table({"text": [line if line.strip() else "" for line in LINES]}), folder / "lines.parquet")
    nullable = pa.table({"id": range(len(DOCUMENTS)), "text": DOCUMENTS})
    for compression in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
        pq.write_table(nullable, folder / f"documents-{compression}.parquet", compression=compression)
    for name, options in {
        "pages": {"data_page_size": 64, "write_batch_size": 4, "write_page_index": True},
        "groups": {"row_group_size": 9},
        "plain": {"use_dictionary": False},
        "checksums": {"write_page_checksum": True},
        "version-2": {"data_page_version": "2.0", "compression": "zstd"},
        "delta-lengths": {"use_dictionary": False, "column_encoding": {"text": "DELTA_LENGTH_BYTE_ARRAY"}},
        "delta": {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY"}},
    }.items():
        pq.write_table(nullable, folder / f"documents-{name}.parquet", **options)
    # Longer than what is read of a page's header at first: it quotes the least and the greatest string.
    long = [letter * 3500 for letter in "ab"]
    pq.write_table(pa.table({"text": long}), folder / "long-header.parquet", use_dictionary=False)
    required = pa.schema([pa.field("text", pa.large_string(), nullable=False)])
    pq.write_table(pa.table({"text": [row for row in DOCUMENTS if row is not None]}, schema=required), folder / "documents-required.parquet")
    pq.write_table(
        pa.table(
            {
                "messages": [[{"role": "user", "content": "Hello"}]],
                "text": ["The text."],
                "title": ["The title"],
                "meta": [{"text": "inside"}],
                "image": [b"\xff\xd8"],
                "tags": [["a"]],
                "id": [7],
                "nothing": pa.array([None], pa.string()),
            }
        ),
        folder / "many-columns.parquet",
    )


def write_zips(folder):
    for name, compression in {"deflated": zipfile.ZIP_DEFLATED, "stored": zipfile.ZIP_STORED, "bzip2": zipfile.ZIP_BZIP2}.items():
        with zipfile.ZipFile(folder / f"{name}.zip", "w", compression) as archive:
            archive.mkdir("story")
            add(archive)
    with open(folder / "streamed-zip64.zip", "wb") as file, zipfile.ZipFile(Unseekable(file), "w", zipfile.ZIP_DEFLATED) as archive:
        add(archive, force_zip64=True)


def add(archive, **options):
    for name in ["first", "second"]:
        info = zipfile.ZipInfo(f"story/{name}.txt", (2020, 1, 1, 0, 0, 0))
        info.compress_type = archive.compression
        with archive.open(info, "w", **options) as member:
            member.write(f"The {name} text. ".encode() * 20)


class Unseekable:
    """Like a pipe: sizes and checksums then come after the bytes."""

    def __init__(self, file):
        self.write, self.flush = file.write, file.flush


main(Path(sys.argv[1]))

#!/usr/bin/env python3
"""compress.py SOURCE DEST: the same bytes for the same source, whenever and wherever it is built."""
import gzip
import pathlib
import sys

source, dest = map(pathlib.Path, sys.argv[1:])
dest.write_bytes(gzip.compress(source.read_bytes(), compresslevel=9, mtime=0))

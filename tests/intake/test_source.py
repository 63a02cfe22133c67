import codecs

import pytest

from autograder.intake.source import read_source

TEXT = 'def relu(x):\n    return "Größe"\n'


@pytest.mark.parametrize(
    "contents",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
)
def test_every_common_way_to_save_a_text_reads_as_the_same(contents):
    source = read_source("conv.py", contents)
    assert source.text == TEXT
    assert source.fault is None


def test_a_coding_line_is_obeyed():
    text = "# coding: latin-1\n" + TEXT
    assert read_source("conv.py", text.encode("latin-1")).text == text


def test_utf_16_is_noted():
    assert read_source("conv.py", TEXT.encode("utf-16")).note == (
        "conv.py: was UTF-16 and read as such; save it as UTF-8"
    )


@pytest.mark.parametrize(
    ("contents", "fault"),
    [
        (TEXT.encode("latin-1"), "conv.py, line 2: byte 0xf6 is no utf-8; save the file as UTF-8"),
        (b"\n\n\xff", "conv.py, line 3: byte 0xff is no utf-8; save the file as UTF-8"),
        (b"# coding: klingon\n", "conv.py: unknown encoding"),
        (b"# coding: rot13\n", "conv.py: unknown encoding"),
        (b"# coding: undefined\n", "conv.py: unknown encoding"),
        (b"# coding: unicode_escape\nx = 1\n", "conv.py: unknown encoding"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "conv.py: unknown encoding"),
        (codecs.BOM_UTF16_LE + b"\0", "conv.py, line 1: byte"),
        (b"\xff\xfe\x00\xd8", "conv.py, line 1: byte"),
        (b"x = 1\0\n", "conv.py: Python says: source code string cannot contain null bytes"),
        (b"def relu(x:\n", "conv.py, line 1: Python says: '(' was never closed"),
        (b"x = 1\n  y = 2\n", "conv.py, line 2: Python says: unexpected indent"),
        (b"if x:\n\ty = 1\n        z = 2\n", "conv.py, line 3: Python says: inconsistent use of tabs"),
        (b"<<<<<<< HEAD\nx = 1\n", "conv.py, line 1: Python says: invalid syntax"),
    ],
)
def test_what_is_wrong_with_a_text_is_said_with_file_and_line(contents, fault):
    source = read_source("conv.py", contents)
    assert source.fault.startswith(fault)
    assert "\n" not in source.fault


@pytest.mark.parametrize(
    "contents", [TEXT.encode("latin-1"), b"# coding: klingon\n", b"# coding: undefined\n"]
)
def test_a_text_that_cannot_be_decoded_fails_to_load_with_its_sentence(contents):
    source = read_source("conv.py", contents)
    with pytest.raises(SyntaxError) as caught:
        exec(source.text, {})
    assert caught.value.msg == source.fault

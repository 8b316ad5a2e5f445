"""A file system of this machine that fails when told to, as a full disk or a forbidden folder does."""

import os

import pyarrow.fs as pafs


class FailingFiles(pafs.FileSystemHandler):
    """Passes everything to this machine's files, until the stream numbered `failing` is opened for writing."""

    def __init__(self, failing: int, number: int) -> None:
        self._files = pafs.LocalFileSystem()
        self._left = failing
        self._number = number

    def open_output_stream(self, path, metadata):  # noqa: ARG002 pyarrow calls it with both
        self._left -= 1
        if self._left < 0:
            raise OSError(self._number, os.strerror(self._number), path)
        return self._files.open_output_stream(path)

    def get_type_name(self):
        return "failing"

    def get_file_info(self, paths):
        return self._files.get_file_info(paths)

    def create_dir(self, path, recursive):
        self._files.create_dir(path, recursive=recursive)

    def delete_dir(self, path):
        self._files.delete_dir(path)

    def move(self, src, dest):
        self._files.move(src, dest)

    def _unused(self, *_):
        raise AssertionError("not part of writing a capture")

    get_file_info_selector = delete_dir_contents = delete_root_dir_contents = delete_file = _unused
    copy_file = open_input_stream = open_input_file = open_append_stream = normalize_path = _unused


def failing_files(failing: int, number: int) -> pafs.FileSystem:
    """Return the file system that fails with `number` at the stream numbered `failing`, counted from 0."""
    return pafs.PyFileSystem(FailingFiles(failing, number))

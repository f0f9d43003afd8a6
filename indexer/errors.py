"""What can be wrong with a model or an index; each message says what to do."""

from __future__ import annotations


class IndexerError(Exception):
    """Base of this package's errors; `code` is stable."""

    code = "indexer_error"


class ModelMissingError(IndexerError):
    """The model folder is not there, or a hub id cannot be loaded."""

    code = "model_missing"


class ModelDamagedError(IndexerError):
    """The model's files are not the ones its checksum was taken of, or cannot be read."""

    code = "model_damaged"


class IndexMissingError(IndexerError):
    """No index has been published yet."""

    code = "index_missing"


class IndexMismatchError(IndexerError):
    """The index was made by another schema, model, or dimension, or its files were changed."""

    code = "index_mismatch"


class IndexNotWritableError(IndexerError):
    """The folder the index should be written to cannot be written."""

    code = "index_not_writable"


class ContentError(IndexerError):
    """The knowledge base cannot be indexed as it is."""

    code = "content_error"

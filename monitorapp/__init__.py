"""The desktop instrument for interrupted web responses."""

__version__ = "0.1.0"

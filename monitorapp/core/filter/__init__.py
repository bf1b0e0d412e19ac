"""The language of the filter."""

"""All records of all runs, in one SQLite file that outlives the app.

`writer` writes it in a thread of its own, `reader` reads it in any other, `file` opens it
and says what is wrong with it, `schema` says what is in it, `rows` turns records into rows,
and `limits` lets the oldest go.
"""

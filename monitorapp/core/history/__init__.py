"""All records of all runs, in one SQLite file that outlives the app."""

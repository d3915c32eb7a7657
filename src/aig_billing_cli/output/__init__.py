"""How answers are printed: rows of named fields, as a table for people or as JSON, JSON lines or CSV for programs.

Commands say what the rows are; nothing here knows the API. `rows` has the model, `machine` prints it for programs without importing
rich, `tables` and `terminal` for people.
"""

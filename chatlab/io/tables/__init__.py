"""Tables: rows of CSV, xlsx, Parquet and flat JSON, and which column is which."""

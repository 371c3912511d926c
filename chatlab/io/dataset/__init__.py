"""Datasets: posts of any number in Parquet, taken in from many files, counted part by part."""
